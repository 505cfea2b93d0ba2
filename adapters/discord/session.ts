import type { SessionInfo } from '@discordjs/ws';
import { z } from 'zod';
import type { AdapterStore } from '#core/chat/adapter.ts';
import type { AdapterLog } from '#core/chat/platform.ts';
import { type Progress, trackProgress } from './progress.ts';

/** Keys in the adapter's store. */
const sessionKey = 'session';
const heardKey = 'heard-until';

/** How long what is done may wait until that is noted, in milliseconds: writing it costs as much as storing it. */
const noteMs = 200;

const sessionShape = z.object({
  resumeURL: z.string(),
  sequence: z.number(),
  sessionId: z.string(),
  shardCount: z.number(),
  shardId: z.number(),
  /** What it was begun for; a session that an older version stored was begun for the same as now. */
  intents: z.number().optional(),
  /** What happened before it began may have been missed, and was not looked up yet. */
  owesLook: z.boolean().optional(),
});

/** The session with Discord as the next process will find it: never further than what is dealt with. */
export interface StoredSession {
  /** As discord.js sees it: up to the newest event. */
  live(): SessionInfo | null;
  read(): Promise<void>;
  /**
   * A session is about to begin. Of the first of all it is noted since when something may be missed: a process that dies before it has
   * stored its session leaves that to the next one.
   */
  willBegin(): Promise<void>;
  /** What discord.js notes; a new session is stored at once. Returns whether it is another one than before. */
  note(session: SessionInfo | null): boolean;
  /** Whether what happened before the session began is still to be looked up, perhaps since an earlier process. */
  owesLook(): boolean;
  /** It is looked up, so all that happened until now is heard. */
  lookedBack(): void;
  /** An event has come. What is returned says that it is dealt with: it would do no harm if it came again. */
  begin(sequence: number): () => void;
  /** A heartbeat was acknowledged: all that happened before has arrived. */
  heard(): void;
  /** Until when everything was heard, in milliseconds since 1970; `undefined` in the process that begins the first session. */
  heardUntil(): Promise<number | undefined>;
  /** Writes what is to be written. */
  flush(): Promise<void>;
}

/** `intents`: of which events Discord is asked; resuming does not change them (docs, Gateway: Identify), so others need a new session. */
export function createStoredSession(store: AdapterStore, log: AdapterLog, intents: number): StoredSession {
  let live: SessionInfo | null = null;
  let progress: Progress = trackProgress(0);
  let heardUntil: number | undefined;
  let owesLook = false;
  /** Nobody has listened before this process, so it has missed nothing. */
  let isFirst = false;
  let noting: NodeJS.Timeout | undefined;
  let saving: Promise<void> | undefined;
  const saved = new Map<string, string>();

  /** One write at a time; the newest state wins. */
  function save(): Promise<void> {
    clearTimeout(noting);
    noting = undefined;
    saving ??= write().finally(() => {
      saving = undefined;
    });
    return saving;
  }

  async function write(): Promise<void> {
    try {
      await keep(heardKey, heardUntil);
      while (await keep(sessionKey, live === null ? null : { ...live, sequence: progress.settled, intents, owesLook }));
    } catch (error) {
      log.warn({ error }, 'the session with Discord could not be stored; a restart may see some events again');
    }
  }

  async function keep(key: string, value: unknown): Promise<boolean> {
    if (value === undefined) return false;
    const text = JSON.stringify(value);
    if (text === saved.get(key)) return false;
    await store.set(key, value);
    saved.set(key, text);
    return true;
  }

  function saveSoon(): void {
    noting ??= setTimeout(() => void save(), noteMs);
  }

  function heard(): void {
    heardUntil = Date.now();
    saveSoon();
  }

  return {
    live: () => live,
    async read() {
      const stored = sessionShape.safeParse(await store.get(sessionKey));
      live = stored.success && (stored.data.intents ?? intents) === intents ? stored.data : null;
      owesLook = live !== null && stored.data?.owesLook === true;
      progress = trackProgress(live?.sequence ?? 0);
    },
    async willBegin() {
      if ((await store.get(heardKey)) !== undefined) return;
      await store.set(heardKey, Date.now());
      isFirst = true;
    },
    note(session) {
      const another = session !== null && session.sessionId !== live?.sessionId;
      live = session;
      if (another) {
        progress = trackProgress(session.sequence);
        owesLook = true;
      }
      if (another || session === null) void save();
      else saveSoon();
      return another;
    },
    begin(sequence) {
      // Another session counts anew: it has an event of the same number.
      const { end } = progress;
      progress.begin(sequence);
      return () => {
        end(sequence);
        saveSoon();
      };
    },
    owesLook: () => owesLook,
    lookedBack() {
      owesLook = false;
      isFirst = false;
      heard();
    },
    heard,
    async heardUntil() {
      if (isFirst) return undefined;
      const stored = z.number().safeParse(await store.get(heardKey));
      return stored.success ? stored.data : undefined;
    },
    async flush() {
      await saving;
      await save();
    },
  };
}
