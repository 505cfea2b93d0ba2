import { setTimeout as pause } from 'node:timers/promises';
import { outputHeaders } from '../http/pages/output-headers.ts';
import { WrongUse } from './arguments.ts';
import { exitCodes } from './exit-codes.ts';
import { request } from './request.ts';
import { RequestRefused, Unreachable } from './unreachable.ts';

/** A task by its number, with the key of its page where it is a private one. */
export interface TaskPage {
  readonly number: number;
  readonly key?: string;
}

/** The task of words like `logs 12`, or `logs` with the address of its page; `undefined` where something else is said. @throws WrongUse */
export function logsAsked(words: string): TaskPage | undefined {
  const [, said] = /^logs?(?: (\S+))?$/i.exec(words) ?? ['', null];
  if (said === null) return undefined;
  const page = taskPageOf(said ?? '');
  if (page === undefined) throw new WrongUse('Say whose output: commander logs 12, or the address of the task’s page.');
  return page;
}

/** The task of an address like `/tasks/12?key=…`, or of a number alone. */
export function taskPageOf(address: string): TaskPage | undefined {
  const [, number] = /^(?:.*\/tasks\/|#?)(\d{1,9})(?:[/?]|$)/.exec(address) ?? [];
  if (number === undefined) return undefined;
  const [, key] = /[?&]key=([0-9a-f-]{36})/.exec(address) ?? [];
  return { number: Number(number), ...(key === undefined ? {} : { key }) };
}

/** How often it is looked for more, in milliseconds. */
export const lookMs = 1000;
/** A Commander that is started anew is there within seconds; who is away for a minute stays away. */
const patienceMs = 60_000;

interface Wish {
  readonly follow: boolean;
  readonly since?: string;
  readonly print: (text: string) => void;
}

/** Prints what a task put out, with `follow` until it has ended. @throws Unreachable, RequestRefused */
export async function printLogs(find: () => Promise<string>, page: TaskPage, wish: Wish): Promise<number> {
  let cursor = '';
  for (;;) {
    const query = { after: cursor, ...(wish.since === undefined ? {} : { since: wish.since }) };
    const ask = async () => askPage(await find(), page, 'output', query);
    const answer = await (cursor === '' ? ask() : whileAway(ask));
    const text = await answer.text();
    cursor = answer.headers.get(outputHeaders.cursor) ?? '';
    if (text !== '') {
      wish.print(text.replace(/\n$/, ''));
      continue;
    }
    const status = answer.headers.get(outputHeaders.status) ?? '';
    if (!wish.follow) return exitCodes.done;
    if (/^(?:completed|failed|cancelled)$/.test(status))
      return status === 'completed' ? exitCodes.done : exitCodes.refused;
    await pause(lookMs);
  }
}

/** Asks for a page of a task that is made for programs. @throws Unreachable, RequestRefused */
export async function askPage(
  url: string,
  { number, key }: TaskPage,
  page: 'state' | 'output',
  query: Readonly<Record<string, string>> = {},
): Promise<Response> {
  const words = new URLSearchParams({ ...query, ...(key === undefined ? {} : { key }) });
  try {
    return await request(`${url}/tasks/${number}/${page}?${words}`, {});
  } catch (error) {
    if (!(error instanceof RequestRefused)) throw error;
    throw new RequestRefused(
      `There is no task #${number} that can be shown. Of a private one give the address of its page, which “status ${number}” links to.`,
    );
  }
}

/** Asks again while Commander is away, as when it is started anew. @throws Unreachable when it stays away */
export async function whileAway<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  const end = Date.now() + patienceMs;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof Unreachable) || Date.now() > end) throw error;
      await pause(lookMs);
    }
  }
}
