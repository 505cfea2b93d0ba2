import { type IncomingFile, PostRefused } from '#core/chat/adapter.ts';
import { globalId } from './addresses.ts';
import { NoAnswer, unanswered } from './failures.ts';
import { type Watch, watchBytes } from './watch.ts';
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

/** Hops from Slack's address of a file to its bytes. */
const hopLimit = 5;

/**
 * Streams a file with the bot's token, which goes to Slack's own hosts only. Redirects are followed to Slack's domains and to no
 * others: none can lead to this machine or its network. Without the scope `files:read` Slack answers with its sign-in page and 200:
 * that is no file.
 * @throws PostRefused; NoAnswer when the same may succeed later
 */
export async function fetchFile(
  apiOf: ApiOf,
  file: IncomingFile,
  ownOrigin: string | undefined,
  stillMs: number,
): Promise<AsyncIterable<Uint8Array>> {
  const [id = '', team = ''] = file.externalId.split('/').reverse();
  const api = apiOf(team);
  const { file: found } = await api.call<{ readonly file: SlackFile }>('files.info', { file: id });
  const address = found.url_private_download ?? found.url_private;
  if (address === undefined) throw new PostRefused(`Slack keeps no bytes of “${file.name}”.`);
  const url = new URL(address);
  if (!isSlacks(url, ownOrigin)) throw new PostRefused(`“${file.name}” lies outside Slack.`);
  const watch = watchBytes(stillMs);
  const response = await follow(url, watch.signal, async (at) => {
    if (!isSlacks(at, ownOrigin) && !deliversForSlack(at, ownOrigin))
      throw new PostRefused(`Slack leads outside Slack for “${file.name}”: it is not fetched from there.`);
    const headers = new Headers();
    if (isSlacks(at, ownOrigin)) headers.set('authorization', `Bearer ${await api.token()}`);
    return headers;
  });
  watch.moved();
  if (response.status === 404 || response.status === 403) throw new PostRefused(`“${file.name}” is gone.`);
  if (!response.ok || response.body === null) throw new NoAnswer(`Slack gives ${response.status} for a file`);
  const type = response.headers.get('content-type') ?? '';
  if (type.startsWith('text/html') && !file.mediaType.startsWith('text/html'))
    throw new PostRefused(`Slack gives its sign-in page for “${file.name}”: the app lacks the scope “files:read”.`);
  return whole(response.body, file.name, found.size, watch);
}

function isSlacks(url: URL, ownOrigin: string | undefined): boolean {
  const known = /(^|\.)slack\.com$|(^|\.)slack-files\.com$/.test(url.hostname);
  return (url.protocol === 'https:' && known) || url.origin === ownOrigin;
}

/** Whether Slack lets its files be fetched there, without a token; a stand-in on this machine does under its other name. */
function deliversForSlack({ protocol, hostname, origin }: URL, ownOrigin: string | undefined): boolean {
  const known = protocol === 'https:' && /(^|\.)slack-edge\.com$/.test(hostname);
  return known || origin === ownOrigin?.replace('//127.0.0.1:', '//localhost:');
}

/** Follows redirects by hand: whether to go there, and what goes along is decided anew for each address. */
async function follow(first: URL, signal: AbortSignal, headersFor: (url: URL) => Promise<Headers>): Promise<Response> {
  let url = first;
  for (let hop = 0; hop < hopLimit; hop += 1) {
    const response = await fetch(url, { headers: await headersFor(url), redirect: 'manual', signal }).catch(unanswered);
    const next = response.headers.get('location');
    if (response.status < 300 || response.status >= 400 || next === null) return response;
    await response.body?.cancel();
    url = new URL(next, url);
  }
  throw new Error('Slack leads from one address of a file to another without end');
}

/** The bytes, when they are as many as Slack says that the file has. */
async function* whole(
  body: AsyncIterable<Uint8Array>,
  name: string,
  size: number | undefined,
  watch: Watch,
): AsyncIterable<Uint8Array> {
  let seen = 0;
  try {
    for await (const chunk of body) {
      watch.moved();
      seen += chunk.byteLength;
      yield chunk;
    }
  } finally {
    watch.over();
  }
  if (size !== undefined && size > 0 && seen !== size) {
    throw new PostRefused(`Slack gave ${seen} bytes for “${name}”, which has ${size}.`);
  }
}
