import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Project } from '#db/projects/projects.ts';
import { type LoadedProject, loadProject, projectNotes, type ReadyProject } from './load.ts';

let folder: string;
let place: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'commander-load-'));
  place = join(folder, 'shop');
  execFileSync('git', ['init', '--quiet', '--initial-branch=main', place]);
  await declare('one');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

function fileWith(runbook: string): string {
  return `runbooks: { ${runbook}: { summary: Does it, steps: [{ name: Do, run: 'true' }] } }\n`;
}

async function declare(runbook: string): Promise<void> {
  await writeFile(join(place, 'commander.yaml'), fileWith(runbook));
  execFileSync('git', ['add', '.'], { cwd: place });
  commit(runbook);
}

function commit(message: string): void {
  const author = ['-c', 'user.name=t', '-c', 'user.email=t@example.org', '-c', 'commit.gpgsign=false'];
  execFileSync('git', [...author, 'commit', '--quiet', '-m', message], { cwd: place });
}

function load(more: Partial<Project> = {}): Promise<LoadedProject> {
  const project: Project = {
    projectId: 'p1',
    name: 'shop',
    kind: 'repository',
    location: place,
    defaultBranch: 'main',
  };
  return loadProject(join(folder, 'home'), { ...project, ...more });
}

function runbooksOf(loaded: LoadedProject): readonly string[] {
  return loaded.ok ? Object.keys(loaded.file.runbooks) : [loaded.problem];
}

function ready(loaded: LoadedProject): ReadyProject {
  if (!loaded.ok) throw new Error(loaded.problem);
  return loaded;
}

it('reads a project anew when it has changed, and only then', async () => {
  const first = await load();
  expect(runbooksOf(first)).toEqual(['one']);
  expect(await load()).toBe(first);
  await writeFile(join(place, 'commander.yaml'), 'not committed');
  expect(await load()).toBe(first);
  await declare('two');
  expect(runbooksOf(await load())).toEqual(['two']);
});

it('says of a file that is not committed that it has to be', async () => {
  execFileSync('git', ['rm', '--quiet', '--cached', 'commander.yaml'], { cwd: place });
  commit('without it');
  expect(runbooksOf(await load())[0]).toContain('commander.yaml of shop is not committed yet');
  await rm(join(place, 'commander.yaml'));
  expect(runbooksOf(await load())[0]).toContain('shop has no commander.yaml yet');
});

it('says that it is gone, though it was known', async () => {
  const loaded = ready(await load());
  await rm(place, { recursive: true });
  expect(runbooksOf(await load())[0]).toContain(place);
  expect(await projectNotes(join(folder, 'home'), loaded)).toMatchObject({ ok: false });
});

it('keeps projects of the same place apart', async () => {
  expect((await load()).project.name).toBe('shop');
  expect((await load({ projectId: 'p2', name: 'other' })).project.name).toBe('other');
  expect((await load({ name: 'renamed' })).project.name).toBe('renamed');
});

it('sees each change of a plain folder, and in the same look what is left out of it', async () => {
  const plain = join(folder, 'plain');
  await mkdir(plain);
  const say = (runbook: string) => writeFile(join(plain, 'commander.yaml'), fileWith(runbook));
  const look = async () => ready(await load({ projectId: 'p3', kind: 'folder', location: plain }));
  await say('one');
  expect(await look()).toMatchObject({ file: { runbooks: { one: {} } }, notes: [] });
  await symlink('/etc/passwd', join(plain, 'away'));
  const loaded = await look();
  expect(loaded).toMatchObject({
    file: { runbooks: { one: {} } },
    notes: [expect.stringContaining('away is left out')],
  });
  await say('two');
  expect(runbooksOf(await look())).toEqual(['two']);
  await rm(plain, { recursive: true });
  expect(await projectNotes(join(folder, 'home'), loaded)).toEqual({ ok: true, notes: loaded.notes });
});
