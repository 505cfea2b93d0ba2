import type { RawData, WebSocket } from 'ws';
import { z } from 'zod';
import type { Discord } from '../discord.ts';
import { closeCode, operation } from './codes.ts';
import type { GatewayFaults } from './faults.ts';
import { type IdentifyData, identifyData, resumeData } from './identify.ts';
import type { Session } from './session.ts';

/** Bytes of one payload and payloads in a minute (docs, Gateway: Sending Events, Rate Limiting). */
const largestPayload = 4096;
const payloadsAMinute = 120;

const payload = z.looseObject({ op: z.number().int(), d: z.unknown() });

interface Hooks {
  identify(socket: WebSocket, data: IdentifyData): Session | undefined;
  resume(socket: WebSocket, data: z.infer<typeof resumeData>): Session | undefined;
  lost(session: Session, socket: WebSocket, code: number): void;
  readonly faults: GatewayFaults;
  readonly query: URLSearchParams;
}

/** Speaks with one connection from HELLO to its end. */
export function createConnection(socket: WebSocket, discord: Discord, hooks: Hooks): void {
  const { clock, settings } = discord;
  let session: Session | undefined;
  let sent: number[] = [];
  let cancelDeath = (): void => {};
  // Discord ends a connection whose heartbeats stay out.
  const live = (): void => {
    cancelDeath();
    cancelDeath = clock.after(settings.heartbeatInterval * 2, () => socket.close(closeCode.sessionTimedOut));
  };
  const speak = (op: number, data: unknown): void => {
    if (op === operation.heartbeat) {
      live();
      if (hooks.faults.acknowledges()) socket.send(JSON.stringify({ op: operation.heartbeatAck }));
    } else if (op === operation.identify || op === operation.resume) {
      if (session !== undefined) return void socket.close(closeCode.alreadyAuthenticated);
      session = op === operation.identify ? identify(data) : resume(data);
    } else if (session === undefined) socket.close(closeCode.notAuthenticated);
    else if (op !== operation.presence && op !== operation.requestMembers) socket.close(closeCode.unknownOpcode);
  };
  const identify = (data: unknown): Session | undefined => {
    const parsed = identifyData.safeParse(data);
    if (parsed.success) return hooks.identify(socket, parsed.data);
    socket.close(closeCode.decodeError);
    return undefined;
  };
  const resume = (data: unknown): Session | undefined => {
    const parsed = resumeData.safeParse(data);
    if (parsed.success) return hooks.resume(socket, parsed.data);
    socket.close(closeCode.decodeError);
    return undefined;
  };
  const hear = (data: RawData): void => {
    const text = String(data);
    sent = [...sent.filter((at) => at > clock.now() - 60_000), clock.now()];
    if (sent.length > payloadsAMinute) return void socket.close(closeCode.rateLimited);
    const parsed = Buffer.byteLength(text) > largestPayload ? undefined : readJson(text);
    if (parsed === undefined) return void socket.close(closeCode.decodeError);
    speak(parsed.op, parsed.d);
  };
  socket.on('message', hear);
  socket.on('close', (code) => {
    cancelDeath();
    if (session !== undefined) hooks.lost(session, socket, code);
  });
  if (hooks.query.get('v') !== '10' || hooks.query.get('encoding') !== 'json') return void socket.close(4012);
  socket.send(JSON.stringify({ op: operation.hello, d: { heartbeat_interval: settings.heartbeatInterval } }));
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
