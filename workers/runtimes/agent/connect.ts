import {
  type ClientConnection,
  type CreateElicitationRequest,
  type CreateElicitationResponse,
  client,
  type ReadTextFileRequest,
  RequestError,
  type RequestPermissionRequest,
  type RequestPermissionResponse,
  type SessionUpdate,
  type Stream,
  type WriteTextFileRequest,
} from '@agentclientprotocol/sdk';

/** What one session of an agent asks of us. */
export interface SessionHandlers {
  onUpdate(update: SessionUpdate): void;
  onPermission(request: RequestPermissionRequest, signal: AbortSignal): Promise<RequestPermissionResponse>;
  onElicitation(request: CreateElicitationRequest, signal: AbortSignal): Promise<CreateElicitationResponse>;
  /** Rejects with what the agent is told when it may not, as `onWrite` does. */
  onRead(request: ReadTextFileRequest, signal: AbortSignal): Promise<string>;
  onWrite(request: WriteTextFileRequest, signal: AbortSignal): Promise<void>;
  /** The work itself: what it does is a sign of life. What a question aside does is none. */
  readonly isWork: boolean;
}

/** The agent's side of the connection is spoken to; what it asks goes to the handlers of its session. */
export interface AgentConnection {
  readonly connection: ClientConnection;
  /** Handlers of a session; what comes for a session that nobody handles is refused. */
  handle(sessionId: string, handlers: SessionHandlers): void;
  /** For what comes before the session's id is known; it ends with the first call of `handle`. */
  handleNext(handlers: SessionHandlers): void;
  forget(sessionId: string): void;
}

export interface ConnectOptions {
  readonly stream: Stream;
  /** Called with each sign of life. */
  readonly onSign: () => void;
}

/** Offers an agent what Commander can do for it: files of its folder, permissions, questions. Terminals it is not offered. */
export function connectAgent({ stream, onSign }: ConnectOptions): AgentConnection {
  const sessions = new Map<string, SessionHandlers>();
  let next: SessionHandlers | undefined;
  const handlersOf = (sessionId: unknown): SessionHandlers | undefined => {
    const handlers = (typeof sessionId === 'string' ? sessions.get(sessionId) : undefined) ?? next;
    if (handlers?.isWork !== false) onSign();
    return handlers;
  };
  const app = client({ name: 'commander' })
    .onNotification('session/update', ({ params }) => handlersOf(params.sessionId)?.onUpdate(params.update))
    .onRequest('session/request_permission', async ({ params, signal }) => {
      const handlers = handlersOf(params.sessionId);
      return handlers === undefined ? { outcome: { outcome: 'cancelled' } } : handlers.onPermission(params, signal);
    })
    .onRequest('elicitation/create', async ({ params, signal }) => {
      const handlers = handlersOf('sessionId' in params ? params.sessionId : undefined);
      // One that belongs to no session is none of the work.
      return handlers === undefined ? { action: 'decline' } : handlers.onElicitation(params, signal);
    })
    .onRequest('fs/read_text_file', async ({ params, signal }) => ({
      content: await known(handlersOf(params.sessionId)).onRead(params, signal),
    }))
    .onRequest('fs/write_text_file', ({ params, signal }) =>
      known(handlersOf(params.sessionId)).onWrite(params, signal),
    );
  const connection = app.connect(stream);
  return {
    connection,
    handle(sessionId, handlers) {
      sessions.set(sessionId, handlers);
      next = undefined;
    },
    forget: (sessionId) => void sessions.delete(sessionId),
    handleNext(handlers) {
      next = handlers;
    },
  };
}

function known(handlers: SessionHandlers | undefined): SessionHandlers {
  if (handlers === undefined) throw RequestError.invalidParams(undefined, 'Commander does not know this session');
  return handlers;
}
