import type { ChatMessage } from '#core/chat/chat-store.ts';
import type { Asked } from './arguments.ts';
import type { Changes } from './changes.ts';
import type { ChatClient } from './chat-client.ts';
import { exitCodes } from './exit-codes.ts';
import { type Followed, followTasks } from './follow.ts';
import { followElsewhere } from './follow-elsewhere.ts';
import { type TaskPage, taskPageOf } from './logs.ts';
import { findButton, howToPress, offerButtons, pressButton } from './press.ts';
import { pressable } from './print-card.ts';
import type { Terminal } from './terminal.ts';
import { newsOf, outcomesIn, threadNamed } from './thread-view.ts';
import { Unreachable } from './unreachable.ts';

/** What was asked for stands in the chat and is answered; on a busy machine, or for a repository that is fetched first, later. */
const answerMs = 60_000;
/** Cards of one answer come one right after the other. */
const togetherMs = 300;

export interface Conversation {
  readonly client: ChatClient;
  readonly changes: Changes;
  readonly asked: Asked;
  readonly terminal: Terminal;
}

/** Says what was asked, prints the answer, and follows the task where that is wanted; the exit code. */
export async function converse(client: ChatClient, asked: Asked, terminal: Terminal): Promise<number> {
  const changes = await client.changes();
  const talk = { client, changes, asked, terminal };
  try {
    if (asked.press !== undefined) return await press(talk, asked.press, asked.thread ?? '');
    return await say(talk);
  } finally {
    changes.close();
  }
}

async function press(
  { client, asked, terminal, changes }: Conversation,
  label: string,
  thread: string,
): Promise<number> {
  const messages = await client.thread(thread);
  const done = await pressButton(client, findButton(messages, label), terminal);
  if (!done || !asked.follow) return done ? exitCodes.done : exitCodes.refused;
  return followTasks(
    { client, changes, asked, terminal },
    { thread: rootOf(messages[0], thread), since: BigInt(changes.cursor) },
  );
}

async function say(talk: Conversation): Promise<number> {
  const { client, asked, terminal, changes } = talk;
  const fileIds = await Promise.all(asked.files.map((path) => client.upload(path)));
  const message = { text: `@commander ${asked.words}`.trim(), fileIds };
  const said =
    asked.thread === undefined ? await client.say(asked.channel, message) : await client.reply(asked.thread, message);
  const thread = rootOf(said, said.id);
  const answers = await answersIn(changes, thread);
  const address = `${client.url}/c/${said.channelId}/${thread}`;
  if (answers.length === 0)
    throw new Unreachable(
      `Nothing answered within ${answerMs / 1000} s. What was said is kept and will be: ${address}`,
    );
  if (asked.json && !asked.follow) terminal.print(JSON.stringify({ messages: [said, ...answers] }));
  else printAnswers(talk, [said, ...answers], address);
  const chosen = await choose(talk, answers);
  if (chosen === false) return exitCodes.refused;
  if (asked.follow) {
    const followed = whatToFollow(talk, { thread, answers });
    if (followed !== undefined && 'thread' in followed) return followTasks(talk, followed);
    if (followed !== undefined) return followElsewhere(client.find, followed, terminal.print);
  }
  return chosen || !answers.some(isRefusal) ? exitCodes.done : exitCodes.refused;
}

/** What Commander answers in a thread, until it says no more. */
async function answersIn(changes: Changes, thread: string): Promise<readonly ChatMessage[]> {
  const answers = new Map<string, ChatMessage>();
  const first = Date.now() + answerMs;
  let end = first;
  for (let now = Date.now(); now < end; now = Date.now()) {
    const message = await changes.next(end - now);
    if (message?.author !== 'commander' || message.rootId !== thread) continue;
    answers.set(message.id, message);
    if (end === first) end = Date.now() + togetherMs;
  }
  return [...answers.values()];
}

function printAnswers(
  { client, asked, terminal }: Conversation,
  messages: readonly ChatMessage[],
  address: string,
): void {
  const reader = { url: client.url, now: Date.now() };
  for (const message of messages) {
    if (asked.json) terminal.print(JSON.stringify(message));
    else if (message.card !== undefined)
      for (const line of newsOf(undefined, message.card, reader)) terminal.print(line);
  }
  if (asked.json) return;
  const tasks = [...outcomesIn(new Map(messages.map((message) => [message.id, message]))).keys()];
  const labels = messages.flatMap(({ card }) => (card === undefined ? [] : pressable(card).map(({ label }) => label)));
  if (labels.length > 0 && terminal.ask === undefined) terminal.print(howToPress(labels, rootOf(messages[0], '')));
  if (tasks.length > 0) terminal.print(`Thread: ${address}`);
  if (tasks.length > 0 && !asked.follow) terminal.print(`Follow it: commander status ${tasks[0]} --follow`);
}

/** At a terminal the buttons of an answer are offered: whether one was pressed and did what it says. */
async function choose(
  { client, asked, terminal }: Conversation,
  answers: readonly ChatMessage[],
): Promise<boolean | undefined> {
  const offering = answers.find(
    (message) => isReply(message) && message.card !== undefined && pressable(message.card).length > 0,
  );
  return asked.json || offering === undefined ? undefined : offerButtons(client, offering, terminal);
}

/** The tasks of the thread, else the one that the answer speaks of, by its page where its thread is on another platform. */
function whatToFollow(
  { changes }: Conversation,
  { thread, answers }: { readonly thread: string; readonly answers: readonly ChatMessage[] },
): Followed | TaskPage | undefined {
  if (answers.some((message) => !isReply(message))) return { thread, since: 0n, seen: answers };
  const named = answers.flatMap(({ card }) => (card === undefined ? [] : (threadNamed(card) ?? [])))[0];
  if (named === undefined) return undefined;
  const id = /\/c\/[^/]+\/([0-9a-f-]{36})$/.exec(named.href)?.[1];
  if (id === undefined) return taskPageOf(named.href) ?? { number: named.number };
  // What was just done to it leads to another end than the one that stands there.
  const changed = answers.some(({ card }) => card?.tone === 'success');
  return { thread: id, number: named.number, since: changed ? BigInt(changes.cursor) : 0n };
}

/** A card that answers a message, and none of a task. */
function isReply({ card }: ChatMessage): boolean {
  return card !== undefined && /^\d+:/.test(card.key);
}

/** Whether an answer says that nothing was begun or done. */
function isRefusal(message: ChatMessage): boolean {
  const { card } = message;
  if (card === undefined || !isReply(message)) return false;
  const kind = card.key.replace(/^\d+:/, '');
  if (kind === 'notice') return card.tone === 'warning' || card.tone === 'danger';
  return kind === 'unknown' || kind === 'which' || (kind === 'question' && card.tone === 'waiting');
}

function rootOf(message: ChatMessage | undefined, otherwise: string): string {
  return message?.rootId ?? message?.id ?? otherwise;
}
