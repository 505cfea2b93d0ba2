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

/** A program by the name that the policy knows it by: as it is found on the path, or in a folder of the system. */
export function programName(text: string): string {
  return /^\/(?:usr\/(?:local\/)?)?s?bin\/([^/]+)$/.exec(text)?.[1] ?? text;
}

const deepest = 5;
const shells = new Set(['sh', 'bash', 'dash', 'zsh', 'ksh']);

/** A program that starts another one: its options, with a value of their own and without. With any other option it is no wrapper. */
interface Wrapper {
  readonly valued?: RegExp;
  readonly plain?: RegExp;
}

const wrappers: Readonly<Record<string, Wrapper | undefined>> = {
  env: { valued: /^(-u|--unset)$/, plain: /^(-|-i|--ignore-environment|--unset=\w+)$/ },
  nohup: {},
  time: { plain: /^-p$/ },
  nice: { valued: /^(-n|--adjustment)$/, plain: /^(-\d+|-n-?\d+|--adjustment=-?\d+)$/ },
  timeout: {
    valued: /^(-s|--signal|-k|--kill-after)$/,
    plain: /^(--preserve-status|--foreground|-v|--verbose|--signal=\w+|--kill-after=[\d.]+\w?|-k[\d.]+\w?|-s\w+)$/,
  },
  command: { plain: /^-p$/ },
  stdbuf: { valued: /^-[ioe]$/, plain: /^(-[ioe][L0-9]\w*)$/ },
  xargs: { valued: /^-[InPLdsE]$/, plain: /^(-0|--null|-r|--no-run-if-empty|-t|--verbose|-[nPL]\d+)$/ },
};

function inner(command: SimpleCommand, depth: number): ShellReading {
  const [program, ...rest] = command.words;
  const plain = { commands: [command], writes: [], reads: [] };
  if (program === undefined) return plain;
  if (depth > deepest) return { ...plain, uncertain: 'it is nested too deep' };
  if (program.dynamic || program.glob) return { ...plain, uncertain: 'which program runs is known only when it runs' };
  const name = programName(program.text);
  if (shells.has(name)) return script(command, rest, depth);
  if (name === 'find') return found(command, program, depth);
  const wrapper = wrappers[name];
  if (wrapper === undefined) return plain;
  const taken = afterOptions(name, rest, wrapper);
  if (taken === undefined || taken.words.length === 0) return plain;
  const words = name === 'xargs' ? withInput(taken.words, taken.options) : taken.words;
  const next = { ...command, words, assigns: [...command.assigns, ...taken.assigns] };
  return unwrap({ commands: [next], writes: [], reads: [] }, depth + 1);
}

interface Taken {
  readonly words: readonly Word[];
  readonly options: readonly Word[];
  readonly assigns: readonly string[];
}

/** The command that a wrapper starts; `undefined` when the wrapper is told something that the policy does not know. */
function afterOptions(name: string, words: readonly Word[], { valued, plain }: Wrapper): Taken | undefined {
  const assigns: string[] = [];
  let at = 0;
  for (let word = words[at]; word !== undefined; word = words[at]) {
    if (word.dynamic) return undefined;
    if (valued?.test(word.text)) at += 2;
    else if (plain?.test(word.text)) at += 1;
    else if (name === 'env' && /^\w+=/.test(word.text)) {
      assigns.push(word.text.slice(0, word.text.indexOf('=')));
      at += 1;
    } else break;
  }
  if (words[at]?.text.startsWith('-')) return undefined;
  const options = words.slice(0, at);
  // The first argument of `timeout` is the time.
  return { words: words.slice(name === 'timeout' ? at + 1 : at), options, assigns };
}

/** What xargs adds is known only when it runs: at the end, or wherever its mark stands, also in the middle of a script. */
function withInput(words: readonly Word[], options: readonly Word[]): readonly Word[] {
  const at = options.findIndex(({ text }) => text === '-I');
  const mark = at < 0 ? undefined : options[at + 1]?.text;
  if (mark === undefined) return [...words, { text: '', dynamic: true }];
  return words.map((word) => (mark === '' || word.text.includes(mark) ? { ...word, dynamic: true } : word));
}

/** `sh -c 'script'`: the script is read. A shell that reads a file or its input runs what nobody sees. */
function script(command: SimpleCommand, rest: readonly Word[], depth: number): ShellReading {
  const plain = { commands: [command], writes: [], reads: [] };
  const [options, text] = rest;
  if (options === undefined || text === undefined || !/^-[elux]*c$/.test(options.text)) return plain;
  if (text.dynamic || text.glob) return { ...plain, uncertain: 'its script is known only when it runs' };
  const read = unwrap(readShell(text.text), depth + 1);
  // What is set for the shell holds for all that it starts.
  const sets = command.assigns.length === 0 ? [] : [{ ...command, words: [] }];
  return { ...read, commands: [...sets, ...read.commands] };
}

/** `find … -exec rm {} +` runs another program; it may do so more than once. */
function found(command: SimpleCommand, program: Word, depth: number): ShellReading {
  const rest = command.words.slice(1);
  const at = rest.findIndex(({ text }) => /^-(exec|execdir|ok|okdir)$/.test(text));
  const plain = { commands: [command], writes: [], reads: [] };
  if (at < 0) return plain;
  if (depth > deepest) return { ...plain, uncertain: 'it is nested too deep' };
  const closes = ({ text }: Word, index: number) =>
    index > at && (text === ';' || (text === '+' && rest[index - 1]?.text === '{}'));
  const end = rest.findIndex(closes);
  const words = rest
    .slice(at + 1, end < 0 ? undefined : end)
    .map((word) => (word.text.includes('{}') ? { ...word, dynamic: true } : word));
  const others = [...rest.slice(0, at), ...(end < 0 ? [] : rest.slice(end + 1))];
  const finding = found({ ...command, words: [program, ...others] }, program, depth + 1);
  const executed = unwrap({ commands: [{ ...command, words }], writes: [], reads: [] }, depth + 1);
  const uncertain = executed.uncertain ?? finding.uncertain;
  return {
    commands: [...finding.commands, ...executed.commands],
    writes: [...finding.writes, ...executed.writes],
    reads: [...finding.reads, ...executed.reads],
    ...(uncertain === undefined ? {} : { uncertain }),
  };
}
