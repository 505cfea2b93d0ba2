import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { IncomingMessage, MessageChange } from '#core/chat/adapter.ts';
import type { Role } from '#core/policy/roles.ts';
import { type TestDatabase, testDatabase } from '#tests/database.ts';
import { type Database, openDatabase } from '../database.ts';
import { newId } from '../id.ts';
import { amendMessage } from './amend.ts';
import { acceptMessage, dueMessages, ensureMember, finishMessage, followsThread, readMessage } from './inbox.ts';

let database: TestDatabase;
let db: Database;

beforeAll(async () => {
  database = await testDatabase();
  db = await openDatabase({ url: database.url, application: 'test', role: 'bot', log: pino({ level: 'silent' }) });
});
afterAll(async () => {
  await db.close();
  await database.drop();
});

function said(text: string, thread = newId()): IncomingMessage {
  const address = { platform: 'slack', channel: 'T1/C1', thread };
  const sender = { externalId: 'T1/U1', name: 'ben' };
  return {
    externalId: `T1/C1/${newId()}`,
    thread: address,
    sender,
    text,
    files: [],
    addressed: true,
    opensThread: true,
  };
}

async function handed(text: string) {
  const messages = await Promise.all((await dueMessages(db, 1000)).map(({ id }) => readMessage(db, id)));
  return messages.filter((message) => message?.body.text === text);
}

it('takes a message once, though it comes often and at once, and many beside it', async () => {
  const message = said('once');
  const others = Array.from({ length: 20 }, (_, index) => said(`other ${index}`));
  const taken = await Promise.all(
    [message, ...others, message, message].map((each) => acceptMessage(db, each, 'admin')),
  );
  expect(taken.filter((each) => each.new)).toHaveLength(1 + others.length);
  expect((await acceptMessage(db, message, 'admin')).new).toBe(false);
  expect(await handed('once')).toMatchObject([{ thread: message.thread, sender: { name: 'ben', role: 'admin' } }]);
});

it('hands messages over in the order in which they came, also of one batch', async () => {
  const words = Array.from({ length: 30 }, (_, index) => `in order ${index}`);
  await Promise.all(words.map((each) => acceptMessage(db, said(each), 'admin')));
  const messages = await Promise.all((await dueMessages(db, 1000)).map(({ id }) => readMessage(db, id)));
  expect(messages.flatMap((each) => (each?.body.text.startsWith('in order') ? [each.body.text] : []))).toEqual(words);
});

it('takes people in turn: nobody waits behind all that another one says', async () => {
  const by = (externalId: string, text: string) => ({ ...said(text), sender: { externalId, name: externalId } });
  const flood = Array.from({ length: 60 }, (_, index) => by('T1/LOUD', `flood ${index}`));
  await Promise.all(flood.map((each) => acceptMessage(db, each, 'admin')));
  for (const words of ['one word', 'another word']) await acceptMessage(db, by('T1/CALM', words), 'admin');
  const heard = async () => {
    const messages = await Promise.all((await dueMessages(db, 12)).map(({ id }) => readMessage(db, id)));
    return messages.map((message) => message?.body.text);
  };
  expect(await heard()).toEqual(expect.arrayContaining(['one word', 'another word']));
  // Whoever was heard is known by his row from then on, and has his turn all the same.
  expect(await heard()).toEqual(expect.arrayContaining(['one word', 'another word']));
});

it('takes what Postgres does not take as text', async () => {
  await acceptMessage(db, said('a\0b\ud800c'), 'admin');
  expect(await handed('ab\ufffdc')).toHaveLength(1);
});

it('follows a thread from the moment in which something said there is taken', async () => {
  const message = said('follow me');
  expect(await followsThread(db, message.thread)).toBe(false);
  await acceptMessage(db, message, 'admin');
  expect(await followsThread(db, message.thread)).toBe(true);
  await handed('follow me');
  expect(await followsThread(db, message.thread)).toBe(true);
});

const amended = (change: MessageChange) => db.transaction((trx) => amendMessage(trx, change));

it('lets its author, and nobody else, change a message that nobody has looked at yet', async () => {
  const message = said('before an edit');
  await acceptMessage(db, message, 'admin');
  const change = { platform: 'slack', externalId: message.externalId, text: 'changed' };
  expect(await amended({ ...change, sender: { externalId: 'T1/U2', name: 'eve' } })).toBeUndefined();
  expect(await handed('before an edit')).toHaveLength(1);
  expect(await amended({ ...change, sender: message.sender })).toMatchObject({ handled: false });
  expect(await handed('changed')).toHaveLength(1);
});

it.each([
  [
    'with the newest edit, in whatever order they come',
    [
      ['new', 2],
      ['old', 1],
    ],
    ['new'],
  ],
  [
    'with the first one where the same comes again',
    [
      ['new', 2],
      ['again', 2],
    ],
    ['new'],
  ],
  [
    'with a later edit',
    [
      ['old', 1],
      ['new', 2],
    ],
    ['new'],
  ],
  [
    'with an edit that has no time',
    [
      ['old', 1],
      ['new', undefined],
    ],
    ['new'],
  ],
  [
    'not at all once it was deleted, also when an edit comes after that',
    [
      [undefined, undefined],
      ['new', 2],
    ],
    [],
  ],
] as const)('is handled %s', async (_, changes, words) => {
  const message = said('before');
  await acceptMessage(db, message, 'admin');
  const { platform } = message.thread;
  for (const [text, editedAt] of changes) await amended({ ...message, platform, text, editedAt });
  const due = db.kysely.selectFrom('inbox').select('body').where('external_id', '=', message.externalId);
  const left = await due.where('handled_at', 'is', null).execute();
  expect(left.map(({ body }) => body.text)).toEqual(words);
});

it('is not finished by what read it before its author changed its words: it is due again, with the new ones', async () => {
  const message = said('before an edit');
  await acceptMessage(db, message, 'admin');
  const [read] = await handed('before an edit');
  if (read === undefined) throw new Error('the message is not due');
  const { thread, externalId, sender } = message;
  await amended({ platform: thread.platform, externalId, sender, text: 'after an edit' });
  const work = async () => undefined;
  expect(await finishMessage(db, read, work)).toBe(false);
  const [again] = await handed('after an edit');
  expect(again?.id).toBe(read.id);
  expect(await finishMessage(db, again ?? read, work)).toBe(true);
});

it('a role that nobody gave follows what the platform says, by a press as by words, and stays where it says nothing', async () => {
  const senderWho = (administers?: boolean) => ({
    externalId: 'T1/manager',
    name: 'manager',
    ...(administers === undefined ? {} : { administers }),
  });
  const ways = {
    presses: (administers: boolean | undefined, newcomer: Role) =>
      ensureMember(db.kysely, 'slack', senderWho(administers), newcomer),
    async says(administers: boolean | undefined, newcomer: Role) {
      await acceptMessage(db, { ...said('of a manager'), sender: senderWho(administers) }, newcomer);
      await handed('of a manager');
    },
  };
  const role = async () => {
    const row = db.kysely.selectFrom('members').select('role').where('external_id', '=', 'T1/manager');
    return (await row.executeTakeFirstOrThrow()).role;
  };
  for (const way of [ways.presses, ways.says]) {
    await way(true, 'admin');
    expect(await role()).toBe('admin');
    await way(undefined, 'requester');
    expect(await role()).toBe('admin');
    await way(false, 'requester');
    expect(await role()).toBe('requester');
  }
});

it('a person whom nothing made known as an admin yet becomes one when something does, unless a role was given to him', async () => {
  const roleOf = async (name: string, newcomer: Role) =>
    (await ensureMember(db.kysely, 'discord', { externalId: name, name }, newcomer)).role;
  expect(await roleOf('owner', 'requester')).toBe('requester');
  expect(await roleOf('owner', 'admin')).toBe('admin');
  expect(await roleOf('owner', 'requester')).toBe('admin');
  for (const given of ['viewer', 'requester'] as const) {
    const name = `kept as ${given}`;
    await roleOf(name, given === 'viewer' ? 'requester' : 'admin');
    await db.kysely.updateTable('members').set({ role: given }).where('name', '=', name).execute();
    expect(await roleOf(name, 'admin')).toBe(given);
  }
});

it('remembers who can read a thread, the newest that is known, and who spoke in it', async () => {
  const first = said('private', 'a thread');
  const place = async () => {
    const messages = (await handed('private')).filter((each) => each?.thread.thread === 'a thread');
    return messages.map((each) => each?.thread.readBy);
  };
  await acceptMessage(db, { ...first, readBy: 'channel' }, 'requester');
  expect(await place()).toEqual(['channel']);
  await acceptMessage(
    db,
    { ...said('private', 'a thread'), sender: { externalId: 'T1/U2', name: 'eve' } },
    'requester',
  );
  expect(await place()).toEqual(['channel', 'channel']);
  await acceptMessage(db, { ...said('private', 'a thread'), readBy: 'everybody' }, 'requester');
  expect(await place()).toEqual(['everybody', 'everybody', 'everybody']);
  const people = db.kysely
    .selectFrom('participants')
    .innerJoin('threads', 'threads.id', 'participants.thread_id')
    .innerJoin('members', 'members.id', 'participants.member_id')
    .select('name')
    .where('thread', '=', 'a thread');
  expect((await people.orderBy('name').execute()).map(({ name }) => name)).toEqual(['ben', 'eve']);
});
