import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { type ReadTextFileRequest, RequestError, type WriteTextFileRequest } from '@agentclientprotocol/sdk';
import { type Answer, answerWish } from './answer-wish.ts';
import type { SessionHandlers } from './connect.ts';
import type { Conversation } from './conversation.ts';
import { followLinks } from './deciding.ts';
import { placeOf, readForAgent, writeForAgent } from './files.ts';
import { readWish, type Wish } from './permission.ts';
import { isSameEdit } from './same-edit.ts';
import { commandOf, type KnownCall, pathsOf } from './tool-calls.ts';

/** What an agent reads and writes through Commander, by the policy and by people like all that it asks for itself. */
export interface FileRequests extends Pick<SessionHandlers, 'onRead' | 'onWrite'> {
  /** The agent was allowed this: files that it then reads or writes for it are not asked again. */
  allowed(call: KnownCall): void;
}

/** Edits that were allowed and not made yet; an agent makes one before it asks for many others. */
const mostEdits = 20;

/** For the session of the work itself. */
export function createFileRequests(talk: Conversation): FileRequests {
  const { context, step } = talk;
  const { folder } = context;
  /** A file is asked once, however many times some lines of it are read. */
  const read = new Set<string>();
  let edits: readonly KnownCall[] = [];

  function isAbout(call: KnownCall, place: string): boolean {
    const paths = pathsOf(call);
    return paths.length > 0 && paths.every((path) => placed(folder, path) === place);
  }

  /** Uses up the edit that was allowed; each is made once. */
  function wasAllowed(place: string, before: string, after: string): boolean {
    const same = edits.find((call) => isAbout(call, place) && isSameEdit(call, before, after));
    edits = edits.filter((call) => call !== same);
    return same !== undefined;
  }

  async function wishToWrite({ path, content }: WriteTextFileRequest): Promise<Wish> {
    const wish = await readWish(callOf('edit', path), step, talk);
    if (wish.verdict.decision !== 'ask') return wish;
    const before = await readForAgent(folder, { path }).catch(() => undefined);
    const place = placed(folder, path);
    // What is there and can not be read is no new file.
    const known = before ?? (existsSync(place) ? undefined : '');
    if (before === content || (known !== undefined && wasAllowed(place, known, content))) return unasked(wish);
    const diff = { type: 'diff', path, oldText: before ?? null, newText: content } as const;
    return readWish({ ...callOf('edit', path), content: [diff] }, step, talk);
  }

  return {
    allowed(call) {
      // Of a command its words are shown, and not what else its call says.
      if (commandOf(call) !== undefined) return;
      if (call.kind === 'read') for (const path of pathsOf(call)) read.add(placed(folder, path));
      if (call.kind === 'edit') edits = [...edits, call].slice(-mostEdits);
    },
    async onRead(request, signal) {
      await placeOf(folder, request.path);
      const place = placed(folder, request.path);
      const look = async () => {
        const wish = await readWish(callOf('read', request.path), step, talk);
        return wish.verdict.decision === 'ask' && read.has(place) ? unasked(wish) : wish;
      };
      refuseUnless(await answerWish(talk, look, signal), request.path);
      read.add(place);
      return readForAgent(folder, request);
    },
    async onWrite(request, signal) {
      await placeOf(folder, request.path);
      refuseUnless(await answerWish(talk, () => wishToWrite(request), signal), request.path);
      await writeForAgent(folder, request.path, request.content);
    },
  };
}

/** For a question aside: what would have to be asked is not read. */
export async function readAside(
  { context, step, redactor }: Pick<Conversation, 'context' | 'step' | 'redactor'>,
  request: ReadTextFileRequest,
): Promise<string> {
  const { verdict } = await readWish(callOf('read', request.path), step, { context, redactor });
  if (verdict.decision !== 'allow') refuseUnless({ is: 'denied', why: verdict.reason }, request.path);
  return readForAgent(context.folder, request);
}

function callOf(kind: 'read' | 'edit', path: string): KnownCall {
  return { toolCallId: kind, title: path, kind, locations: [{ path }] };
}

function placed(folder: string, path: string): string {
  return followLinks(resolve(folder, path));
}

function unasked(wish: Wish): Wish {
  return { ...wish, verdict: { ...wish.verdict, decision: 'allow' } };
}

function refuseUnless(answer: Answer, path: string): void {
  if (answer.is === 'allowed') return;
  const why =
    answer.is === 'denied' ? `it is denied${answer.why === '' ? '' : `: ${answer.why}`}` : 'nobody has decided yet';
  throw RequestError.invalidParams({ path }, `${path}: ${why}. Do not try it in another way`);
}
