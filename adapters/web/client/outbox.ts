import type { ChatFile, ChatMessage } from '#core/chat/chat-store.ts';
import { ApiProblem, postMessage, problemOf } from './api.ts';
import { moment, takeAnswer } from './messages.ts';
import { change, chatState, type Outgoing, type Target, targetKey } from './state.ts';

const storageKey = 'commander.outgoing';

/** One message at a time per channel or thread, so that they arrive in the order of writing. */
const lines = new Map<string, Promise<void>>();

/** Sends words: they are shown at once, and stay, marked as not sent, when sending fails. Gives the stored message if it did not. */
export async function send(target: Target, text: string, files: readonly ChatFile[]): Promise<ChatMessage | undefined> {
  const at = new Date().toISOString();
  const outgoing: Outgoing = { key: randomKey(), target, text, files, at, status: 'sending' };
  setOutgoing([...chatState().outgoing, outgoing]);
  return deliver(outgoing);
}

/** Sends a failed message again, under its old key: if the server had it all along, nothing is doubled. */
export function sendAgain(outgoing: Outgoing): Promise<ChatMessage | undefined> {
  replace(outgoing.key, { ...outgoing, status: 'sending', problem: undefined });
  return deliver(outgoing);
}

export function discard(key: string): void {
  setOutgoing(chatState().outgoing.filter((outgoing) => outgoing.key !== key));
}

/** Sends what failed for want of a connection, once there is one again. */
export async function sendLeftovers(): Promise<void> {
  const left = chatState().outgoing.filter(({ status, offline }) => status === 'failed' && offline);
  await Promise.all(left.map(sendAgain));
}

/** Takes up what a reload interrupted: nobody knows whether it arrived, and the key makes asking again safe. */
export function loadOutgoing(): void {
  const stored = sessionStorage.getItem(storageKey);
  if (stored === null) return;
  const outgoing = (JSON.parse(stored) as Outgoing[]).map(
    (one): Outgoing => ({
      ...one,
      status: 'failed',
      offline: true,
      problem: one.problem ?? 'The page was closed meanwhile.',
    }),
  );
  change({ outgoing });
}

function setOutgoing(outgoing: readonly Outgoing[]): void {
  change({ outgoing });
  sessionStorage.setItem(storageKey, JSON.stringify(outgoing));
}

function deliver(outgoing: Outgoing): Promise<ChatMessage | undefined> {
  const line = targetKey(outgoing.target);
  const turn = (lines.get(line) ?? Promise.resolve()).then(() => post(outgoing));
  lines.set(
    line,
    turn.then(() => undefined),
  );
  return turn;
}

async function post({ key, target, text, files }: Outgoing): Promise<ChatMessage | undefined> {
  try {
    const asked = moment();
    const { message } = await postMessage(target, { text, fileIds: files.map(({ id }) => id), key });
    takeAnswer([message], asked);
    discard(key);
    return message;
  } catch (error) {
    const offline = error instanceof ApiProblem && error.code === 'unreachable';
    const failed = { status: 'failed', offline, problem: problemOf(error) } as const;
    if (error instanceof ApiProblem && error.code === 'who_are_you') change({ dialog: 'name' });
    const current = chatState().outgoing.find((one) => one.key === key);
    if (current !== undefined) replace(key, { ...current, ...failed });
    return undefined;
  }
}

function replace(key: string, next: Outgoing): void {
  setOutgoing(chatState().outgoing.map((one) => (one.key === key ? next : one)));
}

/** `crypto.randomUUID` is missing on plain http (a phone in the same network); 128 random bits in hexadecimal do the same. */
function randomKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
