import type { InteractionReply, Suggestion } from '#core/chat/adapter.ts';
import type { ChatChannel, ChatMessage, ChatPerson } from '#core/chat/chat-store.ts';
import type { Modal } from '#core/chat/modal.ts';
import type { Target } from './state.ts';

/** A request that did not succeed: `message` can be shown as it is. `unreachable` means that no answer came. */
export class ApiProblem extends Error {
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** Longer than this (ms) without an answer counts as unreachable; a person waits in front of the page. */
const patience = 20_000;

export const whoAmI = () => call<{ person: ChatPerson | null }>('GET', '/me');
export const nameMe = (name: string) => call<{ person: ChatPerson }>('POST', '/me', { name });
export const listPeople = () => call<{ people: ChatPerson[] }>('GET', '/people');
export const listChannels = () => call<{ channels: ChatChannel[] }>('GET', '/channels');
export const addChannel = (name: string) => call<{ channel: ChatChannel }>('POST', '/channels', { name });

/** One page of a channel's top-level messages, oldest first: the newest before the message `before`. */
export function listMessages(channelId: string, before?: string): Promise<{ messages: ChatMessage[]; more: boolean }> {
  const query = new URLSearchParams({ limit: '50', ...(before === undefined ? {} : { before }) });
  return call('GET', `/channels/${encodeURIComponent(channelId)}/messages?${query}`);
}

export function readThread(rootId: string): Promise<{ messages: ChatMessage[] }> {
  return call('GET', `/threads/${encodeURIComponent(rootId)}`);
}

export interface Words {
  readonly text: string;
  readonly fileIds: readonly string[];
  /** The sender's own id for this message: sending it again changes nothing. */
  readonly key: string;
}

export function postMessage(target: Target, words: Words): Promise<{ message: ChatMessage }> {
  const path =
    target.rootId === undefined
      ? `/channels/${encodeURIComponent(target.channelId)}/messages`
      : `/threads/${encodeURIComponent(target.rootId)}/messages`;
  return call('POST', path, words);
}

export function pressButton(messageId: string, action: string): Promise<InteractionReply> {
  return call('POST', `/messages/${encodeURIComponent(messageId)}/press`, { action });
}

export function submitForm(
  messageId: string,
  { id: modalId, fields }: Modal,
  values: Readonly<Record<string, string>>,
): Promise<InteractionReply> {
  const isFile = (name: string) => fields.some((field) => field.kind === 'file' && field.name === name);
  const all = Object.entries(values);
  const body = {
    modalId,
    values: Object.fromEntries(all.filter(([name]) => !isFile(name))),
    fileIds: Object.fromEntries(
      all.flatMap(([name, ids]) => (isFile(name) ? [[name, ids.split('\n').filter((id) => id !== '')]] : [])),
    ),
  };
  return call('POST', `/messages/${encodeURIComponent(messageId)}/submit`, body);
}

export function suggest(words: string): Promise<{ suggestions: Suggestion[] }> {
  return call('GET', `/suggest?${new URLSearchParams({ words })}`);
}

/** The address of a stored file's bytes. */
export function fileAddress(file: { readonly id: string; readonly name: string }): string {
  return `/api/chat/files/${encodeURIComponent(file.id)}/${encodeURIComponent(file.name)}`;
}

/** The sentence for an error of any origin. */
export function problemOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What the server's error body says, or what the status means when there is no such body (a proxy in between). */
export function problemFrom(status: number, body: unknown): ApiProblem {
  const error = (body as { error?: { code?: unknown; message?: unknown } } | undefined)?.error;
  if (typeof error?.code === 'string' && typeof error.message === 'string')
    return new ApiProblem(error.code, error.message);
  if (status >= 500) return new ApiProblem('unreachable', `Commander is not answering properly (${status}).`);
  return new ApiProblem('refused', `Commander refused this (${status}).`);
}

async function call<Answer>(method: 'GET' | 'POST', path: string, body?: unknown): Promise<Answer> {
  const sent =
    body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
  let response: Response;
  try {
    response = await fetch(`/api/chat${path}`, { method, ...sent, signal: AbortSignal.timeout(patience) });
  } catch {
    throw new ApiProblem('unreachable', "Commander can't be reached. Is it still running?");
  }
  const answer: unknown = await response.json().catch(() => undefined);
  if (!response.ok || answer === undefined) throw problemFrom(response.status, answer);
  return answer as Answer;
}
