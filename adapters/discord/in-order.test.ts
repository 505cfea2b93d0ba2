import { expect, it } from 'vitest';
import { messageOrder } from './in-order.ts';

it('a change waits for its message, changes come in their order, and other messages do not wait', async () => {
  const order = messageOrder();
  const done: string[] = [];
  const gate = Promise.withResolvers<void>();
  const first = order.first('1', async () => {
    await gate.promise;
    done.push('taken');
  });
  const changes = ['one', 'two'].map((name) => order.after('1', async () => void done.push(name)));
  await order.after('2', async () => void done.push('other'));
  expect(done).toEqual(['other']);
  gate.resolve();
  await Promise.all([first, ...changes]);
  expect(done).toEqual(['other', 'taken', 'one', 'two']);
});

it('a change of a message that could not be taken fails until it is taken', async () => {
  const order = messageOrder();
  const broken = order.first('1', async () => {
    throw new Error('the database is away');
  });
  await expect(broken).rejects.toThrow();
  await expect(order.after('1', async () => undefined)).rejects.toThrow('away');
  await order.first('1', async () => undefined);
  await order.after('1', async () => undefined);
});
