import { readShell, type ShellReading, type SimpleCommand, type Word } from './read-shell.ts';

/** What really runs: programs that only start another one are taken off, scripts in arguments are read. */
export function unwrap(reading: ShellReading, depth = 0): ShellReading {
  const parts = reading.commands.map((command) => inner(command, depth));
  const doubts = [reading.uncertain, ...parts.map(({ uncertain }) => uncertain)].filter((each) => each !== undefined);
  return {
    commands: parts.flatMap(({ commands }) => commands),
    writes: [...reading.writes, ...parts.flatMap(({ writes }) => writes)],
    reads: [...reading.reads, ...parts.flatMap(({ reads }) => reads)],
    ...(doubts[0] === undefined ? {} : { uncertain: doubts[0] }),
  };
}

const deepest = 5;
const shells = new Set(['sh', 'bash', 'dash', 'zsh', 'ksh']);

/** Wrappers, with the options that take a value of their own. */
const wrappers: Readonly<Record<string, readonly string[] | undefined>> = {
  env: ['-u', '--unset', '-C', '--chdir'],
  nohup: [],
  time: ['-f', '-o'],
  nice: ['-n', '--adjustment'],
  timeout: ['-s', '--signal', '-k', '--kill-after'],
  command: [],
  stdbuf: ['-i', '-o', '-e'],
  xargs: ['-I', '-n', '-P', '-L', '-d', '-s', '-a', '-E'],
};

function inner(command: SimpleCommand, depth: number): ShellReading {
  const [program, ...rest] = command.words;
  const plain = { commands: [command], writes: [], reads: [] };
  if (program === undefined) return plain;
  if (depth > deepest) return { ...plain, uncertain: 'it is nested too deep' };
  if (program.dynamic) return { ...plain, uncertain: 'which program runs is known only when it runs' };
  const name = program.text.slice(program.text.lastIndexOf('/') + 1);
  if (shells.has(name)) return script(command, rest, depth);
  if (name === 'find') return found(command, rest, depth);
  const valued = wrappers[name];
  if (valued === undefined) return plain;
  const { words, assigns } = afterOptions(name, rest, valued);
  if (words.length === 0) return plain;
  // What xargs adds is known only when it runs.
  const added = name === 'xargs' ? [{ text: '', dynamic: true }] : [];
  const next = { ...command, words: [...words, ...added], assigns: [...command.assigns, ...assigns] };
  return unwrap({ commands: [next], writes: [], reads: [] }, depth + 1);
}

function afterOptions(name: string, words: readonly Word[], valued: readonly string[]) {
  const assigns: string[] = [];
  let at = 0;
  for (let word = words[at]; word !== undefined; word = words[at]) {
    if (valued.includes(word.text)) at += 2;
    else if (word.text.startsWith('-')) at += 1;
    else if (name === 'env' && /^\w+=/.test(word.text)) {
      assigns.push(word.text.slice(0, word.text.indexOf('=')));
      at += 1;
    } else break;
  }
  // The first argument of `timeout` is the time.
  return { words: words.slice(name === 'timeout' ? at + 1 : at), assigns };
}

/** `sh -c 'script'`: the script is read. A shell that reads a file or its input runs what nobody sees. */
function script(command: SimpleCommand, rest: readonly Word[], depth: number): ShellReading {
  const plain = { commands: [command], writes: [], reads: [] };
  const at = rest.findIndex(({ text }) => /^-[a-z]*c$/.test(text));
  const text = at < 0 ? undefined : rest[at + 1];
  if (text === undefined || rest.slice(0, at).some((word) => !/^-[a-z-]+$/.test(word.text))) return plain;
  if (text.dynamic) return { ...plain, uncertain: 'its script is known only when it runs' };
  return unwrap(readShell(text.text), depth + 1);
}

/** `find … -exec rm {} +` runs another program. */
function found(command: SimpleCommand, rest: readonly Word[], depth: number): ShellReading {
  const at = rest.findIndex(({ text }) => /^-(exec|execdir|ok|okdir)$/.test(text));
  const plain = { commands: [command], writes: [], reads: [] };
  if (at < 0) return plain;
  const end = rest.findIndex(({ text }, index) => index > at && (text === ';' || text === '+'));
  const words = rest
    .slice(at + 1, end < 0 ? undefined : end)
    .map((word) => (word.text.includes('{}') ? { text: '', dynamic: true } : word));
  const executed = unwrap({ commands: [{ ...command, words }], writes: [], reads: [] }, depth + 1);
  const finding = { ...command, words: [command.words[0] ?? { text: 'find', dynamic: false }, ...rest.slice(0, at)] };
  return { ...executed, commands: [finding, ...executed.commands] };
}
