import { operation } from './codes.ts';
import { deliver, type Session } from './session.ts';

/** What may happen to Gateway connections. Each concerns every session. */
export interface GatewayFaults {
  /** How many connections stand now. */
  count(): number;
  /** Cuts the connections without a close frame; sessions can be resumed. */
  drop(): void;
  /** Closes with a code: 4000 (resumable), 4004, 4014, … */
  close(code: number): void;
  /** Op 7: asks the client to come again. */
  reconnect(): void;
  /** Op 9. `gone` also forgets the session. */
  invalidate(session: 'resumable' | 'gone'): void;
  /** Forgets the sessions: a RESUME gets op 9. Connections stand. */
  expire(): void;
  /** Heartbeats are no longer acknowledged, until `hear()`. */
  deafen(): void;
  hear(): void;
  /** Events wait in order until `release()`. */
  hold(): void;
  release(): void;
  /** New connections are cut at once, until `accept()`. */
  refuse(): void;
  accept(): void;
  /** Sends any event: unknown ones, broken ones. */
  emit(event: string, data: unknown): void;
  /** Sends the event that came last once more, under a new number. */
  repeatLast(): void;
  /** Sends any text, which need not be JSON. */
  raw(frame: string): void;

  /** For the Gateway itself. */
  pass(session: Session, event: string, data: unknown): void;
  acknowledges(): boolean;
  refusesConnections(): boolean;
}

export function createGatewayFaults(sessions: Map<string, Session>, changed: () => void): GatewayFaults {
  let deaf = false;
  let refusing = false;
  let held: Array<() => void> | undefined;
  const each = (act: (session: Session) => void): void => [...sessions.values()].forEach(act);
  const connected = () => [...sessions.values()].filter(({ line }) => line?.isOpen());
  const send = (frame: string): void => each(({ line }) => line?.send(frame));
  return {
    count: () => connected().length,
    drop: () => each(({ line }) => line?.terminate()),
    close: (code) => each(({ line }) => line?.close(code)),
    reconnect: () => send(JSON.stringify({ op: operation.reconnect, d: null })),
    invalidate(state) {
      const frame = JSON.stringify({ op: operation.invalidSession, d: state === 'resumable' });
      each((session) => {
        session.line?.send(frame);
        // The connection stands, and may RESUME or IDENTIFY again.
        delete session.line;
        if (state === 'gone') sessions.delete(session.id);
      });
    },
    expire: () => sessions.clear(),
    deafen: () => {
      deaf = true;
    },
    hear: () => {
      deaf = false;
    },
    hold: () => {
      held ??= [];
    },
    release() {
      const due = held ?? [];
      held = undefined;
      for (const send of due) send();
    },
    refuse: () => {
      refusing = true;
    },
    accept: () => {
      refusing = false;
    },
    emit: (event, data) => each((session) => deliver(session, event, data)),
    repeatLast: () =>
      each((session) => {
        const last = session.sent.at(-1);
        if (last !== undefined) deliver(session, last.event, last.data);
      }),
    raw: send,
    pass(session, event, data) {
      if (held === undefined) deliver(session, event, data);
      else held.push(() => deliver(session, event, data));
      changed();
    },
    acknowledges: () => !deaf,
    refusesConnections: () => refusing,
  };
}
