import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import type { ContentBlock } from '@agentclientprotocol/sdk';
import { isText } from '#core/run/output-kind.ts';
import type { WithFiles } from '#core/task/said-files.ts';
import { formatBytes } from '#core/text/bytes.ts';
import { layOutAttachments, type PlacedFile, placesOfSaid } from '../../run/task-files.ts';
import type { StepContext } from '../runtime.ts';
import type { OpenSession } from './open-session.ts';

/** An image that is sent along, at most, in bytes: what model providers take. */
const imageLimitBytes = 5 * 1024 * 1024;
/** A text that is put into the prompt; the agent reads a longer one as a file, as far as it needs. Bytes. */
const embeddedLimitBytes = 64 * 1024;

/** Files as an agent is given them in a prompt: themselves where it takes them so, else by where they lie. */
export async function fileBlocks(
  places: readonly PlacedFile[],
  prompts: OpenSession['prompts'],
): Promise<readonly ContentBlock[]> {
  const blocks: ContentBlock[] = [];
  for (const place of places) blocks.push(await fileBlock(place, prompts));
  return blocks;
}

/** Lays out the files of words that were just said. */
export async function bringFiles(
  { home, files }: Pick<StepContext, 'home' | 'files'>,
  said: WithFiles & { readonly id: string },
): Promise<readonly PlacedFile[]> {
  const places = placesOfSaid(said, files);
  await layOutAttachments(home, places);
  return places;
}

/** Says behind words which files came with them and where they lie; nothing where none did. */
export function filesWith(places: readonly PlacedFile[]): string {
  if (places.length === 0) return '';
  const lines = places.map(({ file, path }) => `- ${path} (${file.mediaType}, ${formatBytes(file.size)})`);
  return ['\n\nThese files came with it:', ...lines].join('\n');
}

async function fileBlock({ file, path }: PlacedFile, prompts: OpenSession['prompts']): Promise<ContentBlock> {
  const { name, mediaType, size } = file;
  const uri = pathToFileURL(path).href;
  if (prompts.image && /^image\/(png|jpeg|gif|webp)$/.test(mediaType) && size <= imageLimitBytes) {
    return { type: 'image', mimeType: mediaType, data: await readFile(path, 'base64') };
  }
  if (prompts.audio && /^audio\/(wav|x-wav|mpeg|mp3|ogg|webm|flac)$/.test(mediaType) && size <= imageLimitBytes) {
    return { type: 'audio', mimeType: mediaType, data: await readFile(path, 'base64') };
  }
  if (prompts.embeddedContext && isText(mediaType) && size <= embeddedLimitBytes) {
    return { type: 'resource', resource: { uri, mimeType: mediaType, text: await readFile(path, 'utf8') } };
  }
  return { type: 'resource_link', name, uri, mimeType: mediaType, size };
}
