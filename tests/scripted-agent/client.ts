import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable, Writable } from 'node:stream';
import type {
  ClientCapabilities,
  ClientConnection,
  CreateElicitationResponse,
  PromptResponse,
  RequestPermissionRequest,
  RequestPermissionResponse,
  SessionUpdate,
} from '@agentclientprotocol/sdk';
import { client, ndJsonStream } from '@agentclientprotocol/sdk';
import { type StubAgentOptions, stubAgentArguments } from './driver.ts';
import { type StepInput, scripted } from './script.ts';
import { offerTerminals } from './terminals.ts';

/** How the client of the stub's own tests answers. */
export interface Answers {
  readonly permission?: (
    request: RequestPermissionRequest,
    signal: AbortSignal,
  ) => RequestPermissionResponse | Promise<RequestPermissionResponse>;
  readonly elicitation?: () => CreateElicitationResponse;
}

/** A client over the SDK's other side, with one agent process and one folder. */
export interface TestClient {
  readonly process: ChildProcess;
  readonly connection: ClientConnection;
  readonly folder: string;
  readonly log: string;
  readonly state: string;
  /** All updates that the protocol knows, in order. */
  readonly updates: SessionUpdate[];
  /** The first update that matches, of those that came and those that come. */
  awaitUpdate(matching: (update: SessionUpdate) => boolean): Promise<SessionUpdate>;
  /** All that the agent wrote, as it came. */
  readonly lines: string[];
  stderr(): string;
  /** The agent's message so far. */
  said(): string;
  initialize(capabilities?: ClientCapabilities): Promise<unknown>;
  /** Opens a session in the folder. */
  open(): Promise<string>;
  /** Sends a script as a prompt of a session. */
  perform(sessionId: string, steps: readonly StepInput[]): Promise<PromptResponse>;
  /** Ends the process, hard, and waits until it is gone. */
  kill(): Promise<void>;
}

export const allCapabilities: ClientCapabilities = {
  fs: { readTextFile: true, writeTextFile: true },
  terminal: true,
  elicitation: { form: {} },
};

/** A folder to work in, removed by `remove`. */
export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'stub-agent-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Starts an agent process with a client on it, both in a folder that the caller removes. */
export function startTestClient(folder: string, options: StubAgentOptions = {}, answers: Answers = {}): TestClient {
  const log = join(folder, 'received.jsonl');
  const state = join(folder, 'sessions');
  const child = spawn(process.execPath, stubAgentArguments({ log, state, ...options }), { cwd: folder, stdio: 'pipe' });
  const updates: SessionUpdate[] = [];
  const arrivals = new EventEmitter();
  const app = clientApp((update) => {
    updates.push(update);
    arrivals.emit('update');
  }, answers);
  const stream = ndJsonStream(Writable.toWeb(child.stdin), Readable.toWeb(child.stdout) as ReadableStream<Uint8Array>);
  const written = collect(child.stdout);
  const stderr = collect(child.stderr);
  const connection = app.connect(stream);
  const { agent } = connection;
  return {
    process: child,
    connection,
    folder,
    log,
    state,
    updates,
    async awaitUpdate(matching) {
      for (;;) {
        const match = updates.find(matching);
        if (match !== undefined) return match;
        await once(arrivals, 'update');
      }
    },
    get lines() {
      return written().split('\n').slice(0, -1);
    },
    stderr,
    said: () =>
      updates
        .flatMap((update) =>
          update.sessionUpdate === 'agent_message_chunk' && update.content.type === 'text' ? [update.content.text] : [],
        )
        .join(''),
    initialize: (clientCapabilities = allCapabilities) =>
      agent.request('initialize', { protocolVersion: 1, clientCapabilities }),
    async open() {
      const { sessionId } = await agent.request('session/new', { cwd: folder, mcpServers: [] });
      return sessionId;
    },
    perform: (sessionId, steps) =>
      agent.request('session/prompt', { sessionId, prompt: [{ type: 'text', text: scripted(steps) }] }),
    async kill() {
      const gone = child.exitCode === null && child.signalCode === null ? once(child, 'exit') : undefined;
      child.kill('SIGKILL');
      await gone;
    },
  };
}

function clientApp(hear: (update: SessionUpdate) => void, answers: Answers) {
  const app = client({ name: 'stub-agent-test' });
  app.onNotification('session/update', ({ params }) => hear(params.update));
  app.onRequest('session/request_permission', ({ params, signal }) =>
    (answers.permission ?? choose('allow_once'))(params, signal),
  );
  app.onRequest('elicitation/create', () => (answers.elicitation ?? (() => ({ action: 'decline' as const })))());
  app.onRequest('fs/write_text_file', ({ params }) => writeFileSync(params.path, params.content));
  app.onRequest('fs/read_text_file', ({ params }) => ({ content: readFileSync(params.path, 'utf8') }));
  offerTerminals(app);
  return app;
}

/** Answers every permission request with one option. */
export function choose(optionId: string): () => RequestPermissionResponse {
  return () => ({ outcome: { outcome: 'selected', optionId } });
}

function collect(stream: Readable): () => string {
  let text = '';
  stream.on('data', (piece: Buffer) => {
    text += piece.toString('utf8');
  });
  return () => text;
}

/** Whether an update is a piece of the agent's message with this text. */
export function saying(text: string): (update: SessionUpdate) => boolean {
  return (update) =>
    update.sessionUpdate === 'agent_message_chunk' && update.content.type === 'text' && update.content.text === text;
}
