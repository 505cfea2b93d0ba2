import { z } from 'zod';
import { checkBlocks } from '../blocks/check.ts';
import { storeFile } from '../files.ts';
import { tiers } from '../limits.ts';
import { post } from '../posting.ts';
import type { SlackFile } from '../state/file.ts';
import type { Workspace } from '../state/workspace.ts';
import { fileJson } from '../wire.ts';
import { args, structure, timeStamp, whole } from './arguments.ts';
import { threadRoot, writableChannel } from './channels.ts';
import { type Method, method } from './method.ts';
import { problemsOf, Refusal, refuseInvalid } from './refusal.ts';

/** Slack's method reference. Characters and bytes. */
const longestAltText = 1000;
const largestSnippet = 1024 * 1024;

const getUploadUrl = method({
  name: 'files.getUploadURLExternal',
  scope: 'files:write',
  rate: tiers.four,
  input: args({
    filename: z.string().min(1),
    length: whole,
    // The reference says alt_txt, the SDK sends alt_text.
    alt_txt: z.string().optional(),
    alt_text: z.string().optional(),
    snippet_type: z.string().optional(),
  }),
  answer(input, { workspace, slack }) {
    const altText = input.alt_txt ?? input.alt_text;
    if (input.length === 0) throw new Refusal('missing_argument');
    if ((altText ?? '').length > longestAltText) throw new Refusal('alt_txt_too_large');
    if (input.snippet_type !== undefined && input.length > largestSnippet) throw new Refusal('snippet_too_large');
    const id = workspace.newId('F');
    const secret = workspace.newId('S');
    workspace.uploads.set(id, {
      id,
      secret,
      name: input.filename,
      length: input.length,
      ...(altText !== undefined && { altText }),
    });
    return { upload_url: `${slack.origin()}/upload/v1/${workspace.id}/${id}/${secret}`, file_id: id };
  },
});

const completedFiles = z
  .array(z.strictObject({ id: z.string().min(1), title: z.string().optional(), highlight_type: z.string().optional() }))
  .min(1);

const completeUpload = method({
  name: 'files.completeUploadExternal',
  scope: 'files:write',
  rate: tiers.four,
  input: args({
    files: structure,
    channel_id: z.string().optional(),
    channels: z.string().optional(),
    thread_ts: timeStamp.optional(),
    initial_comment: z.string().optional(),
    blocks: structure.optional(),
  }),
  answer(input, caller) {
    const { workspace, slack } = caller;
    const wanted = completedFiles.safeParse(input.files, { reportInput: true });
    if (!wanted.success) throw refuseInvalid('invalid_arguments', problemsOf(wanted.error, '/files'));
    const place = input.channel_id ?? input.channels;
    const channel = place === undefined ? undefined : writableChannel(caller, place);
    if (channel !== undefined && input.thread_ts !== undefined) threadRoot(workspace, channel.id, input.thread_ts);
    const useBlocks = input.blocks !== undefined && input.initial_comment === undefined;
    const blocks = useBlocks ? checkBlocks(input.blocks, 'message') : [];
    for (const { id } of wanted.data)
      if (workspace.uploads.get(id)?.received === undefined) throw new Refusal('file_not_found');
    const files = wanted.data.map(({ id, title }) => complete(workspace, slack.origin(), id, title));
    if (channel !== undefined)
      post(slack, workspace, {
        channel: channel.id,
        ...(input.thread_ts !== undefined && { threadTs: input.thread_ts }),
        user: workspace.bot.userId,
        from: 'app',
        text: input.initial_comment ?? '',
        blocks,
        files,
        subtype: 'file_share',
      });
    return { files: files.map((file) => fileJson(file)) };
  },
});

const info = method({
  name: 'files.info',
  scope: 'files:read',
  rate: tiers.four,
  input: args({
    file: z.string().min(1),
    count: whole.optional(),
    page: whole.optional(),
    cursor: z.string().optional(),
    limit: whole.optional(),
  }),
  answer(input, { workspace }) {
    const file = workspace.files.get(input.file);
    if (file === undefined) throw new Refusal('file_not_found');
    if (file.deleted) throw new Refusal('file_deleted');
    return { file: fileJson(file), comments: [] };
  },
});

export const fileMethods: readonly Method[] = [getUploadUrl, completeUpload, info];

function complete(workspace: Workspace, origin: string, id: string, title: string | undefined): SlackFile {
  const upload = workspace.uploads.get(id);
  if (upload?.received === undefined) throw new Refusal('file_not_found');
  workspace.uploads.delete(id);
  return storeFile(workspace, origin, {
    id,
    name: upload.name,
    title: title ?? upload.name,
    user: workspace.bot.userId,
    ...(upload.altText !== undefined && { altText: upload.altText }),
    ...upload.received,
  });
}
