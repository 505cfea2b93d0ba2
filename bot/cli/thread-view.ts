import type { Card, TaskOutcome } from '#core/chat/card.ts';
import type { ChatMessage } from '#core/chat/chat-store.ts';
import { cardLines, planLine, type Reader, richLine } from './print-card.ts';

/** What the cards of a thread were when they were read last. */
export type SeenCards = ReadonlyMap<string, ChatMessage>;

/** What a card says that it did not say before, as lines: all of it when it is new. */
export function newsOf(before: Card | undefined, after: Card, reader: Reader): readonly string[] {
  if (before === undefined) return ['', ...cardLines(after, reader)];
  const titles = [before, after].map(({ title }) => richLine(title, reader));
  const title = titles[0] === titles[1] ? [] : [titles[1] ?? ''];
  if (!after.key.startsWith('status:')) return title;
  const known = new Set(liveLines(before, reader));
  const lines = liveLines(after, reader).filter((line) => !known.has(line));
  return [...title, ...lines.map((line) => `  ${line}`)];
}

/** What changes in a status while the task is under way: its steps, and what just happened. */
function liveLines({ blocks }: Card, reader: Reader): readonly string[] {
  return blocks.flatMap((block) => {
    if (block.kind === 'plan') return block.steps.map((step) => planLine(step, reader));
    return block.kind === 'actions' ? block.actions.map(({ text }) => richLine(text, reader)) : [];
  });
}

/** The number of the task that a card of its thread is about. */
function taskOf({ key, title }: Card): number | undefined {
  const [first] = title;
  if (!/^(?:understanding|status|report):/.test(key) || typeof first !== 'object') return undefined;
  return first.kind === 'task' ? first.number : undefined;
}

/**
 * How the tasks of a thread ended, by their numbers; `undefined` for one that is under way. Only the newest round of each counts, and
 * an end that was told after the cursor `since`.
 */
export function outcomesIn(seen: SeenCards, since = 0n): ReadonlyMap<number, TaskOutcome | undefined> {
  const rounds = new Map<number, { round: number; outcome?: TaskOutcome }>();
  for (const { card, cursor } of seen.values()) {
    const number = card === undefined ? undefined : taskOf(card);
    if (card === undefined || number === undefined) continue;
    const round = Number(card.key.split(':')[1]);
    const known = rounds.get(number) ?? { round: 0 };
    if (round < known.round) continue;
    const outcome = BigInt(cursor) > since ? card.outcome : undefined;
    rounds.set(number, { round, outcome: outcome ?? (round === known.round ? known.outcome : undefined) });
  }
  return new Map([...rounds].map(([number, { outcome }]) => [number, outcome]));
}

/** Where a task has its thread that an answer speaks of; absent: it speaks of none, or of several. */
export function threadNamed({ blocks }: Card): { readonly number: number; readonly href: string } | undefined {
  const links = blocks.flatMap((block) =>
    block.kind === 'text'
      ? block.text.flatMap((piece) =>
          typeof piece === 'object' && piece.kind === 'task' && piece.href !== undefined
            ? [{ number: piece.number, href: piece.href }]
            : [],
        )
      : [],
  );
  return links.length === 1 ? links[0] : undefined;
}
