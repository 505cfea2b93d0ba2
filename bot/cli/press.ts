import type { InteractionReply } from '#core/chat/adapter.ts';
import type { Button } from '#core/chat/card.ts';
import type { ChatMessage } from '#core/chat/chat-store.ts';
import type { Modal, ModalField } from '#core/chat/modal.ts';
import { joinWords } from '#core/text/list.ts';
import { plainText } from '#core/text/sanitise.ts';
import { WrongUse } from './arguments.ts';
import type { ChatClient } from './chat-client.ts';
import { pressable } from './print-card.ts';
import type { Terminal } from './terminal.ts';

type Pressable = ReturnType<typeof pressable>[number];

/** A button, and the message whose card has it. */
export interface FoundButton {
  readonly message: ChatMessage;
  readonly button: Pressable;
}

/** The button of that label on the newest card that has it, in any case. @throws WrongUse that says which there are */
export function findButton(messages: readonly ChatMessage[], label: string): FoundButton {
  const all = messages.flatMap((message) =>
    message.card === undefined ? [] : pressable(message.card).map((button) => ({ message, button })),
  );
  const found = all.findLast(({ button }) => button.label.toLowerCase() === label.toLowerCase());
  if (found !== undefined) return found;
  const names = [...new Set(all.map(({ button }) => `“${plainText(button.label)}”`))];
  throw new WrongUse(
    names.length === 0
      ? 'No card of this thread has a button now.'
      : `No card of this thread has a button “${label}”. There are: ${joinWords(names)}.`,
  );
}

/** What to type to press one of these buttons of a thread. */
export function howToPress(labels: readonly string[], thread: string): string {
  const names = labels.map((label) => plainText(label, { singleLine: true }));
  return `Buttons: ${names.join(' · ')}. Press one: commander --thread ${thread} --press "${names[0]}"`;
}

/** Presses a button, and fills the form that it opens at the terminal. Whether it was done. */
export async function pressButton(
  client: ChatClient,
  { message, button }: FoundButton,
  terminal: Terminal,
): Promise<boolean> {
  const reply = await client.press(message.id, button.action);
  return tellReply(reply, button, { client, terminal, message });
}

/** Offers the buttons of a card; presses the one that is chosen. `undefined` when none is, or the signal ends the question. */
export async function offerButtons(
  client: ChatClient,
  message: ChatMessage,
  terminal: Terminal,
  signal?: AbortSignal,
): Promise<boolean | undefined> {
  const buttons = message.card === undefined ? [] : pressable(message.card);
  const { ask, print } = terminal;
  if (ask === undefined || buttons.length === 0) return undefined;
  for (const [index, { label }] of buttons.entries())
    print(`  ${index + 1}  ${plainText(label, { singleLine: true })}`);
  const said = await ask(`Which one, 1 to ${buttons.length}? Enter: none. `, signal);
  const button = buttons[Number(said?.trim() || 0) - 1];
  return button === undefined ? undefined : pressButton(client, { message, button }, terminal);
}

interface Where {
  readonly client: ChatClient;
  readonly terminal: Terminal;
  readonly message: ChatMessage;
}

async function tellReply(reply: InteractionReply, { label }: Button, where: Where): Promise<boolean> {
  const { print } = where.terminal;
  switch (reply.kind) {
    case 'done':
      print(`Done: ${plainText(label, { singleLine: true })}`);
      return true;
    case 'notice':
      print(plainText(reply.text));
      return reply.tone === 'success';
    case 'problems':
      for (const problem of Object.values(reply.problems)) print(plainText(problem));
      return false;
    case 'modal':
      return fillForm(reply.modal, { label }, where);
  }
}

async function fillForm(modal: Modal, button: Button, where: Where): Promise<boolean> {
  const { print, ask } = where.terminal;
  print(plainText(modal.title));
  for (const sentence of modal.intro) print(`  ${plainText(sentence)}`);
  // A form without fields only tells something.
  if (modal.fields.length === 0) return true;
  if (ask === undefined) throw new WrongUse(`“${button.label}” opens a form: press it at a terminal, or in the chat.`);
  const values: Record<string, string> = {};
  for (const field of modal.fields) {
    const said = await askField(field, where.terminal, ask);
    if (said === undefined) {
      print('Nothing was sent.');
      return false;
    }
    values[field.name] = said;
  }
  const reply = await where.client.submit(where.message.id, { modalId: modal.id, values });
  return tellReply(reply, { label: modal.submit }, where);
}

/** What a person says in a field; an empty line leaves it as it is. */
async function askField(
  field: ModalField,
  { print }: Terminal,
  ask: (question: string) => Promise<string | undefined>,
): Promise<string | undefined> {
  const label = plainText(field.label, { singleLine: true });
  if (field.kind === 'file') return '';
  if (field.kind === 'text') return given(await ask(`${label}${hint(field.value)}: `), field.value ?? '');
  for (const [index, option] of field.options.entries())
    print(`  ${index + 1}  ${plainText(option.label, { singleLine: true })}`);
  const many = field.kind === 'checkboxes';
  const now = field.kind === 'checkboxes' ? field.values.join('\n') : (field.value ?? field.options[0]?.value ?? '');
  const said = await ask(`${label} (${many ? 'numbers with spaces' : 'a number'}; Enter: as it is): `);
  if (said === undefined || said.trim() === '') return given(said, now);
  const chosen = said
    .trim()
    .split(/[\s,]+/)
    .map((number) => field.options[Number(number) - 1]?.value ?? '');
  return chosen.slice(0, many ? undefined : 1).join('\n');
}

function given(said: string | undefined, otherwise: string): string | undefined {
  return said === '' ? otherwise : said;
}

function hint(value: string | undefined): string {
  return value === undefined || value === ''
    ? ''
    : ` (Enter: ${plainText(value, { singleLine: true, maxLength: 60 })})`;
}
