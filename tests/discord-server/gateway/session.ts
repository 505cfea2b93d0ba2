import { intent, operation } from './codes.ts';
import type { Line } from './line.ts';

type Json = Readonly<Record<string, unknown>>;

export interface Dispatch {
  readonly sequence: number;
  readonly event: string;
  readonly data: unknown;
}

/** What a client has after IDENTIFY, for as long as it may RESUME. */
export interface Session {
  readonly id: string;
  readonly intents: number;
  /** Everything that was due to it; replayed after RESUME. */
  readonly sent: Dispatch[];
  line?: Line;
  /** Takes back the end of a session without a connection. */
  cancelExpiry?: () => void;
}

/** Where an event happened, which decides who hears of it. */
export interface Place {
  readonly direct?: true;
  /** `private`: without MESSAGE_CONTENT it arrives without what it says. */
  readonly content?: 'open' | 'private';
}

/** Gives an event the session's next number and sends it, if there is a connection. */
export function deliver(session: Session, event: string, data: unknown): void {
  const dispatch = { sequence: session.sent.length + 1, event, data };
  session.sent.push(dispatch);
  sendDispatch(session, dispatch);
}

export function sendDispatch(session: Session, { sequence, event, data }: Dispatch): void {
  session.line?.send(JSON.stringify({ op: operation.dispatch, s: sequence, t: event, d: data }));
}

/** Whether a session asked for events of this kind (docs, Gateway: list of intents). */
export function listens(session: Session, event: string, { direct }: Place): boolean {
  const needed = intentOf(event, direct === true);
  return needed === undefined || (session.intents & needed) !== 0;
}

function intentOf(event: string, direct: boolean): number | undefined {
  if (event.startsWith('MESSAGE_REACTION'))
    return direct ? intent.directMessageReactions : intent.guildMessageReactions;
  if (event.startsWith('MESSAGE_')) return direct ? intent.directMessages : intent.guildMessages;
  if (/^(GUILD_(CREATE|UPDATE|DELETE|ROLE)|CHANNEL_|THREAD_)/.test(event)) return intent.guilds;
  return event.startsWith('GUILD_MEMBER') ? intent.guildMembers : undefined;
}

/** What is left of a message for an app that may not read it. */
export function visibleTo(session: Session, data: Json, { content }: Place): Json {
  if (content !== 'private' || (session.intents & intent.messageContent) !== 0) return data;
  const reply = data.referenced_message;
  return {
    ...data,
    content: '',
    embeds: [],
    attachments: [],
    components: [],
    ...(data.message_snapshots !== undefined && { message_snapshots: [] }),
    ...(reply != null && {
      referenced_message: { ...(reply as Json), content: '', embeds: [], attachments: [], components: [] },
    }),
  };
}
