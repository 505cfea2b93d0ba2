import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { type AnswersFirst, createAnswersFirst, longestMs, paceMs, restMs } from './answers-first.ts';

let answersFirst: AnswersFirst;
let begun: string[];

beforeEach(() => {
  vi.useFakeTimers();
  answersFirst = createAnswersFirst();
  begun = [];
});
afterEach(() => void vi.useRealTimers());

const begin = (name: string) => void answersFirst.turn().then(() => begun.push(name));
const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds);

/** Somebody who waits for an answer until `the result is called. */
function asked(): () => Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const answered = answersFirst.answer(() => promise);
  return () => {
    resolve();
    return answered;
  };
}

it('lets work begin at once when nobody waits', async () => {
  begin('work');
  await pass(0);
  expect(begun).toEqual(['work']);
});

it('lets no other work begin while somebody waits, and until nobody has come for a while', async () => {
  const give = asked();
  begin('work');
  await pass(1);
  await give();
  await pass(restMs - 2);
  await asked()();
  await pass(restMs - 1);
  expect(begun).toEqual([]);
  await pass(1);
  expect(begun).toEqual(['work']);
});

it('lets one piece after the other begin though people come all the time, and none wait for longer than the longest wait', async () => {
  asked();
  const many = Array.from({ length: longestMs / paceMs + 10 }, (_, index) => `piece ${index}`);
  for (const name of many) begin(name);
  await pass(paceMs - 1);
  expect(begun).toEqual([]);
  await pass(1);
  expect(begun).toEqual(many.slice(0, 1));
  await pass(paceMs);
  expect(begun).toEqual(many.slice(0, 2));
  await pass(longestMs);
  expect(begun).toEqual(many);
});

it('lets pieces of work begin in order and apart, so that who comes between two goes before the second', async () => {
  const give = asked();
  for (const name of ['first', 'second', 'third']) begin(name);
  await give();
  await pass(restMs);
  expect(begun).toEqual(['first']);
  const later = asked();
  await pass(restMs);
  expect(begun).toEqual(['first']);
  await later();
  await pass(restMs + 2);
  expect(begun).toEqual(['first', 'second', 'third']);
});

it('hands on what the answer is, and what went wrong, and goes on after both', async () => {
  expect(await answersFirst.answer(async () => 'here')).toBe('here');
  await expect(answersFirst.answer(() => Promise.reject(new Error('away')))).rejects.toThrow('away');
  begin('work');
  await pass(restMs);
  expect(begun).toEqual(['work']);
});
