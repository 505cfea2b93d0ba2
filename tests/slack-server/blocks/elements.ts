import { z } from 'zod';
import { richText } from './rich-text.ts';
import { anyText, pictureSource, plainText } from './text.ts';

/** Limits are those of the installed @slack/types, block-kit/block-elements and composition-objects. */

const actionId = { action_id: z.string().min(1).max(255).optional() };
const color = z.enum(['primary', 'danger']).optional();
const confirm = {
  confirm: z
    .strictObject({
      title: plainText(100).optional(),
      text: anyText(300),
      confirm: plainText(30).optional(),
      deny: plainText(30).optional(),
      style: color,
    })
    .optional(),
};
const focus = { focus_on_load: z.boolean().optional() };
const placeholder = { placeholder: plainText(150).optional() };
const dispatch = {
  dispatch_action_config: z
    .strictObject({
      trigger_actions_on: z
        .array(z.enum(['on_enter_pressed', 'on_character_entered']))
        .min(1)
        .optional(),
    })
    .optional(),
};
const label = { accessibility_label: z.string().max(75).optional() };
const several = { max_selected_items: z.int().min(1).optional() };

/** One choice of a menu. */
export const option = z.strictObject({
  text: plainText(75),
  value: z.string().min(1).max(75),
  description: plainText(75).optional(),
});
const markedOption = option.extend({ text: anyText(75), description: anyText(75).optional() });
const linkOption = option.extend({ url: z.string().max(3000).optional() });
const choices = {
  options: z.array(option).min(1).max(100).optional(),
  option_groups: z
    .array(z.strictObject({ label: plainText(75), options: z.array(option).min(1).max(100) }))
    .min(1)
    .max(100)
    .optional(),
};
const menu = { ...actionId, ...confirm, ...focus, ...placeholder };

export const button = z.strictObject({
  type: z.literal('button'),
  ...actionId,
  ...confirm,
  ...label,
  text: plainText(75),
  value: z.string().max(2000).optional(),
  url: z.string().max(3000).optional(),
  style: color,
});
const staticSelect = z.strictObject({
  type: z.literal('static_select'),
  ...menu,
  ...choices,
  initial_option: option.optional(),
});
const multiStaticSelect = z.strictObject({
  type: z.literal('multi_static_select'),
  ...menu,
  ...several,
  ...choices,
  initial_options: z.array(option).min(1).max(100).optional(),
});
const externalSelect = z.strictObject({
  type: z.literal('external_select'),
  ...menu,
  initial_option: option.optional(),
  min_query_length: z.int().min(0).optional(),
});
const usersSelect = z.strictObject({ type: z.literal('users_select'), ...menu, initial_user: z.string().optional() });
const channelsSelect = z.strictObject({
  type: z.literal('channels_select'),
  ...menu,
  initial_channel: z.string().optional(),
  response_url_enabled: z.boolean().optional(),
});
const conversationsSelect = z.strictObject({
  type: z.literal('conversations_select'),
  ...menu,
  initial_conversation: z.string().optional(),
  default_to_current_conversation: z.boolean().optional(),
  response_url_enabled: z.boolean().optional(),
  filter: z
    .strictObject({
      include: z
        .array(z.enum(['im', 'mpim', 'private', 'public']))
        .min(1)
        .optional(),
      exclude_external_shared_channels: z.boolean().optional(),
      exclude_bot_users: z.boolean().optional(),
    })
    .optional(),
});
const multiUsersSelect = z.strictObject({
  type: z.literal('multi_users_select'),
  ...menu,
  ...several,
  initial_users: z.array(z.string()).optional(),
});
const multiExternalSelect = z.strictObject({
  type: z.literal('multi_external_select'),
  ...menu,
  ...several,
  initial_options: z.array(option).min(1).max(100).optional(),
  min_query_length: z.int().min(0).optional(),
});
const multiChannelsSelect = z.strictObject({
  type: z.literal('multi_channels_select'),
  ...menu,
  ...several,
  initial_channels: z.array(z.string()).optional(),
});
const multiConversationsSelect = conversationsSelect
  .omit({ initial_conversation: true, response_url_enabled: true })
  .extend({
    type: z.literal('multi_conversations_select'),
    ...several,
    initial_conversations: z.array(z.string()).optional(),
  });
const checkboxes = z.strictObject({
  type: z.literal('checkboxes'),
  ...actionId,
  ...confirm,
  ...focus,
  options: z.array(markedOption).min(1).max(10),
  initial_options: z.array(markedOption).min(1).max(10).optional(),
});
const radioButtons = z.strictObject({
  type: z.literal('radio_buttons'),
  ...actionId,
  ...confirm,
  ...focus,
  options: z.array(markedOption).min(1).max(10),
  initial_option: markedOption.optional(),
});
const datepicker = z.strictObject({
  type: z.literal('datepicker'),
  ...menu,
  initial_date: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/)
    .optional(),
});
const timepicker = z.strictObject({
  type: z.literal('timepicker'),
  ...menu,
  initial_time: z
    .string()
    .regex(/^\d{2}:\d{2}$/)
    .optional(),
  timezone: z.string().optional(),
});
const datetimepicker = z.strictObject({
  type: z.literal('datetimepicker'),
  ...actionId,
  ...confirm,
  ...focus,
  initial_date_time: z.int().min(1_000_000_000).max(9_999_999_999).optional(),
});
const overflow = z.strictObject({
  type: z.literal('overflow'),
  ...actionId,
  ...confirm,
  options: z.array(linkOption).min(1).max(5),
});
const written = { ...actionId, ...dispatch, ...focus, ...placeholder };
const textInput = z.strictObject({
  type: z.literal('plain_text_input'),
  ...written,
  initial_value: z.string().max(3000).optional(),
  multiline: z.boolean().optional(),
  min_length: z.int().min(0).max(3000).optional(),
  max_length: z.int().min(1).max(3000).optional(),
});
const numberInput = z.strictObject({
  type: z.literal('number_input'),
  ...written,
  is_decimal_allowed: z.boolean(),
  initial_value: z.string().optional(),
  min_value: z.string().optional(),
  max_value: z.string().optional(),
});
const emailInput = z.strictObject({
  type: z.literal('email_text_input'),
  ...written,
  initial_value: z.string().optional(),
});
const urlInput = z.strictObject({
  type: z.literal('url_text_input'),
  ...written,
  initial_value: z.string().optional(),
});
const richTextInput = z.strictObject({
  type: z.literal('rich_text_input'),
  ...written,
  initial_value: richText.optional(),
  min_lines: z.int().min(1).max(100).optional(),
  max_lines: z.int().min(1).max(100).optional(),
});
const fileInput = z.strictObject({
  type: z.literal('file_input'),
  ...actionId,
  filetypes: z.array(z.string().min(1)).min(1).optional(),
  max_files: z.int().min(1).max(10).optional(),
});
const feedback = z.strictObject({ text: plainText(75), value: z.string().max(2000), ...label });
const feedbackButtons = z.strictObject({
  type: z.literal('feedback_buttons'),
  ...actionId,
  positive_button: feedback,
  negative_button: feedback,
});
const iconButton = z.strictObject({
  type: z.literal('icon_button'),
  ...actionId,
  ...confirm,
  ...label,
  icon: z.string().min(1),
  text: plainText(75),
  value: z.string().max(2000).optional(),
  visible_to_user_ids: z.array(z.string()).max(10).optional(),
});
const workflowButton = z.strictObject({
  type: z.literal('workflow_button'),
  ...actionId,
  ...confirm,
  ...label,
  text: plainText(75),
  style: color,
  workflow: z.strictObject({
    trigger: z.strictObject({
      url: z.url(),
      customizable_input_parameters: z.array(z.strictObject({ name: z.string(), value: z.string() })).optional(),
    }),
  }),
});
export const picture = z.strictObject({
  type: z.literal('image'),
  alt_text: z.string().min(1).max(2000),
  ...pictureSource,
});

const menus = [
  staticSelect,
  multiStaticSelect,
  externalSelect,
  usersSelect,
  multiUsersSelect,
  multiExternalSelect,
  channelsSelect,
  multiChannelsSelect,
  conversationsSelect,
  multiConversationsSelect,
] as const;
const pickers = [checkboxes, radioButtons, datepicker, timepicker] as const;

/** What an actions block may hold. */
export const actionElement = z.discriminatedUnion('type', [
  button,
  overflow,
  ...menus,
  ...pickers,
  datetimepicker,
  richTextInput,
  workflowButton,
]);
/** What may stand beside a section. */
export const accessory = z.discriminatedUnion('type', [
  button,
  overflow,
  picture,
  workflowButton,
  ...menus,
  ...pickers,
]);
/** What an input block may hold. */
export const inputElement = z.discriminatedUnion('type', [
  ...menus,
  ...pickers,
  datetimepicker,
  textInput,
  numberInput,
  emailInput,
  urlInput,
  richTextInput,
  fileInput,
]);
/** What a context_actions block may hold. */
export const contextAction = z.discriminatedUnion('type', [feedbackButtons, iconButton]);
