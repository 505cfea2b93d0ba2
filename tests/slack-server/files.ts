import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Slack } from './slack.ts';
import { keptBytes, type SlackFile, type Upload } from './state/file.ts';
import type { Workspace } from './state/workspace.ts';

interface NewFile {
  readonly id: string;
  readonly name: string;
  readonly title: string;
  readonly user: string;
  readonly mimetype: string;
  readonly size: number;
  readonly sha256: string;
  readonly bytes?: Buffer;
  readonly altText?: string;
  readonly access?: SlackFile['access'];
}

/** Puts a file into the workspace. */
export function storeFile(workspace: Workspace, origin: string, file: NewFile): SlackFile {
  const stored: SlackFile = {
    access: 'visible',
    team: workspace.id,
    ...file,
    created: Math.floor(Number(workspace.nextTs())),
    urlPrivate: `${origin}/files-pri/${workspace.id}-${file.id}/${encodeURIComponent(file.name)}`,
    permalink: `https://${workspace.domain}.slack.com/files/${file.user}/${file.id}/${encodeURIComponent(file.name)}`,
    deleted: false,
  };
  workspace.files.set(stored.id, stored);
  workspace.changes.notify();
  return stored;
}

/** Takes the bytes for an announced upload: raw, or the one field of a form. The answer is an HTTP status and text. */
export async function receiveUpload(
  slack: Slack,
  path: string,
  request: IncomingMessage,
): Promise<readonly [number, string]> {
  const [team = '', id = '', secret = ''] = path.split('/');
  const upload = slack.workspaces.get(team)?.uploads.get(id);
  if (upload === undefined || upload.secret !== secret) return [404, 'upload not found'];
  const received = await readUpload(request);
  // Slack takes only what was announced.
  if (received.size !== upload.length) return [400, `expected ${upload.length} bytes, got ${received.size}`];
  upload.received = received;
  slack.changes.notify();
  return [200, `OK - ${received.size}`];
}

async function readUpload(request: IncomingMessage): Promise<NonNullable<Upload['received']>> {
  const type = request.headers['content-type'] ?? 'application/octet-stream';
  if (!type.startsWith('multipart/form-data')) return digest(request, type);
  const parts: Uint8Array[] = [];
  for await (const part of request) parts.push(part as Uint8Array);
  const form = await new Response(Buffer.concat(parts), { headers: { 'content-type': type } }).formData();
  const [value] = [...form.values()];
  const bytes = value instanceof File ? Buffer.from(await value.arrayBuffer()) : Buffer.from(value ?? '');
  return digest([bytes], value instanceof File && value.type !== '' ? value.type : 'application/octet-stream');
}

async function digest(parts: AsyncIterable<Uint8Array> | Iterable<Uint8Array>, mimetype: string) {
  const hash = createHash('sha256');
  const kept: Uint8Array[] = [];
  let size = 0;
  for await (const part of parts) {
    hash.update(part);
    size += part.length;
    if (size <= keptBytes) kept.push(part);
    else kept.length = 0;
  }
  return { size, mimetype, sha256: hash.digest('hex'), ...(size <= keptBytes && { bytes: Buffer.concat(kept) }) };
}

/** Sign-in page that Slack shows, with status 200, to whoever brings no valid token of the scope files:read. */
export const signInPage =
  '<!DOCTYPE html><html><head><title>Sign in | Slack</title></head><body>Sign in to your workspace</body></html>';

/** A file by the path of its private address, if the token may read it. */
export function privateFile(slack: Slack, path: string, bearer: string | undefined): SlackFile | undefined {
  const [, team = '', id = ''] = /^([^-/]+)-([^/]+)\//.exec(path) ?? [];
  const token = slack.tokens.check(bearer);
  if ('error' in token || token.team !== team || !token.scopes.has('files:read')) return undefined;
  const file = slack.workspaces.get(team)?.files.get(id);
  return file?.deleted === false ? file : undefined;
}
