import { readShell } from './shell/read-shell.ts';
import { programName, unwrap } from './shell/unwrap.ts';

/** Where programs read what they are to do, by the first word of a command. */
const declarations: Readonly<Record<string, readonly string[] | undefined>> = {
  npm: ['package.json', '.npmrc'],
  npx: ['package.json', '.npmrc'],
  pnpm: ['package.json', '.npmrc'],
  yarn: ['package.json', '.yarnrc.yml'],
  bun: ['package.json', 'bunfig.toml'],
  make: ['GNUmakefile', 'makefile', 'Makefile'],
  just: ['justfile', 'Justfile'],
  task: ['Taskfile.yml', 'Taskfile.yaml'],
  rake: ['Rakefile'],
  bundle: ['Gemfile'],
  composer: ['composer.json'],
  cargo: ['Cargo.toml', 'build.rs'],
  mvn: ['pom.xml'],
  gradle: ['build.gradle', 'build.gradle.kts', 'settings.gradle'],
  docker: ['Dockerfile', 'compose.yaml', 'compose.yml', 'docker-compose.yml', 'docker-compose.yaml'],
  pip: ['pyproject.toml', 'setup.py'],
  python: ['pyproject.toml', 'setup.py'],
  python3: ['pyproject.toml', 'setup.py'],
  'pre-commit': ['.pre-commit-config.yaml'],
};

/**
 * Files that can decide what a command does, as the command names them: its programs and arguments, and where its programs look
 * by themselves. An approval of the command is an approval of what these hold.
 */
export function decidingFiles(command: string): readonly string[] {
  const { commands, reads } = unwrap(readShell(command));
  const named = commands.flatMap(({ words }) => {
    const [program, ...args] = words;
    const declared = declarations[programName(program?.text ?? '')] ?? [];
    const given = [...(program?.text.includes('/') ? [program] : []), ...args].flatMap(({ text, dynamic }) =>
      dynamic ? [] : [text.replace(/^-[^=/.]*=?/, '')],
    );
    return [...declared, ...given];
  });
  const all = [...named, ...reads.flatMap(({ text, dynamic }) => (dynamic ? [] : [text]))];
  return [...new Set(all)]
    .filter((name) => name !== '' && !name.startsWith('~') && name.length < 1_000)
    .slice(0, mostFiles);
}

/** A command that names more is not approved for good. */
export const mostFiles = 100;
