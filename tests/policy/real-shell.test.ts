import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readShell } from '#core/policy/shell/read-shell.ts';
import { programName, unwrap } from '#core/policy/shell/unwrap.ts';

/** Command lines that each real shell is given; more of them where somebody has the time. */
const lines = Number(process.env.SHELL_LINES ?? 100);
/** Shells that run at once. */
const batch = 20;

let place: string;

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'commander-shell-'));
  await mkdir(join(place, 'bin'));
  await mkdir(join(place, 'work'));
  for (const name of ['ls', 'cat', 'evil']) {
    const script = join(place, 'bin', name);
    await writeFile(script, `#!/bin/sh\nprintf '%s\\n' ${name} >> "$RAN"\n`);
    await chmod(script, 0o755);
  }
});

afterAll(() => rm(place, { recursive: true, force: true, maxRetries: 5 }));

/** What a real shell starts for each of the lines. */
async function startedBy(shell: string, texts: readonly string[]): Promise<readonly string[][]> {
  const runs = texts.map(async (text, index) => {
    const ran = join(place, `ran-${shell}-${index}`);
    await writeFile(ran, '');
    const env = { PATH: join(place, 'bin'), RAN: ran, HOME: place };
    await new Promise<void>((resolve) => {
      execFile(`/bin/${shell}`, ['-c', text], { cwd: join(place, 'work'), env, timeout: 2_000 }, () =>
        resolve(),
      ).stdin?.end();
    });
    return (await readFile(ran, 'utf8')).split('\n').filter((name) => name !== '');
  });
  return Promise.all(runs);
}

/** Everything of which a shell makes something special, and words that start programs. */
const piece = fc.constantFrom(
  ...[
    'ls',
    'cat',
    'evil',
    'evil',
    'x',
    'X=1',
    "'",
    '"',
    '`',
    '\\',
    '\n',
    ' ',
    ' ',
    ' ',
    '\t',
    ';',
    '|',
    '&',
    '&&',
    '||',
  ],
  ...[
    '(',
    ')',
    '{ ',
    '; }',
    '$(',
    '${',
    '}',
    '$',
    '$((',
    '))',
    '$[',
    ']',
    '#',
    ' #',
    '>',
    '<',
    '>x',
    '<x',
    '2>&1',
    '>&',
  ],
  ...[
    '<<E\n',
    "<<'E'\n",
    '<<-E\n',
    '\nE\n',
    '\n\tE\n',
    'E',
    '<<<',
    '<(',
    '>(',
    "$'",
    '$"',
    '*',
    '[',
    '!',
    'if ',
    'then ',
  ],
  ...[
    '; fi',
    'for x in ',
    '; do ',
    '; done',
    'while ',
    'case ',
    ' in ',
    ';;',
    'esac',
    'function ',
    '()',
    '${x:-',
    '${x#',
    '~',
  ],
  ...[
    '=',
    ':',
    '\\\n',
    '{ls,evil}',
    'sh -c ',
    'eval ',
    'exec ',
    'time ',
    '-p ',
    '[[ ',
    ' ]]',
    'coproc ',
    '\r',
    '@(',
    '%',
  ],
);
const line = fc.array(piece, { minLength: 1, maxLength: 14 }).map((parts) => parts.join(''));

/** Lines in which nothing dangerous was seen, and no doubt: the ones that would run unasked. */
function harmlessLines(count: number): readonly string[] {
  const found = new Set<string>();
  while (found.size < count) {
    for (const text of fc.sample(line, 20_000)) {
      if (text.includes('evil') && !seesEvil(text)) found.add(text);
    }
  }
  return [...found].slice(0, count);
}

function seesEvil(text: string): boolean {
  const { commands, uncertain } = unwrap(readShell(text));
  return uncertain !== undefined || commands.some(({ words }) => programName(words[0]?.text ?? '') === 'evil');
}

describe.each(['sh', 'bash'])('a command line in which no “evil” was seen', (shell) => {
  it(
    `starts none in a real ${shell} either`,
    async () => {
      const texts = harmlessLines(lines);
      for (let from = 0; from < texts.length; from += batch) {
        const some = texts.slice(from, from + batch);
        for (const [index, started] of (await startedBy(shell, some)).entries())
          expect(started, JSON.stringify(some[index])).not.toContain('evil');
      }
    },
    20_000 + 50 * lines,
  );
});
