import type { RawData, WebSocket } from 'ws';
import { z } from 'zod';
import type { Discord } from '../discord.ts';
import { closeCode, operation } from './codes.ts';
import type { GatewayFaults } from './faults.ts';
import { type IdentifyData, identifyData, type ResumeData, resumeData } from './identify.ts';
import { createLine, type Line } from './line.ts';
import type { Session } from './session.ts';

/** Bytes of one payload and payloads in a minute (docs, Gateway: Sending Events, Rate Limiting). */
const largestPayload = 4096;
const payloadsAMinute = 120;

const payload = z.looseObject({ op: z.number().int(), d: z.unknown() });

interface Hooks {
  identify(line: Line, data: IdentifyData): Session | undefined;
  resume(line: Line, data: ResumeData): Session | undefined;
  lost(session: Session, line: Line, code: number): void;
  readonly faults: GatewayFaults;
  readonly query: URLSearchParams;
}

/** Speaks with one connection from HELLO to its end. */
export function createConnection(socket: WebSocket, discord: Discord, hooks: Hooks): void {
  const { clock, settings } = discord;
  const line = createLine(socket, hooks.query.get('compress'));
  let session: Session | undefined;
  let sent: number[] = [];
  let cancelDeath = (): void => {};
  // Discord ends a connection whose heartbeats stay out.
  const live = (): void => {
    cancelDeath();
    cancelDeath = clock.after(settings.heartbeatInterval * 2, () => line.close(closeCode.sessionTimedOut));
  };
  const speak = (op: number, data: unknown): void => {
    if (op === operation.heartbeat) {
      live();
      if (hooks.faults.acknowledges()) line.send(JSON.stringify({ op: operation.heartbeatAck }));
    } else if (op === operation.identify || op === operation.resume) {
      if (session?.line === line) return void line.close(closeCode.alreadyAuthenticated);
      session = op === operation.identify ? identify(data) : resume(data);
    } else if (session === undefined) line.close(closeCode.notAuthenticated);
    else if (op !== operation.presence && op !== operation.requestMembers) line.close(closeCode.unknownOpcode);
  };
  const identify = (data: unknown): Session | undefined => {
    const parsed = identifyData.safeParse(data);
    if (parsed.success) return hooks.identify(line, parsed.data);
    line.close(closeCode.decodeError);
    return undefined;
  };
  const resume = (data: unknown): Session | undefined => {
    const parsed = resumeData.safeParse(data);
    if (parsed.success) return hooks.resume(line, parsed.data);
    line.close(closeCode.decodeError);
    return undefined;
  };
  const hear = (data: RawData): void => {
    const text = String(data);
    sent = [...sent.filter((at) => at > clock.now() - 60_000), clock.now()];
    if (sent.length > payloadsAMinute) return void line.close(closeCode.rateLimited);
    const parsed = Buffer.byteLength(text) > largestPayload ? undefined : readJson(text);
    if (parsed === undefined) return void line.close(closeCode.decodeError);
    speak(parsed.op, parsed.d);
  };
  socket.on('message', hear);
  socket.on('close', (code) => {
    cancelDeath();
    if (session !== undefined) hooks.lost(session, line, code);
  });
  if (hooks.query.get('v') !== '10' || hooks.query.get('encoding') !== 'json') return void line.close(4012);
  line.send(JSON.stringify({ op: operation.hello, d: { heartbeat_interval: settings.heartbeatInterval } }));
  live();
}

function readJson(text: string): z.infer<typeof payload> | undefined {
  try {
    return payload.safeParse(JSON.parse(text)).data;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
