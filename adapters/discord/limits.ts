/** Characters of all text displays of a message together (Components V2; JDA's documentation, seen as 400s by kimaki). */
export const messageTextLimit = 4000;

/** Components of a message together, nested ones too (docs, Components: since 2025-04-29). */
export const componentLimit = 40;

/** Characters of a message's `content` (docs, Message: for bots). UTF-16 units: the stricter reading. */
export const contentLimit = 2000;

/** Buttons of an action row (docs, Components). */
export const rowButtonLimit = 5;

/** Action rows of a message without the newer components (docs, Components). */
export const rowLimit = 5;

/** Characters of a button's label (docs, Components). */
export const buttonLabelLimit = 80;

/** Characters of a `custom_id` (docs, Components). */
export const customIdLimit = 100;

/** Characters of a thread's name (docs, Channel). */
export const threadNameLimit = 100;

/** Characters of a form's title, and of a field's label (docs, Components: Modal, Label). */
export const formLabelLimit = 45;

/** Fields of a form: Discord's documentation says 5 and its description 40; 5 is safe (docs, Interactions). */
export const formFieldLimit = 5;

/** Characters of a text field's value (docs, Components: Text Input). */
export const formTextLimit = 4000;

/** Options of a menu, and completions of an option (docs, Components, Application Commands). */
export const optionLimit = 25;

/** Characters of an option's label, value and description (docs, Components: String Select). */
export const optionTextLimit = 100;

/** Characters of what a menu shows before something is chosen (docs, Components: String Select). */
export const placeholderLimit = 150;

/** Files of a message (Discord's API description). */
export const fileLimit = 10;

/** Bytes of one file where the place does not say more (docs, Reference: Uploading Files). */
export const fileBytesLimit = 10 * 1024 * 1024;

/** Items of a gallery (docs, Components: Media Gallery). */
export const galleryLimit = 10;

/** Characters of a picture's description (Discord's API description). */
export const altTextLimit = 1024;

/** Commands that people type, of one scope (docs, Application Commands). */
export const commandLimit = 100;

/**
 * A message older than this is left as it is and continued in a new one, in milliseconds: edits past an hour have a limit of
 * their own, unpublished (error 30046).
 */
export const frozenAfterMs = 50 * 60_000;
