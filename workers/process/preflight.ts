import { closeSync, constants, openSync, readSync, statSync } from 'node:fs';
import { delimiter, resolve } from 'node:path';
import { isExecutable } from './executable.ts';

/** Where a command was found, or why it can't be started and what to do about it. */
export type Preflight = { readonly path: string } | { readonly problem: string };

/**
 * Looks a command up as a shell would: a name with a slash from the working directory, any other in PATH. Inside a namespace a
 * failure to start would show as an ordinary exit code, so what can be known is found out before.
 */
export function preflight(command: string, cwd: string, path: string): Preflight {
  const folder = kindOf(cwd);
  if (folder === 'nothing')
    return { problem: `The working directory ${cwd} does not exist. Check \`cwd\` of the step.` };
  if (folder !== 'folder') return { problem: `The working directory ${cwd} is no folder. Check \`cwd\` of the step.` };
  if (command === '') return { problem: 'The command is empty. Say in the step which program to run.' };
  return command.includes('/') ? byPath(command, cwd) : byName(command, cwd, path);
}

function byPath(command: string, cwd: string): Preflight {
  const path = resolve(cwd, command);
  const kind = kindOf(path);
  if (kind === 'nothing')
    return { problem: `The program ${command} does not exist in ${cwd}. Check its spelling and \`cwd\`.` };
  if (kind === 'folder') return { problem: `${command} is a folder, no program. Name the program inside it.` };
  if (!isExecutable(path)) {
    return {
      problem: `The file ${command} is not executable. Run \`chmod +x ${command}\`, or start it with its interpreter.`,
    };
  }
  return withInterpreter(command, path);
}

function byName(command: string, cwd: string, path: string): Preflight {
  const places = path.split(delimiter).filter((folder) => folder !== '');
  const files = places.map((folder) => resolve(cwd, folder, command)).filter((file) => kindOf(file) === 'file');
  const found = files.find(isExecutable);
  if (found) return withInterpreter(command, found);
  if (files[0])
    return {
      problem: `The program ${command} (${files[0]}) is not executable for the worker's user. Run \`chmod +x\`.`,
    };
  return {
    problem: `The program ${command} was not found. Install it on the worker, or write its full path. Searched: ${places.join(', ')}.`,
  };
}

/** A script whose first line names a missing program fails as "not found", though the script is there: say which one. */
function withInterpreter(command: string, path: string): Preflight {
  const interpreter = /^#![ \t]*([^ \t\n]+)/.exec(firstBytes(path))?.[1];
  if (!interpreter || kindOf(interpreter) === 'file') return { path };
  if (interpreter.endsWith('\r')) {
    return {
      problem: `The script ${command} has Windows line ends, so it can't start. Save it with \`LF\` line ends.`,
    };
  }
  return {
    problem: `The script ${command} names ${interpreter} in its first line, which does not exist here. Install or correct it.`,
  };
}

/** The kernel reads no more than this of a script's first line (BINPRM_BUF_SIZE). */
const FIRST_BYTES = 256;

function firstBytes(path: string): string {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    // Executable but not readable: a program can be, a script can't, and then the start says so.
    return '';
  }
  try {
    const bytes = Buffer.alloc(FIRST_BYTES);
    return bytes.toString('latin1', 0, readSync(file, bytes, 0, FIRST_BYTES, 0));
  } finally {
    closeSync(file);
  }
}

function kindOf(path: string): 'file' | 'folder' | 'other' | 'nothing' {
  try {
    const stats = statSync(path);
    if (stats.isDirectory()) return 'folder';
    return stats.isFile() ? 'file' : 'other';
  } catch {
    // Missing, behind a folder that is closed to us, a name that no file can have: it can't be started from there.
    return 'nothing';
  }
}
