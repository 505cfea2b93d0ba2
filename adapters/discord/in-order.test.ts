import { expect, it } from 'vitest';
import { messageOrder } from './in-order.ts';

const in1 = { id: '1', channel_id: 'general' };

it('a change waits for its message, changes come in their order, and other messages do not wait', async () => {
  const order = messageOrder();
  const done: string[] = [];
  const gate = Promise.withResolvers<void>();
  const first = order.first(in1, async () => {
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
  const broken = order.first(in1, async () => {
    throw new Error('the database is away');
  });
  await expect(broken).rejects.toThrow();
  await expect(order.after('1', async () => undefined)).rejects.toThrow('away');
  await order.first(in1, async () => undefined);
  await order.after('1', async () => undefined);
});

it('messages of a place are taken in the order in which they came, though one fails; those of other places do not wait', async () => {
  const order = messageOrder();
  const done: string[] = [];
  const gate = Promise.withResolvers<void>();
  const first = order.first(in1, async () => {
    await gate.promise;
    throw new Error('the database is away');
  });
  const second = order.first({ ...in1, id: '2' }, async () => void done.push('second'));
  await order.first({ id: '3', channel_id: 'elsewhere' }, async () => void done.push('elsewhere'));
  expect(done).toEqual(['elsewhere']);
  gate.resolve();
  await expect(first).rejects.toThrow('away');
  await second;
  expect(done).toEqual(['elsewhere', 'second']);
});
