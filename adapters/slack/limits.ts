/**
 * What Slack takes, each with where the number is from: @slack/types (installed), Slack's documents (docs.slack.dev), or what was seen.
 * limits.test.ts has a row for each: at the limit, one below, one over.
 */

/** Blocks of a message (@slack/types; Slack's method reference of chat.postMessage). */
export const blockLimit = 50;

/**
 * Bytes (UTF-8) of all text in a message's blocks, details of a task counted twice. Undocumented: 9,597 were taken and 11,341 refused
 * (bolt-js #2867); that bytes count, and details twice, was measured in openclaw #143882. What markdown blocks take together, 12,000
 * characters (docs, markdown block), lies above it.
 */
export const blockTextLimit = 9000;

/** Characters of `text` in chat.update; longer ones are an error there, not cut (Slack's method reference). A little less is sent. */
export const messageTextLimit = 4000;
export const messageTextRoom = 3900;

/** Characters of a header (@slack/types, HeaderBlock). */
export const headerLimit = 150;

/** Characters of an alert (nicklambourne/slackblocks, spec/limits.json, tried against Slack; Slack's own page names none). */
export const alertLimit = 200;

/** Characters of what is said aside (@slack/types, PlainTextElement). */
export const contextLimit = 3000;

/** Characters of code or a quotation in one block: what a section takes is 3,000 (@slack/types, SectionBlock). */
export const partLimit = 2900;

/** Tasks of a plan (slackblocks, spec/limits.json); characters of a task's title (ours), and of its details (256 in a stream's chunk). */
export const planLimit = 50;
export const taskTitleLimit = 150;
export const taskDetailLimit = 256;

/** Elements of a row of actions (@slack/types, ActionsBlock). */
export const rowLimit = 25;

/** Characters of a button's words, and of an option's (@slack/types). */
export const buttonTextLimit = 75;

/** Characters of an `action_id` (@slack/types). We send no `value` of a button, which takes 2,000: what a press does is its id. */
export const actionIdLimit = 255;

/** Characters of a link behind a button (@slack/types), and of any other that we write. */
export const urlLimit = 3000;

/** Characters of a question before a press, of its title, and of its answers (@slack/types, ConfirmationDialog). */
export const confirmTextLimit = 300;
export const confirmTitleLimit = 100;
export const confirmAnswerLimit = 30;

/** Blocks of a form or of a person's own page, and bytes of all of it (@slack/types, View; 250 kB: error `view_too_large`). */
export const viewBlockLimit = 100;
export const viewSizeLimit = 250_000;

/** Characters of what a form carries: where it belongs (`private_metadata`), and what it is (`callback_id`) (@slack/types, View). */
export const placeLimit = 3000;
export const formIdLimit = 255;

/** Characters of a form's title and of its buttons (@slack/types, ModalView). */
export const formTitleLimit = 24;

/** Characters of a field's label and of its hint (@slack/types, InputBlock). */
export const formLabelLimit = 2000;

/** Characters of a text field's value (@slack/types, PlainTextInput), and of a sentence above the fields. */
export const formTextLimit = 3000;

/** Characters of an option's value (@slack/types, Option; Slack's page names 150 since, the smaller one holds in both). */
export const optionValueLimit = 75;

/** Options of a menu, of checkboxes, and files of a field for files (@slack/types). */
export const menuLimit = 100;

/** Options of a menu that has more than that, in groups: Slack takes 100 of them (@slack/types), and two such menus fit into a form. */
export const groupedLimit = 500;

export const checkboxLimit = 10;
export const fileFieldLimit = 10;

/** Characters of an agent session's title (docs, agents.sessions.setStatus). */
export const sessionTitleLimit = 200;

/** Replies of a thread that one call reads; Slack gives up to 1000 and recommends 200 (docs, conversations.replies). */
export const pageLimit = 200;

/** Channels that one call reads: Slack gives fewer than 1000 (docs, users.conversations). */
export const channelPageLimit = 999;

/** Bytes of one file that are sent to Slack; a larger one is only linked to. Slack itself takes 1 GB. */
export const uploadLimit = 200 * 1024 * 1024;
