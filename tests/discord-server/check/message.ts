import { z } from 'zod';
import { invalid, refusals } from '../refusal.ts';
import { flag } from '../state/message.ts';
import { snowflake, type TopComponent, topComponents } from './components.ts';
import { everyComponent, shownFiles } from './tree.ts';

const embedImage = z.strictObject({ url: z.url().max(2048) });
const embed = z.strictObject({
  type: z.string().nullish(),
  title: z.string().max(256).nullish(),
  description: z.string().max(4096).nullish(),
  url: z.url().max(2048).nullish(),
  color: z.number().int().min(0).max(0xffffff).nullish(),
  timestamp: z.iso.datetime({ offset: true }).nullish(),
  footer: z.strictObject({ text: z.string().max(2048), icon_url: z.url().nullish() }).nullish(),
  author: z.strictObject({ name: z.string().max(256), url: z.url().nullish(), icon_url: z.url().nullish() }).nullish(),
  image: embedImage.nullish(),
  thumbnail: embedImage.nullish(),
  fields: z
    .array(
      z.strictObject({
        name: z.string().min(1).max(256),
        value: z.string().min(1).max(1024),
        inline: z.boolean().nullish(),
      }),
    )
    .max(25)
    .nullish(),
});
const allowedMentions = z
  .strictObject({
    parse: z.array(z.enum(['users', 'roles', 'everyone'])).optional(),
    users: z.array(snowflake).max(100).optional(),
    roles: z.array(snowflake).max(100).optional(),
    replied_user: z.boolean().nullish(),
  })
  .refine(({ parse, users }) => !(parse?.includes('users') && (users?.length ?? 0) > 0), {
    message: 'parse:["users"] and users: [ids...] are mutually exclusive.',
  });
const attachment = z.strictObject({
  // A number or a text: the index of an upload, or the id of a file that stays.
  id: z.union([z.number().int(), z.string()]),
  filename: z.string().max(1024).nullish(),
  description: z.string().max(1024).nullish(),
  title: z.string().max(1024).nullish(),
  is_spoiler: z.boolean().nullish(),
  // discord.js names these for files of any kind.
  waveform: z.string().max(400).nullish(),
  duration_secs: z.number().nullish(),
});

const shared = {
  // 2000 for bots; Discord's own description says 4000 because people with Nitro have that.
  content: z.string().max(2000).nullish(),
  embeds: z.array(embed).max(10).nullish(),
  allowed_mentions: allowedMentions.nullish(),
  components: topComponents.nullish(),
  attachments: z.array(attachment).max(10).nullish(),
  flags: z.number().int().min(0).nullish(),
  tts: z.literal(false).nullish(),
  poll: z.null().optional(),
};

/** POST /channels/…/messages. */
export const messageCreate = z.strictObject({
  ...shared,
  nonce: z.union([z.number().int(), z.string().max(25)]).nullish(),
  enforce_nonce: z.boolean().nullish(),
  message_reference: z
    .strictObject({
      type: z.literal(0).nullish(),
      message_id: snowflake,
      channel_id: snowflake.nullish(),
      guild_id: snowflake.nullish(),
      fail_if_not_exists: z.boolean().nullish(),
    })
    .nullish(),
  sticker_ids: z.array(snowflake).max(0).nullish(),
});

/** Edits, replies to interactions and follow-ups: they know no nonce. */
export const messageWithoutNonce = z.strictObject({
  ...shared,
  // discord.js says so everywhere.
  enforce_nonce: z.literal(false).nullish(),
});

/** The message of a new forum post. */
export const forumMessage = messageWithoutNonce.extend({ sticker_ids: z.array(snowflake).max(0).nullish() });

export type MessageBody = z.infer<typeof messageWithoutNonce>;

/** What a message would be after it was sent or edited. */
export interface Draft {
  readonly content: string;
  readonly flags: number;
  readonly components: readonly TopComponent[];
  readonly embeds: readonly unknown[];
  /** Names of its files. */
  readonly files: readonly string[];
}

/** Rules that concern a message as a whole. @throws Refusal */
export function checkDraft(draft: Draft): void {
  checkEmbeds(draft.embeds);
  if ((draft.flags & flag.componentsV2) !== 0) checkV2(draft);
  else checkLegacy(draft);
  const ids = [...everyComponent(draft.components)].flatMap(({ custom_id: id }) =>
    typeof id === 'string' ? [id] : [],
  );
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) {
    throw invalid(
      ['components'],
      'COMPONENT_CUSTOM_ID_DUPLICATED',
      `Component custom id cannot be duplicated: ${twice}`,
    );
  }
}

/** 6000 characters over all embeds together (docs, Message: embed limits). */
function checkEmbeds(embeds: readonly unknown[]): void {
  const length = (embeds as ReadonlyArray<z.infer<typeof embed>>).reduce(
    (sum, one) =>
      sum +
      [one.title, one.description, one.footer?.text, one.author?.name]
        .concat((one.fields ?? []).flatMap(({ name, value }) => [name, value]))
        .reduce((total, text) => total + (text?.length ?? 0), 0),
    0,
  );
  if (length > 6000) throw invalid(['embeds'], 'MAX_EMBED_SIZE_EXCEEDED', 'Embed size exceeds maximum size of 6000');
}

function checkV2({ content, embeds, components, files }: Draft): void {
  const code = 'MESSAGE_CANNOT_USE_LEGACY_FIELDS_WITH_COMPONENTS_V2';
  if (content !== '')
    throw invalid(['content'], code, 'The content field cannot be used with MessageFlags.IS_COMPONENTS_V2');
  if (embeds.length > 0) throw invalid(['embeds'], code, 'The embeds field cannot be used with IS_COMPONENTS_V2');
  if (components.length === 0) throw refusals.empty();
  const all = [...everyComponent(components)];
  if (all.length > 40) {
    throw invalid(['components'], 'BASE_TYPE_BAD_LENGTH', `Must be 40 or fewer components in total, not ${all.length}`);
  }
  const text = all.reduce((sum, one) => sum + (one.type === 10 ? String(one.content).length : 0), 0);
  if (text > 4000) {
    const message = `The text of all components exceeds 4000 characters (${text})`;
    throw invalid(['components'], 'COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED', message);
  }
  checkFiles(components, files);
  const shown = shownFiles(components);
  const unseen = files.find((name) => !shown.has(name));
  // Discord takes such a file and shows it to nobody; the stand-in is stricter.
  if (unseen !== undefined) throw invalid(['attachments'], 'FILE_NOT_SHOWN', `No component shows the file ${unseen}`);
}

function checkLegacy({ content, embeds, components, files }: Draft): void {
  const index = components.findIndex(({ type }) => type !== 1);
  if (index !== -1) {
    throw invalid(
      ['components', index, 'type'],
      'BASE_TYPE_CHOICES',
      'Value must be one of (1,) without IS_COMPONENTS_V2',
    );
  }
  if (components.length > 5)
    throw invalid(['components'], 'BASE_TYPE_BAD_LENGTH', 'Must be between 1 and 5 in length.');
  if (content.trim() === '' && embeds.length === 0 && files.length === 0 && components.length === 0)
    throw refusals.empty();
}

function checkFiles(components: readonly TopComponent[], files: readonly string[]): void {
  const missing = [...shownFiles(components)].find((name) => !files.includes(name));
  if (missing !== undefined) {
    throw invalid(
      ['components'],
      'UNFURLED_MEDIA_ITEM_REFERENCED_ATTACHMENT_NOT_FOUND',
      `The referenced attachment ${missing} was not found`,
    );
  }
}
