import { randomBytes } from 'node:crypto';
import type { Discord } from '../discord.ts';
import { guildCreateJson, userJson } from '../wire.ts';
import { closeCode, operation } from './codes.ts';
import { type IdentifyData, identifyRefusal, type ResumeData } from './identify.ts';
import type { Line } from './line.ts';
import { deliver, listens, type Session, sendDispatch } from './session.ts';

export interface Login {
  readonly kind: 'identify' | 'resume';
  /** Milliseconds since 1970, by the stand-in's clock. */
  readonly at: number;
  readonly result: 'ready' | 'resumed' | 'refused';
}

/** Begins sessions and takes them up again. */
export interface Logins {
  readonly all: readonly Login[];
  identify(line: Line, data: IdentifyData): Session | undefined;
  resume(line: Line, data: ResumeData): Session | undefined;
  /** IDENTIFYs that went through in the last 24 hours. */
  today(): readonly Login[];
}

const day = 24 * 60 * 60_000;

export function createLogins(discord: () => Discord, sessions: Map<string, Session>): Logins {
  const all: Login[] = [];
  const log = (kind: Login['kind'], result: Login['result']): void => {
    all.push({ kind, at: discord().clock.now(), result });
    discord().changes.notify();
  };
  const today = () => {
    const since = discord().clock.now() - day;
    return all.filter(({ kind, result, at }) => kind === 'identify' && result === 'ready' && at > since);
  };
  return {
    all,
    today,
    identify(line, data) {
      const refused = refusal(discord(), data, today());
      log('identify', refused === undefined ? 'ready' : 'refused');
      if (refused === undefined) return begin(discord(), sessions, line, data.intents);
      if (refused === 'again') invalidate(line);
      else line.close(refused);
      return undefined;
    },
    resume(line, data) {
      const session = sessions.get(data.session_id);
      const wrongToken = data.token !== discord().credentials.token;
      if (wrongToken || session === undefined || data.seq > session.sent.length) {
        log('resume', 'refused');
        if (wrongToken) line.close(closeCode.authenticationFailed);
        else if (session === undefined) invalidate(line);
        else line.close(closeCode.invalidSequence);
        return undefined;
      }
      takeUp(session, line, data.seq);
      log('resume', 'resumed');
      return session;
    },
  };
}

/** Why an IDENTIFY is not taken: a code to close with, or `again` for op 9. */
function refusal(discord: Discord, data: IdentifyData, today: readonly Login[]): number | 'again' | undefined {
  const { settings, clock, credentials } = discord;
  const code = identifyRefusal(discord, data);
  if (code !== undefined) return code;
  const last = today.at(-1)?.at ?? Number.NEGATIVE_INFINITY;
  if (clock.now() - last < settings.identifyInterval) return 'again';
  if (today.length < settings.identifiesADay) return undefined;
  // Discord resets the token of a bot that identifies too often (docs, Gateway: session start limit).
  credentials.token = randomBytes(24).toString('base64url');
  return closeCode.authenticationFailed;
}

function invalidate(line: Line): void {
  line.send(JSON.stringify({ op: operation.invalidSession, d: false }));
}

function begin(discord: Discord, sessions: Map<string, Session>, line: Line, intents: number): Session {
  const { world, settings } = discord;
  const session: Session = { id: randomBytes(16).toString('hex'), intents, sent: [], line };
  sessions.set(session.id, session);
  deliver(session, 'READY', {
    v: 10,
    user: { ...userJson(world.bot), verified: true, mfa_enabled: true, email: null },
    guilds: [{ id: world.guild.id, unavailable: true }],
    session_id: session.id,
    resume_gateway_url: discord.origin().replace('http', 'ws'),
    session_type: 'normal',
    private_channels: [],
    relationships: [],
    application: { id: settings.applicationId, flags: 0 },
  });
  if (listens(session, 'GUILD_CREATE', {})) deliver(session, 'GUILD_CREATE', guildCreateJson(world));
  return session;
}

/** Sends everything after `sequence` once more, then RESUMED. */
function takeUp(session: Session, line: Line, sequence: number): void {
  session.cancelExpiry?.();
  session.line?.terminate();
  session.line = line;
  for (const dispatch of session.sent.slice(sequence)) sendDispatch(session, dispatch);
  deliver(session, 'RESUMED', { _trace: [] });
}
