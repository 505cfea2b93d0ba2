import type { ButtonPress, ChatAdapter, ChatHost, IncomingMessage, ModalSubmission } from '#core/chat/adapter.ts';
import { decodeAction } from '#core/chat/button.ts';
import type { Card } from '#core/chat/card.ts';
import type { Modal } from '#core/chat/modal.ts';
import { approval, report, running, understanding } from '#tests/browser/example-cards.ts';
import { quietHost } from './quiet-host.ts';

/** A bot without a database: takes messages as the real one does, and answers those that address it with a task's cards. */
export interface FakeHost extends ChatHost {
  /** Each message once, in the order of its first delivery. */
  readonly accepted: readonly IncomingMessage[];
  /** Ids of all deliveries, repeated ones too. */
  readonly deliveries: readonly string[];
  readonly presses: readonly ButtonPress[];
  readonly submissions: readonly ModalSubmission[];
  /** Resolves when that many messages have been accepted. */
  untilAccepted(count: number): Promise<void>;
  /** Resolves when every script that has begun has shown all its cards. */
  idle(): Promise<void>;
}

export interface FakeHostOptions {
  /** Where the cards go; without it the host only remembers. */
  readonly adapter?: () => ChatAdapter;
  /** Time between two cards, in milliseconds. Default: none. */
  readonly paceMs?: number;
}

export function fakeHost({ adapter, paceMs = 0 }: FakeHostOptions = {}): FakeHost {
  const accepted: IncomingMessage[] = [];
  const deliveries: string[] = [];
  const presses: ButtonPress[] = [];
  const submissions: ModalSubmission[] = [];
  const scripts = new Set<Promise<void>>();
  const watchers = new Set<() => void>();
  return {
    ...quietHost,
    accepted,
    deliveries,
    presses,
    submissions,
    async accept(message) {
      deliveries.push(message.externalId);
      if (accepted.some(({ externalId }) => externalId === message.externalId)) return { new: false };
      accepted.push(message);
      for (const check of [...watchers]) check();
      if (adapter !== undefined && message.addressed) {
        const script = playTask(adapter(), message, paceMs).finally(() => scripts.delete(script));
        scripts.add(script);
      }
      return { new: true };
    },
    follows: async (thread) => accepted.some((message) => message.thread.thread === thread.thread),
    async press(press) {
      presses.push(press);
      const verb = decodeAction(press.action)?.verb;
      if (verb === 'refine') return { kind: 'modal', modal: refineModal };
      if (verb === undefined) return { kind: 'notice', tone: 'warning', text: 'This button is from another version.' };
      return { kind: 'done' };
    },
    async submit(submission) {
      submissions.push(submission);
      if (submission.values.words?.trim() === '')
        return { kind: 'problems', problems: { words: 'Say what to change.' } };
      return { kind: 'notice', tone: 'success', text: 'Passed on.' };
    },
    suggest: async (words) =>
      ['run the tests', 'release 1.2.0', 'help']
        .filter((insert) => insert.startsWith(words))
        .map((insert) => ({ insert, label: insert, detail: 'an example' })),
    untilAccepted: (count) =>
      new Promise((resolve) => {
        const check = () => {
          if (accepted.length < count) return;
          watchers.delete(check);
          resolve();
        };
        watchers.add(check);
        check();
      }),
    idle: async () => {
      while (scripts.size > 0) await Promise.all(scripts);
    },
  };
}

const refineModal: Modal = {
  id: 'refine:a1',
  title: 'Refine',
  intro: ['Say what should be different.'],
  submit: 'Send',
  fields: [{ kind: 'text', name: 'words', label: 'What should change', multiline: true }],
};

/** A task from its understanding to its report: one status that is edited in place, an approval, files. */
async function playTask(adapter: ChatAdapter, { thread, externalId }: IncomingMessage, paceMs: number): Promise<void> {
  const since = new Date().toISOString();
  const create = (card: Card) => adapter.create(thread, card, `${externalId} ${card.key}`, 'now');
  await create(understanding);
  const status = await create(running(since));
  for (const revision of [1, 2, 3, 4]) {
    if (paceMs > 0) await new Promise((resolve) => setTimeout(resolve, paceMs));
    await adapter.edit(thread, status, tick(running(since), revision), revision, 'soon');
  }
  await create(approval);
  await create(report([]));
}

/** The same status with that many steps of its plan done. */
function tick(card: Card, done: number): Card {
  const blocks = card.blocks.map((block) =>
    block.kind !== 'plan'
      ? block
      : {
          ...block,
          steps: block.steps.map((step, index) => {
            if (index < done) return { ...step, state: 'done' as const };
            return { ...step, state: index === done ? ('running' as const) : ('pending' as const) };
          }),
        },
  );
  return { ...card, title: [{ kind: 'bold', text: 'Running' }, `, ${done} of 4 steps done`], blocks };
}
