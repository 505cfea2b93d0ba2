import { relative } from 'node:path';
import type { Diff, ToolCallUpdate, ToolKind } from '@agentclientprotocol/sdk';
import { z } from 'zod';
import { plainText } from '#core/text/sanitise.ts';
import { shorten } from '#core/text/shorten.ts';

/** A tool call as it is known so far. */
export type KnownCall = ToolCallUpdate & { readonly title: string; readonly kind: ToolKind };

/** The tool calls of a session: updates say only what changed. */
export interface ToolCalls {
  /** The call with what an update says of it. */
  merge(update: ToolCallUpdate): KnownCall;
}

/** Calls that are remembered: an agent's are over long before so many came after them. */
const mostCalls = 500;

export function createToolCalls(): ToolCalls {
  const calls = new Map<string, KnownCall>();
  return {
    merge(update) {
      const before = calls.get(update.toolCallId) ?? { toolCallId: update.toolCallId, title: 'A tool', kind: 'other' };
      const said = Object.fromEntries(
        Object.entries(update).filter(([, value]) => value !== undefined && value !== null),
      );
      const call: KnownCall = { ...before, ...nameIn(update), ...said };
      calls.delete(update.toolCallId);
      calls.set(update.toolCallId, call);
      const [oldest] = calls.keys();
      if (calls.size > mostCalls && oldest !== undefined) calls.delete(oldest);
      return call;
    },
  };
}

const namedCall = z.object({ toolName: z.string().min(1) });
/** Qwen Code 0.24 and Goose name the tools of MCP servers there alone: the title of their calls is what they are given. */
const namedInMeta = z.union([namedCall, z.object({ goose: z.object({ toolCall: namedCall }) })]);

function nameIn({ _meta }: ToolCallUpdate): { readonly name?: string } {
  const { data } = namedInMeta.safeParse(_meta);
  if (data === undefined) return {};
  return { name: ('goose' in data ? data.goose.toolCall : data).toolName };
}

/** Of a call in an action row. */
const rowLength = 200;

/** What a person reads of a call while it works: the verb, and the command or file where it is known. */
export function actionOf(call: KnownCall, folder: string): { readonly text: string; readonly code?: string } {
  const verb = verbs[kindOf(call)]?.doing;
  const about = commandOf(call) ?? pathsOf(call).map((path) => insideOf(folder, path))[0];
  const title = shorten(plainText(titleOf(call), { singleLine: true }), rowLength);
  if (verb === undefined || about === undefined) return { text: title === '' ? 'Working' : title };
  return { text: verb, code: shorten(plainText(about, { singleLine: true }), rowLength) };
}

/** What nobody knows the kind of says at least what it is called. */
export function titleOf({ kind, name, title }: KnownCall): string {
  return kind !== 'other' || name == null || title.includes(name) ? title : `${name}: ${title}`;
}

/** What a call does, whatever its agent calls it: who approves a command must not be told that it only reads. */
function kindOf(call: KnownCall): ToolKind {
  return commandOf(call) === undefined ? call.kind : 'execute';
}

/** The same as a wish: what it is that a person allows. */
export function wishOf(call: KnownCall, folder: string): string {
  const { text, code } = actionOf(call, folder);
  return code === undefined ? text : `${verbs[kindOf(call)]?.wish ?? text} ${code}`;
}

const verbs: Partial<Readonly<Record<ToolKind, { readonly doing: string; readonly wish: string }>>> = {
  read: { doing: 'Reading', wish: 'Read' },
  edit: { doing: 'Editing', wish: 'Edit' },
  delete: { doing: 'Deleting', wish: 'Delete' },
  move: { doing: 'Moving', wish: 'Move' },
  search: { doing: 'Searching', wish: 'Search' },
  execute: { doing: 'Running', wish: 'Run' },
  fetch: { doing: 'Fetching', wish: 'Fetch' },
};

/** The command line of a call, where its input has one. */
export function commandOf({ rawInput }: KnownCall): string | undefined {
  const { command, cmd } = recordOf(rawInput);
  const said = command ?? cmd;
  if (typeof said === 'string') return said;
  return Array.isArray(said) && said.every((each) => typeof each === 'string') ? said.map(quoted).join(' ') : undefined;
}

/** What a command is for, where the input of its call says so, as that of Claude Code and opencode does. */
export function descriptionOf(call: KnownCall): string | undefined {
  const { description } = recordOf(call.rawInput);
  return typeof description === 'string' && commandOf(call) !== undefined ? description : undefined;
}

/** Where a command of a call would run, as its input says; absent: it says nothing. */
export function folderOf({ rawInput }: KnownCall): string | undefined {
  const { cwd, workdir, working_directory: directory } = recordOf(rawInput);
  return [cwd, workdir, directory].find((each) => typeof each === 'string' && each !== '') as string | undefined;
}

/** Every path that a call is about. */
export function pathsOf(call: KnownCall): readonly string[] {
  const { locations, rawInput } = call;
  const input = recordOf(rawInput);
  const named = pathKeys.flatMap((key) => input[key] ?? []);
  return [
    ...new Set([
      ...(locations ?? []).map(({ path }) => path),
      ...diffsOf(call).map(({ path }) => path),
      ...named.filter((each) => typeof each === 'string'),
    ]),
  ];
}

/** The changes that a call shows. */
export function diffsOf({ content }: KnownCall): readonly Diff[] {
  return (content ?? []).flatMap((each) => (each.type === 'diff' ? [each] : []));
}

/** What agents call the files in the input of a call. */
const pathKeys = [
  ...['file_path', 'filePath', 'path', 'paths', 'file', 'files', 'filename', 'notebook_path', 'abs_path', 'directory'],
  ...['source', 'destination', 'old_path', 'new_path', 'from', 'to'],
];

/** The hosts that a call wants to reach. */
export function hostsOf({ rawInput, kind }: KnownCall): readonly string[] {
  const { url } = recordOf(rawInput);
  if (typeof url !== 'string') return kind === 'fetch' ? ['an address that it does not say'] : [];
  return [URL.parse(url)?.host ?? url];
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

function quoted(argument: string): string {
  return /^[A-Za-z0-9_@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", String.raw`'\''`)}'`;
}

function insideOf(folder: string, path: string): string {
  const inside = relative(folder, path);
  return inside === '' || inside.startsWith('..') ? path : inside;
}
