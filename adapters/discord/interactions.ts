import {
  type APIApplicationCommandAutocompleteInteraction,
  type APIApplicationCommandInteraction,
  type APIAttachment,
  type APIChatInputApplicationCommandInteraction,
  type APIInteraction,
  type APIMessageApplicationCommandInteraction,
  type APIMessageComponentInteraction,
  type APIModalSubmitInteraction,
  ApplicationCommandOptionType,
  ApplicationCommandType,
  ButtonStyle,
  ComponentType,
  InteractionResponseType,
  InteractionType,
} from 'discord.js';
import type { ChatHost, IncomingFile, InteractionReply, Sender, ThreadAddress } from '#core/chat/adapter.ts';
import type { AdapterLog } from '#core/chat/platform.ts';
import { cut } from '#core/text/cut.ts';
import { AckRefused } from './acks.ts';
import { type Answer, AnswerLost, beginAnswer, isTooLate, plain } from './answer.ts';
import type { Api } from './api.ts';
import { menuSign, sureSign } from './card.ts';
import { cannotAnswer, heardWords, lackOf, noLack } from './command-answer.ts';
import { draftCommand, slashName, taskCommand } from './commands.ts';
import { completionsFor } from './complete.ts';
import { escapeText } from './escape.ts';
import { commandFile, messageFile } from './files.ts';
import { filledIn } from './filled-in.ts';
import { drawForm } from './form.ts';
import type { Forms } from './forms.ts';
import { forwardedBy } from './forwards.ts';
import { type Home, notAtHome } from './home.ts';
import { customIdLimit, messageTextLimit } from './limits.ts';
import { senderOf } from './people.ts';
import type { Places } from './places.ts';
import { createPressedCards } from './pressed-card.ts';
import { briefMs, type Readers } from './readers.ts';
import { rightNames } from './rights.ts';
import type { FileSizes } from './sizes.ts';
import { wishOf } from './wish.ts';

export interface InteractionParts {
  readonly api: Api;
  readonly applicationId: () => string;
  readonly host: ChatHost;
  readonly places: Places;
  readonly readers: Readers;
  readonly home: Home;
  readonly sizes: FileSizes;
  readonly forms: Forms;
  readonly log: AdapterLog;
}

/** A press of "Fill in again": the sign stands before the id of the form. */
const againSign = '!';

type Problems = Extract<InteractionReply, { readonly kind: 'problems' }>['problems'];

/** Where a form can not open: in answer to another one, and when it took too long. */
const pressAgain = 'There is something to fill in: please press the button again.';

const notDone =
  'Commander could not do this just now. If the thread does not show what you asked for, please try again.';

const notShown =
  'Discord did not show Commander’s answer to this. If what you asked for is not to be seen in the thread, say it there in words.';

/** What people press, type and fill in. It is stored first, then Discord is answered. */
export function createInteractions(parts: InteractionParts) {
  const { api, applicationId, host, places, readers, home, sizes, forms, log } = parts;
  const pressedCard = createPressedCards();

  async function handle(interaction: APIInteraction): Promise<void> {
    if (interaction.type === InteractionType.ApplicationCommandAutocomplete) return complete(interaction);
    const answer = beginAnswer({ api, applicationId }, interaction);
    try {
      if (!(await home.answers(interaction))) return await answer.tell({ content: notAtHome });
      learn(interaction);
      await route(interaction, answer);
    } catch (error) {
      await explain(interaction, answer, error);
    } finally {
      answer.end();
    }
  }

  /** What an interaction says of its place: nothing of it is asked for before Discord is answered. */
  function learn({ channel, guild_id, attachment_size_limit }: APIInteraction): void {
    if (attachment_size_limit !== undefined) sizes.learn(guild_id, attachment_size_limit);
    if (channel !== undefined) places.learn({ ...channel, ...(guild_id === undefined ? {} : { guild_id }) });
  }

  async function explain({ id }: APIInteraction, answer: Answer, error: unknown): Promise<void> {
    if (isTooLate(error))
      return log.info({ error, interaction: id }, 'an answer came too late for Discord; what was asked is done');
    log.warn({ error, interaction: id }, 'an interaction could not be carried out, or its answer not be shown');
    const isDone = error instanceof AckRefused || error instanceof AnswerLost;
    await answer
      .tell({ content: isDone ? notShown : notDone })
      .catch((cause: unknown) => log.warn({ error: cause, interaction: id }, 'and Discord did not take the answer'));
  }

  async function route(interaction: APIInteraction, answer: Answer): Promise<void> {
    const { id } = interaction;
    switch (interaction.type) {
      case InteractionType.ApplicationCommand:
        return command(interaction, answer);
      case InteractionType.MessageComponent:
        return press(interaction, answer);
      case InteractionType.ModalSubmit:
        return submit(interaction, answer);
      case InteractionType.Ping:
        return undefined;
      default:
        return unknown(id);
    }
  }

  async function command(interaction: APIApplicationCommandInteraction, answer: Answer): Promise<void> {
    if (interaction.data.type === ApplicationCommandType.ChatInput)
      return typed(interaction as APIChatInputApplicationCommandInteraction, answer);
    if (interaction.data.type === ApplicationCommandType.Message && interaction.data.name === draftCommand)
      return draft(interaction as APIMessageApplicationCommandInteraction, answer);
    unknown(interaction.id);
  }

  function unknown(interaction: string): void {
    log.warn({ interaction }, 'an interaction of a kind that this version does not know');
  }

  async function typed(interaction: APIChatInputApplicationCommandInteraction, answer: Answer): Promise<void> {
    const sender = personOf(interaction);
    const { words, files } = said(interaction);
    const here = await places.addressOf(interaction.channel.id, interaction.id);
    const wish = wishOf(interaction, here.kind);
    if ('problem' in wish) return answer.tell({ content: `${wish.problem} Nothing was started.` });
    const { opens, channel, as } = wish;
    const isHere = channel === interaction.channel.id;
    const lack = isHere ? lackOf(interaction) : noLack;
    if (lack.needed.length > 0) return answer.tell({ content: cannotAnswer(lack.needed) });
    const thread = opens ? { platform: 'discord', channel, thread: interaction.id } : here.address;
    const keep = opens
      ? places.remember(thread, {
          words: cut(`**${escapeText(sender.name)}**: ${escapeText(words)}`, messageTextLimit),
          ...(as === undefined ? {} : { as, person: sender.externalId }),
        })
      : undefined;
    // A wish for a place of its own must outlive a crash: elsewhere it would be seen by others.
    if (as !== undefined) await keep?.('known');
    const readBy = as === 'private' ? 'thread' : await readers.of(channel, briefMs);
    const taken = await host.accept({
      externalId: interaction.id,
      thread,
      sender,
      text: words,
      files,
      addressed: true,
      opensThread: opens,
      ...(readBy === undefined ? {} : { readBy }),
    });
    const missing =
      lack.wanted.length === 0 ? '' : ` The bot lacks ${rightNames(lack.wanted)} here, so something will be left away.`;
    await answer.tell({ content: `${heardWords(wish, isHere)}${missing}` });
    await keep?.(taken.new ? 'new' : 'known');
  }

  /** The words that mean the same as a typed command. */
  function said({ data }: APIChatInputApplicationCommandInteraction): { words: string; files: IncomingFile[] } {
    const values: Record<string, string> = {};
    const files: IncomingFile[] = [];
    for (const option of data.options ?? []) {
      if (option.type === ApplicationCommandOptionType.Attachment) {
        const file: APIAttachment | undefined = data.resolved?.attachments?.[option.value];
        if (file !== undefined) files.push(commandFile(file));
      } else if ('value' in option) values[option.name] = String(option.value);
    }
    if (data.name === taskCommand) return { words: values.request ?? '', files };
    const described = host.commands().find(({ name }) => slashName(name) === data.name);
    return { words: described?.say(values) ?? data.name.replaceAll('-', ' '), files };
  }

  async function draft(interaction: APIMessageApplicationCommandInteraction, answer: Answer): Promise<void> {
    const { data } = interaction;
    const lack = lackOf(interaction);
    if (lack.needed.length > 0) return answer.tell({ content: cannotAnswer(lack.needed) });
    const message = data.resolved.messages[data.target_id];
    if (message === undefined) return answer.tell({ content: 'This message is gone.' });
    const { address } = await places.addressOf(interaction.channel.id, message.id);
    const readBy = await readers.of(interaction.channel.id, briefMs);
    const pointed = {
      externalId: message.id,
      thread: address,
      ...(readBy === undefined ? {} : { readBy }),
      author: senderOf(message.author).name,
      text: [message.content, ...forwardedBy(message).map(({ text }) => text)].join('\n\n').trim(),
      files: message.attachments.map((file) => messageFile(interaction.channel.id, message.id, file)),
    };
    await reply(interaction, answer, await host.draft(pointed, personOf(interaction)));
  }

  async function complete(interaction: APIApplicationCommandAutocompleteInteraction): Promise<void> {
    try {
      const choices = await completionsFor({ host, home, log }, interaction, personOf(interaction));
      const type = InteractionResponseType.ApplicationCommandAutocompleteResult;
      await api.acks.answer(interaction, { type, data: { choices } });
    } catch (error) {
      log.info({ error, interaction: interaction.id }, 'a menu stays empty: Discord did not take what is in it');
    }
  }

  async function press(interaction: APIMessageComponentInteraction, answer: Answer): Promise<void> {
    const { custom_id } = interaction.data;
    if (custom_id.startsWith(againSign)) return openAgain(interaction, answer, custom_id.slice(againSign.length));
    if (custom_id.startsWith(sureSign)) return askFirst(answer, custom_id.slice(sureSign.length));
    const thread = await threadOf(interaction);
    const chosen = 'values' in interaction.data ? interaction.data.values[0] : undefined;
    const action = custom_id.startsWith(menuSign) ? (chosen ?? '') : custom_id;
    const pressed = { externalId: interaction.id, action, thread, sender: personOf(interaction) };
    await reply(interaction, answer, await host.press(pressed));
  }

  async function openAgain(interaction: APIMessageComponentInteraction, answer: Answer, id: string): Promise<void> {
    const modal = await forms.again(personOf(interaction).externalId, id);
    if (modal === undefined) return answer.tell({ content: 'This form is no longer known: please open it anew.' });
    await reply(interaction, answer, { kind: 'modal', modal });
  }

  /** Discord has no question before a press: it is a message that only the presser sees. */
  async function askFirst(answer: Answer, action: string): Promise<void> {
    const button = { type: ComponentType.Button, style: ButtonStyle.Danger, label: 'Yes, do it', custom_id: action };
    await answer.tell({
      content: 'Are you sure? Dismiss this message to leave everything as it is.',
      components: [{ type: ComponentType.ActionRow, components: [button] }],
    });
  }

  async function submit(interaction: APIModalSubmitInteraction, answer: Answer): Promise<void> {
    const { values, files } = filledIn(interaction);
    const thread = await threadOf(interaction);
    const { id: externalId, data } = interaction;
    const sender = personOf(interaction);
    const submission = { externalId, modalId: data.custom_id, thread, sender, values, files };
    await reply(interaction, answer, await host.submit(submission));
  }

  async function threadOf(
    interaction: APIMessageComponentInteraction | APIModalSubmitInteraction,
  ): Promise<ThreadAddress> {
    const { address } = await places.addressOf(
      interaction.channel?.id ?? interaction.channel_id ?? '',
      interaction.message === undefined ? interaction.id : pressedCard(interaction.message),
    );
    return address;
  }

  /** Shows what the application replies. */
  async function reply(interaction: APIInteraction, answer: Answer, given: InteractionReply): Promise<void> {
    if (given.kind === 'problems' && interaction.type === InteractionType.ModalSubmit)
      return giveProblems(interaction, answer, given.problems);
    // A form without fields only tells something: that is a message to the presser alone.
    if (given.kind === 'modal' && given.modal.fields.length > 0 && interaction.type !== InteractionType.ModalSubmit) {
      const keep = forms.opened(personOf(interaction).externalId, given.modal);
      const form = { type: InteractionResponseType.Modal, data: drawForm(given.modal) };
      if (await answer.give(form)) return await keep();
    }
    if (given.kind === 'done' && interaction.type === InteractionType.MessageComponent)
      if (await answer.give({ type: InteractionResponseType.DeferredMessageUpdate })) return;
    await answer.tell(plain(wordsOf(given)));
  }

  /** What is wrong with a form, and a button that opens it again as it was sent; else at least the words are not lost. */
  async function giveProblems(interaction: APIModalSubmitInteraction, answer: Answer, problems: Problems) {
    const { values } = filledIn(interaction);
    const { custom_id } = interaction.data;
    const hasRoom = custom_id.length + againSign.length <= customIdLimit;
    const isKept = hasRoom && (await forms.keep(personOf(interaction).externalId, custom_id, values));
    const button = { type: ComponentType.Button, style: ButtonStyle.Primary, label: 'Fill in again' };
    const again = { type: ComponentType.ActionRow, components: [{ ...button, custom_id: `${againSign}${custom_id}` }] };
    const rest = isKept ? [] : ['Please open the form again. You wrote:', ...Object.values(values)];
    await answer.tell({ ...plain([...Object.values(problems), ...rest]), components: isKept ? [again] : [] });
  }

  return { handle };
}

export type Interactions = ReturnType<typeof createInteractions>;

/** What only the presser is told. */
function wordsOf(reply: InteractionReply): readonly string[] {
  switch (reply.kind) {
    case 'done':
      return ['Done.'];
    case 'notice':
      return [reply.text];
    case 'problems':
      return [...Object.values(reply.problems), 'Please open the form again.'];
    case 'modal': {
      const { title, intro, fields } = reply.modal;
      return fields.length === 0 ? [title, ...intro] : [...intro, pressAgain];
    }
  }
}

function personOf({ user, member }: Pick<APIInteraction, 'user' | 'member'>): Sender {
  const person = member?.user ?? user;
  if (person === undefined) throw new TypeError('an interaction has a person');
  return senderOf(person, member);
}
