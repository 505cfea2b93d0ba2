import type { Logger } from 'pino';
import type { z } from 'zod';
import type { ChatAdapter } from '#core/chat/adapter.ts';
import type { deciders } from '#core/policy/deciders.ts';
import type { Night } from '#core/task/night.ts';
import type { Database } from '#db/database.ts';
import type { RunLimits } from '#db/runs/caps.ts';
import type { AnswersFirst } from './answers-first.ts';

/** What every part of the bot works with. */
export interface Application {
  readonly db: Database;
  /** Commander's data directory. */
  readonly home: string;
  readonly log: Logger;
  /** What people wait for goes before what follows from it. */
  readonly answersFirst: AnswersFirst;
  /** Where people reach Commander's pages, no slash at the end. */
  readonly address?: string;
  /** Tells the person at the terminal what concerns him, in a sentence. */
  readonly tell?: (sentence: string) => void;
  /** How much may run at once for one person and in one project. */
  readonly limits?: RunLimits;
  /** Who decides approvals; a project can only be stricter. */
  readonly approvals?: z.infer<typeof deciders>;
  /** How long a question waits for an answer, where its project does not say it (ms); absent: an hour. */
  readonly answerWithin?: number | 'never';
  /** When nobody is reminded; absent: at all hours. */
  readonly night?: Night;
  /** Chat platforms that are there now; one that could not be started yet joins later. */
  readonly adapters: ReadonlyMap<string, ChatAdapter>;
  /** Bytes that one attachment may have; absent: the limit of intake/attachments.ts. */
  readonly attachmentBytes?: number;
}
