import { type IncomingFile, PostRefused } from '#core/chat/adapter.ts';
import { globalId } from './addresses.ts';
import type { ApiOf } from './workspaces.ts';

interface SlackFile {
  readonly id: string;
  readonly name?: string | null;
  readonly mimetype?: string;
  readonly size?: number;
  readonly url_private_download?: string;
  readonly url_private?: string;
}

/** A file that came with a message: its address is asked for when it is fetched. */
export function incomingFile(team: string, { id, name, mimetype, size }: SlackFile): IncomingFile {
  return {
    externalId: globalId(team, id),
    name: name ?? id,
    mediaType: mimetype ?? 'application/octet-stream',
    size: size ?? 0,
  };
}

/**
 * Streams a file with the bot's token, which goes to Slack's own hosts only. Without the scope `files:read` Slack answers with its
 * sign-in page and 200: that is no file.
 * @throws PostRefused
 */
export async function fetchFile(
  apiOf: ApiOf,
  file: IncomingFile,
  ownOrigin: string | undefined,
): Promise<AsyncIterable<Uint8Array>> {
  const [id = '', team = ''] = file.externalId.split('/').reverse();
  const api = apiOf(team);
  const { file: found } = await api.call<{ readonly file: SlackFile }>('files.info', { file: id });
  const address = found.url_private_download ?? found.url_private;
  if (address === undefined) throw new PostRefused(`Slack keeps no bytes of “${file.name}”.`);
  const url = new URL(address);
  const known =
    (url.protocol === 'https:' && /(^|\.)slack\.com$|(^|\.)slack-files\.com$/.test(url.hostname)) ||
    url.origin === ownOrigin;
  if (!known) throw new PostRefused(`“${file.name}” lies outside Slack.`);
  const response = await fetch(url, { headers: { authorization: `Bearer ${await api.token()}` } });
  if (response.status === 404 || response.status === 403) throw new PostRefused(`“${file.name}” is gone.`);
  if (!response.ok || response.body === null) throw new Error(`Slack gives ${response.status} for a file`);
  const type = response.headers.get('content-type') ?? '';
  if (type.startsWith('text/html') && !file.mediaType.startsWith('text/html'))
    throw new PostRefused(`Slack gives its sign-in page for “${file.name}”: the app lacks the scope “files:read”.`);
  return response.body;
}
