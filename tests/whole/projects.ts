import { execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** A runbook file that lists what came with the request, and one step that writes a file. */
export const plainProjectFile = `
runbooks:
  note:
    summary: Writes a note
    steps:
      - name: Write
        command: sh
        args: ['-c', 'echo written > NOTE.txt']
        approve: false
        reversible: true
`;

/** Makes a folder of files; the keys are paths. */
export async function makeFolder(folder: string, files: Readonly<Record<string, string>>): Promise<string> {
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  return folder;
}

/** The same as a repository with one commit on `main`. */
export async function makeRepository(folder: string, files: Readonly<Record<string, string>>): Promise<string> {
  await makeFolder(folder, files);
  gitIn(folder, 'init', '-q', '-b', 'main');
  commitAll(folder, 'First');
  return folder;
}

/** Commits everything that is in a repository. */
export function commitAll(folder: string, message: string): void {
  gitIn(folder, 'add', '-A');
  gitIn(folder, '-c', 'user.name=Ola', '-c', 'user.email=ola@example.org', 'commit', '-q', '-m', message);
}

/** What git says, as a person runs it. */
export function gitIn(folder: string, ...commandLine: readonly string[]): string {
  return execFileSync('git', commandLine, { cwd: folder, encoding: 'utf8' }).trim();
}
