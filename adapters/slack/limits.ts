/** Blocks of a message (@slack/types; Slack's method reference of chat.postMessage). */
export const blockLimit = 50;

/** Blocks of a person's own page (@slack/types, HomeView). */
export const homeBlockLimit = 100;

/** Characters of all text in a message's blocks: undocumented, 9,597 were taken and 11,341 refused (bolt-js #2867). */
export const blockTextLimit = 9000;

/** Characters of `text` in chat.update; longer ones are an error there, not cut (Slack's method reference). */
export const messageTextLimit = 4000;

/** Characters of a header (@slack/types, HeaderBlock). */
export const headerLimit = 150;

/** Elements of a row of actions (@slack/types, ActionsBlock). */
export const rowLimit = 25;

/** Characters of a button's words, and of an option's (@slack/types). */
export const buttonTextLimit = 75;

/** Characters of an `action_id` (@slack/types). */
export const actionIdLimit = 255;

/** Characters of a link behind a button (@slack/types). */
export const urlLimit = 3000;

/** Characters of a question before a press, of its title, and of its answers (@slack/types, ConfirmationDialog). */
export const confirmTextLimit = 300;
export const confirmTitleLimit = 100;
export const confirmAnswerLimit = 30;

/** Characters of a form's title and of its buttons (@slack/types, ModalView). */
export const formTitleLimit = 24;

/** Characters of a field's label (@slack/types, InputBlock). */
export const formLabelLimit = 2000;

/** Characters of a text field's value (@slack/types, PlainTextInput). */
export const formTextLimit = 3000;

/** Characters of an option's value (@slack/types, Option: 150 for menus, 75 where it is not said). */
export const optionValueLimit = 75;

/** Options of a menu, and of checkboxes (@slack/types). */
export const menuLimit = 100;
export const checkboxLimit = 10;

/** Characters of an agent session's title (docs, agents.sessions.setStatus). */
export const sessionTitleLimit = 200;

/** Replies of a thread that one call reads; Slack gives up to 1000 and recommends 200 (docs, conversations.replies). */
export const pageLimit = 200;
