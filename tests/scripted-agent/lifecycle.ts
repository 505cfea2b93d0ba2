import { randomUUID } from 'node:crypto';
import type { AgentContext, McpServer, NewSessionResponse, SessionInfo } from '@agentclientprotocol/sdk';
import { RequestError } from '@agentclientprotocol/sdk';
import type { Session, SessionStore, StoredSession } from './sessions.ts';
import type { Behaviour } from './settings.ts';
import { configOptionsOf } from './steps/speech.ts';

/** Where a session is to be opened. */
export interface Place {
  readonly cwd: string;
  readonly mcpServers?: readonly McpServer[];
}

/** The sessions of this process, opened, ended and remembered. */
export interface Sessions {
  /** @throws {RequestError} -32002 when this process has no such session open */
  get(id: string): Session;
  create(place: Place): Session;
  /** @throws {RequestError} -32002 when nothing is stored of it */
  reopen(id: string, place: Place): { readonly session: Session; readonly stored: StoredSession };
  /** A new session with all that the other one knows. */
  fork(id: string, place: Place): Session;
  /** Ends its turns as cancelled; what is stored stays. */
  close(id: string): void;
  list(cwd: string | null | undefined): SessionInfo[];
  remove(id: string): void;
}

export function createSessions(behaviour: Behaviour, store: SessionStore): Sessions {
  const open = new Map<string, Session>();
  const add = (id: string, { cwd, mcpServers = [] }: Place): Session => {
    if (!cwd.startsWith('/')) throw RequestError.invalidParams(undefined, `cwd is no absolute path: ${cwd}`);
    checkServers(mcpServers, behaviour);
    const mode = behaviour.modes[0]?.id;
    const session = { id, cwd, mcpServers, mode, config: new Map(), turn: Promise.resolve(), turns: [] };
    open.set(id, session);
    return session;
  };
  const readStored = (id: string): StoredSession => {
    const stored = store.read(id);
    if (stored === undefined) throw RequestError.sessionNotFound(id);
    return stored;
  };
  const sessions: Sessions = {
    get(id) {
      const session = open.get(id);
      if (session === undefined) throw RequestError.sessionNotFound(id);
      return session;
    },
    create(place) {
      const session = add(randomUUID(), place);
      store.create(session);
      return session;
    },
    reopen(id, place) {
      const stored = readStored(id);
      const session = add(id, place);
      restore(session, stored);
      return { session, stored };
    },
    fork(id, place) {
      const stored = readStored(id);
      const session = sessions.create(place);
      for (const update of stored.updates) store.append(session.id, update);
      restore(session, stored);
      return session;
    },
    close(id) {
      for (const turn of sessions.get(id).turns) turn.cancel();
      open.delete(id);
    },
    list: (cwd) => store.list().flatMap((stored) => (cwd == null || stored.cwd === cwd ? [infoOf(stored)] : [])),
    remove(id) {
      if (open.has(id)) sessions.close(id);
      store.remove(id);
    },
  };
  return sessions;
}

/** What a session's modes and options are now, for the answer that opens it. */
export function stateOf(session: Session, behaviour: Behaviour): Omit<NewSessionResponse, 'sessionId'> {
  const { mode } = session;
  const modes = mode === undefined ? undefined : { currentModeId: mode, availableModes: behaviour.modes };
  return { modes, configOptions: configOptionsOf(behaviour, session) };
}

/** Sends all that was said in a session once more, prompts included, in order. */
export async function replay(stored: StoredSession, client: AgentContext): Promise<void> {
  for (const update of stored.updates) await client.notify('session/update', { sessionId: stored.id, update });
}

function restore(session: Session, stored: StoredSession): void {
  for (const update of stored.updates) {
    if (update.sessionUpdate === 'current_mode_update') session.mode = update.currentModeId;
    if (update.sessionUpdate === 'config_option_update')
      for (const option of update.configOptions) session.config.set(option.id, String(option.currentValue));
  }
}

function infoOf({ id, cwd, updates }: StoredSession): SessionInfo {
  const titles = updates.flatMap((update) => (update.sessionUpdate === 'session_info_update' ? [update.title] : []));
  return { sessionId: id, cwd, title: titles.at(-1) };
}

function checkServers(servers: readonly McpServer[], { capabilities }: Behaviour): void {
  for (const server of servers) {
    if (!('type' in server)) continue;
    if (!capabilities.includes(server.type))
      throw RequestError.invalidParams(undefined, `MCP over ${server.type} was not offered by this agent`);
  }
}
