import { setImmediate as settled } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { createTurns, type NewPost, type Turn } from './turns.ts';

const news = { urgency: 'soon', decides: false } as const;
const end = { urgency: 'now', decides: false } as const;
const decision = { urgency: 'now', decides: true } as const;

type Wish = ReturnType<NewPost['wish']>;

/** A thread in which posts are made one by one, when the test says so. */
function thread() {
  const turns = createTurns();
  const begun: string[] = [];
  const working = new Map<string, PromiseWithResolvers<void>>();
  const held = new Map<string, Turn>();

  function ask(name: string): Promise<void> {
    const work = Promise.withResolvers<void>();
    working.set(name, work);
    const taken = held.get(name)?.take(() => {
      begun.push(name);
      return work.promise;
    });
    return Promise.resolve(taken);
  }

  return {
    begun,
    offer(name: string, group: string, wish: Wish) {
      held.set(name, turns.enter('t', { group, wish: () => wish }));
      void ask(name);
    },
    async made(name: string) {
      working.get(name)?.resolve();
      await settled();
      held.get(name)?.leave();
      await settled();
    },
    async failed(name: string) {
      working.get(name)?.resolve();
      await settled();
      held.get(name)?.failed();
      await settled();
    },
    again: (name: string) => void ask(name),
  };
}

it('makes one post at a time, in the order in which they are offered', async () => {
  const { offer, made, begun } = thread();
  for (const [name, wish] of [
    ['first', news],
    ['second', end],
    ['third', news],
  ] as const)
    offer(name, 'a', wish);
  await settled();
  expect(begun).toEqual(['first']);
  for (const name of ['first', 'second', 'third']) await made(name);
  expect(begun).toEqual(['first', 'second', 'third']);
});

it('lets what a person has to decide go before the posts of other tasks, and after those of its own', async () => {
  const { offer, made, begun } = thread();
  for (const task of ['a', 'b', 'c']) offer(`report of ${task}`, task, end);
  offer('status of d', 'd', news);
  offer('approval of d', 'd', decision);
  offer('approval of b', 'b', decision);
  for (const name of ['report of a', 'report of b', 'approval of b', 'report of c', 'status of d', 'approval of d'])
    await made(name);
  expect(begun).toEqual(['report of a', 'report of b', 'approval of b', 'report of c', 'status of d', 'approval of d']);
});

it('lets an approval of another task pass all that waits', async () => {
  const { offer, made, begun } = thread();
  for (const task of ['a', 'b', 'c']) offer(`report of ${task}`, task, end);
  offer('approval of d', 'd', decision);
  for (const name of ['report of a', 'approval of d', 'report of b', 'report of c']) await made(name);
  expect(begun).toEqual(['report of a', 'approval of d', 'report of b', 'report of c']);
});

it('lets what somebody waits for pass a post that can not be made and the news behind it, and news nothing', async () => {
  const { offer, made, failed, again, begun } = thread();
  offer('output', 'a', news);
  offer('news', 'a', news);
  offer('report', 'a', end);
  offer('approval', 'a', decision);
  await failed('output');
  await made('report');
  again('output');
  await made('approval');
  await made('output');
  await made('news');
  expect(begun).toEqual(['output', 'report', 'approval', 'output', 'news']);
});
