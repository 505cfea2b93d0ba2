import { openAsBlob } from 'node:fs';
import { basename } from 'node:path';
import type { InteractionReply } from '#core/chat/adapter.ts';
import type { ChatFile, ChatMessage } from '#core/chat/chat-store.ts';
import { WrongUse } from './arguments.ts';
import { type Changes, openChanges } from './changes.ts';
import { request } from './request.ts';

/** What the web chat's HTTP API does for the command line. All throw Unreachable or RequestRefused. */
export interface ChatClient {
  /** Where Commander is, no slash at the end. */
  readonly url: string;
  /** Looks anew where Commander is: a new start has a new port. */
  readonly find: () => Promise<string>;
  /** Says something in a new thread of a channel, by its name. */
  say(channel: string, message: NewMessage): Promise<ChatMessage>;
  reply(thread: string, message: NewMessage): Promise<ChatMessage>;
  /** Uploads a file of this machine; its id. @throws WrongUse when it can not be read */
  upload(path: string): Promise<string>;
  thread(id: string): Promise<readonly ChatMessage[]>;
  press(messageId: string, action: string): Promise<InteractionReply>;
  submit(
    messageId: string,
    form: { readonly modalId: string; readonly values: Readonly<Record<string, string>> },
  ): Promise<InteractionReply>;
  /** What is new or changed from now on. */
  changes(): Promise<Changes>;
}

export interface NewMessage {
  readonly text: string;
  readonly fileIds: readonly string[];
}

/** Time that Commander gets to answer a request, in milliseconds: it stores and answers, the work comes after. */
const answerMs = 30_000;

/** Speaks to the Commander that `find` finds, as that person. It is looked for again where a stream is lost: a new start has a new port. */
export async function openClient(find: () => Promise<string>, person: string): Promise<ChatClient> {
  const url = await find();
  const who = { 'commander-person': encodeURIComponent(person) };

  async function call<Answer>(path: string, init: RequestInit = {}): Promise<Answer> {
    const response = await request(`${url}/api/chat${path}`, {
      ...init,
      headers: { ...who, ...init.headers },
      signal: AbortSignal.timeout(answerMs),
    });
    return (await response.json()) as Answer;
  }

  const send = <Answer>(path: string, body: object) =>
    call<Answer>(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  return {
    url,
    find,
    say: async (channel, message) =>
      (await send<{ message: ChatMessage }>(`/channels/${encodeURIComponent(channel)}/messages`, message)).message,
    reply: async (thread, message) =>
      (await send<{ message: ChatMessage }>(`/threads/${thread}/messages`, message)).message,
    async upload(path) {
      const body = await openAsBlob(path).catch(() => {
        throw new WrongUse(`The file ${path} can not be read. Nothing was said.`);
      });
      const name = encodeURIComponent(basename(path));
      return (await call<{ file: ChatFile }>(`/files?name=${name}`, { method: 'POST', body })).file.id;
    },
    thread: async (id) => (await call<{ messages: readonly ChatMessage[] }>(`/threads/${id}`)).messages,
    press: (messageId, action) => send(`/messages/${messageId}/press`, { action }),
    submit: (messageId, form) => send(`/messages/${messageId}/submit`, form),
    changes: () => openChanges(async (again) => `${again ? await find() : url}/api/chat/events`),
  };
}
