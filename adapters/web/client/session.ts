import type { ChatMessage } from '#core/chat/chat-store.ts';
import { listChannels, listMessages, listPeople, nameMe, problemOf, readThread, whoAmI } from './api.ts';
import { followEvents } from './connection.ts';
import { takeGivenWords } from './given-words.ts';
import { moment, takeAnswer, takeEvents } from './messages.ts';
import { loadOutgoing, sendLeftovers } from './outbox.ts';
import { pathOf, placeOf } from './place.ts';
import { change, changePage, chatState, openChannel } from './state.ts';
import { followMarks, loadMarks, markRead, saveMarks } from './unread.ts';

/** A loss is worth a word once it lasts this long (ms): a restart of the server is over sooner. */
const lossPatience = 1000;

/** How long (ms) the first pages wait for the live stream, which they should come after so that no message falls in between. */
const streamPatience = 1500;

/** Brings the page to life: who reads, which channels there are, what is open, and everything that happens from now on. */
export async function startSession(): Promise<void> {
  change({ place: placeOf(location.pathname) });
  addEventListener('popstate', () => {
    change({ place: placeOf(location.pathname), menuOpen: false });
    void loadPlace();
  });
  document.addEventListener('visibilitychange', markOpenRead);
  followMarks((read) => change({ read }));
  loadOutgoing();
  const streaming = startEvents();
  await Promise.all([loadPerson(), loadChannels()]);
  await streaming;
  await loadPlace();
}

/** Goes to a channel or thread. Going where one is already adds no step to the history. */
export function go(channel: string, thread?: string): void {
  const path = pathOf(channel, thread);
  if (path !== location.pathname) history.pushState(null, '', path);
  change({ place: { channel, thread }, menuOpen: false });
  void loadPlace();
}

/** Leaves the thread, for its channel. */
export function closeThread(): void {
  const { channel } = chatState().place;
  if (channel !== undefined) go(channel);
}

/** Loads the next older stretch of a channel. */
export async function loadOlder(channelId: string): Promise<void> {
  const page = chatState().pages.get(channelId);
  if (page === undefined || page.status === 'loading' || !page.more) return;
  await loadChannelPage(channelId, page.oldest);
}

/** Takes a name, at the first visit or later. */
export async function takeName(name: string): Promise<void> {
  const { person } = await nameMe(name);
  change({ me: person, dialog: undefined });
  await loadPeople();
}

/** Loads what the open place needs and has not yet; also how a failed load is tried again. */
export async function loadPlace(): Promise<void> {
  const state = chatState();
  const channel = openChannel(state);
  if (channel === undefined) return;
  const missing = (key: string) => (state.pages.get(key)?.status ?? 'failed') === 'failed';
  const { thread } = state.place;
  await Promise.all([
    missing(channel.id) ? loadChannelPage(channel.id, undefined) : undefined,
    thread !== undefined && missing(thread) ? loadThread(thread) : undefined,
  ]);
  markOpenRead();
}

/** Loads the channels again: after one was made, or when an event speaks of an unknown one. */
export async function loadChannels(): Promise<void> {
  try {
    const { channels } = await listChannels();
    takeGivenWords(channels);
    const { read } = chatState();
    change({ channels, read: read.since === '' ? loadMarks(channels) : read });
  } catch {
    // Not reachable now: the banner of the lost connection says so, and the next `ready` asks again.
  }
}

async function loadPerson(): Promise<void> {
  try {
    const { person } = await whoAmI();
    change({ me: person, ...(person === null ? { dialog: 'name' } : {}) });
    await loadPeople();
  } catch {
    // As above.
  }
}

async function loadPeople(): Promise<void> {
  const { people } = await listPeople();
  change({ people });
}

async function loadChannelPage(channelId: string, before: string | undefined): Promise<void> {
  const asked = moment();
  changePage(channelId, { status: 'loading', problem: undefined });
  try {
    const { messages, more } = await listMessages(channelId, before);
    takeAnswer(messages, asked);
    changePage(channelId, { status: 'loaded', more, oldest: messages[0]?.id ?? before });
  } catch (error) {
    changePage(channelId, { status: 'failed', problem: problemOf(error) });
  }
}

async function loadThread(rootId: string): Promise<void> {
  const asked = moment();
  changePage(rootId, { status: 'loading', problem: undefined });
  try {
    const { messages } = await readThread(rootId);
    takeAnswer(messages, asked);
    changePage(rootId, { status: 'loaded', more: false });
  } catch (error) {
    changePage(rootId, { status: 'failed', problem: problemOf(error) });
  }
}

/** Follows events; the promise ends when the stream stands, or when waiting for it makes no sense any more. */
function startEvents(): Promise<void> {
  return new Promise((done) => {
    let loss: ReturnType<typeof setTimeout> | undefined;
    setTimeout(done, streamPatience);
    followEvents({
      ready: () => {
        clearTimeout(loss);
        loss = undefined;
        change({ connection: 'live' });
        done();
        void comeBack();
      },
      lost: () => {
        loss ??= setTimeout(() => change({ connection: 'lost' }), lossPatience);
      },
      messages: (messages) => {
        takeEvents(messages);
        markOpenRead();
        meet(messages);
      },
    });
  });
}

/** After a connection stands (again): what an outage kept from loading or sending is done now. */
async function comeBack(): Promise<void> {
  const { me, channels } = chatState();
  if (me === undefined) await loadPerson();
  if (channels === undefined) await loadChannels();
  await Promise.all([loadPlace(), sendLeftovers()]);
}

/** New people and channels show up by what they write. */
function meet(messages: readonly ChatMessage[]): void {
  const { channels, people } = chatState();
  if (messages.some(({ channelId }) => !channels?.some(({ id }) => id === channelId))) void loadChannels();
  const stranger = ({ author }: ChatMessage) => author !== 'commander' && !people.some(({ id }) => id === author.id);
  if (messages.some(stranger)) loadPeople().catch(() => undefined);
}

/** What is open in a page that is seen counts as read. */
function markOpenRead(): void {
  const state = chatState();
  const channel = openChannel(state);
  if (document.visibilityState === 'hidden' || channel === undefined) return;
  const root = state.messages.get(state.place.thread ?? '');
  let read = state.read;
  if (channel.lastActivityAt !== undefined) read = markRead(read, 'channels', channel.id, channel.lastActivityAt);
  if (root?.lastReplyAt !== undefined) read = markRead(read, 'threads', root.id, root.lastReplyAt);
  if (read === state.read) return;
  change({ read });
  saveMarks(read);
}
