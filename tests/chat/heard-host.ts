import type {
  ButtonPress,
  ChatHost,
  CommandDescription,
  IncomingMessage,
  InteractionReply,
  ModalSubmission,
  Reaction,
} from '#core/chat/adapter.ts';
import { quietHost } from './quiet-host.ts';

/** An application that remembers what it was told, for tests of adapters. */
export interface HeardHost extends ChatHost {
  readonly presses: readonly ButtonPress[];
  readonly submissions: readonly ModalSubmission[];
  /** What the next presses are answered with. */
  reply: InteractionReply;
  /** So many messages and arrivals can not be stored, as when the database is away. */
  failures: number;
  /** Who is asked what a kept arrival means. */
  understand: (body: unknown) => Promise<void>;
  /** Resolves when all that was kept by now is understood. */
  understood(): Promise<void>;
  /** The first reaction. */
  reaction(): Promise<Reaction>;
  /** The messages, each once, when there are that many. */
  until(count: number): Promise<readonly IncomingMessage[]>;
}

const cancel: CommandDescription = {
  name: 'cancel',
  summary: 'Stops a task',
  usage: 'cancel [#number]',
  options: [{ name: 'task', summary: 'Its number', kind: 'task', required: false }],
  say: ({ task }) => `cancel ${task ?? ''}`.trim(),
};

export function heardHost(): HeardHost {
  const accepted: IncomingMessage[] = [];
  const presses: ButtonPress[] = [];
  const submissions: ModalSubmission[] = [];
  const watchers = new Set<() => void>();
  const reacting = Promise.withResolvers<Reaction>();
  const kept = new Set<string>();
  let last: Promise<void> = Promise.resolve();
  const fail = () => {
    if (host.failures === 0) return;
    host.failures -= 1;
    throw new Error('the database is away');
  };
  const host: HeardHost = {
    ...quietHost,
    presses,
    submissions,
    reply: { kind: 'done' },
    failures: 0,
    understand: async () => undefined,
    understood: () => last,
    async keep({ key, body }) {
      fail();
      if (kept.has(key)) return;
      kept.add(key);
      const again = () => host.understand(JSON.parse(JSON.stringify(body)));
      // The real one tries for longer.
      last = last.then(() => again().catch(again)).catch(() => undefined);
    },
    async accept(message) {
      fail();
      if (accepted.some(({ externalId }) => externalId === message.externalId)) return { new: false };
      accepted.push(message);
      for (const look of watchers) look();
      return { new: true };
    },
    follows: async ({ thread }) => accepted.some((message) => message.thread.thread === thread),
    commands: () => [cancel],
    async press(press) {
      presses.push(press);
      return host.reply;
    },
    async react(reaction) {
      reacting.resolve(reaction);
      return host.reply;
    },
    reaction: () => reacting.promise,
    async submit(submission) {
      submissions.push(submission);
      return host.reply;
    },
    until(count) {
      const { promise, resolve } = Promise.withResolvers<readonly IncomingMessage[]>();
      const look = () => {
        if (accepted.length < count) return;
        watchers.delete(look);
        resolve(accepted);
      };
      watchers.add(look);
      look();
      return promise;
    },
  };
  return host;
}
