import {
  type APIApplicationCommandAutocompleteInteraction,
  type APIApplicationCommandInteraction,
  type APIApplicationCommandOptionChoice,
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
  MessageFlags,
  Routes,
} from 'discord.js';
import type { ChatHost, IncomingFile, InteractionReply, Sender, ThreadAddress } from '#core/chat/adapter.ts';
import type { AdapterLog } from '#core/chat/platform.ts';
import { cut } from '#core/text/cut.ts';
import { AckLate, AckRefused } from './acks.ts';
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
import { contentLimit, customIdLimit, messageTextLimit } from './limits.ts';
import { senderOf } from './people.ts';
import type { Places } from './places.ts';
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

/** After this an answer that is not there yet is promised, in milliseconds: Discord waits 3 s. */
const promiseMs = 1800;

/** Where a form can not open: in answer to another one, and when it took too long. */
const pressAgain = 'There is something to fill in: please press the button again.';

const quiet = MessageFlags.Ephemeral;

/** What people press, type and fill in. It is stored first, then Discord is answered. */
export function createInteractions(parts: InteractionParts) {
  const { api, applicationId, host, places, readers, home, sizes, forms, log } = parts;

  async function handle(interaction: APIInteraction): Promise<void> {
    try {
      if (interaction.attachment_size_limit !== undefined)
        sizes.learn(interaction.guild_id, interaction.attachment_size_limit);
      if (await home.answers(interaction)) await route(interaction);
      else await turnAway(interaction);
    } catch (error) {
      if (error instanceof AckRefused || error instanceof AckLate) {
        // Also what an earlier process was sent, and is sent again after a restart: its 3 s are long over.
        log.info({ error, interaction: interaction.id }, 'an answer came too late for Discord; what was asked is done');
        return;
      }
      log.warn({ error, interaction: interaction.id }, 'an interaction could not be carried out');
      // A menu takes no words, and needs none.
      if (interaction.type === InteractionType.ApplicationCommandAutocomplete) return;
      await tell(interaction, 'Commander could not do this just now. Nothing was changed; please try again.').catch(
        (cause: unknown) => log.warn({ error: cause }, 'and Discord did not take the answer'),
      );
    }
  }

  async function turnAway(interaction: APIInteraction): Promise<void> {
    if (interaction.type === InteractionType.ApplicationCommandAutocomplete) return offer(interaction, []);
    if (interaction.type !== InteractionType.Ping) return tell(interaction, notAtHome);
  }

  async function route(interaction: APIInteraction): Promise<void> {
    switch (interaction.type) {
      case InteractionType.ApplicationCommand:
        return command(interaction);
      case InteractionType.ApplicationCommandAutocomplete:
        return complete(interaction);
      case InteractionType.MessageComponent:
        return press(interaction);
      case InteractionType.ModalSubmit:
        return submit(interaction);
      case InteractionType.Ping:
        return undefined;
      default:
        log.info({ interaction }, 'an interaction of a kind that this version does not know');
    }
  }

  async function command(interaction: APIApplicationCommandInteraction): Promise<void> {
    if (interaction.data.type === ApplicationCommandType.ChatInput)
      return typed(interaction as APIChatInputApplicationCommandInteraction);
    if (interaction.data.type === ApplicationCommandType.Message && interaction.data.name === draftCommand)
      return draft(interaction as APIMessageApplicationCommandInteraction);
  }

  async function typed(interaction: APIChatInputApplicationCommandInteraction): Promise<void> {
    const sender = personOf(interaction);
    const { words, files } = said(interaction);
    const { guild_id } = interaction;
    places.learn({ ...interaction.channel, ...(guild_id === undefined ? {} : { guild_id }) });
    const here = await places.addressOf(interaction.channel.id, interaction.id);
    const wish = wishOf(interaction, here.kind);
    if ('problem' in wish) return tell(interaction, `${wish.problem} Nothing was started.`);
    const { opens, channel, as } = wish;
    const isHere = channel === interaction.channel.id;
    const lack = isHere ? lackOf(interaction) : noLack;
    if (lack.needed.length > 0) return tell(interaction, cannotAnswer(lack.needed));
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
    await tell(interaction, `${heardWords(wish, isHere)}${missing}`);
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

  async function draft(interaction: APIMessageApplicationCommandInteraction): Promise<void> {
    const { data } = interaction;
    const lack = lackOf(interaction);
    if (lack.needed.length > 0) return tell(interaction, cannotAnswer(lack.needed));
    const message = data.resolved.messages[data.target_id];
    if (message === undefined) return tell(interaction, 'This message is gone.');
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
    await answer(interaction, () => host.draft(pointed, personOf(interaction)));
  }

  async function complete(interaction: APIApplicationCommandAutocompleteInteraction): Promise<void> {
    await offer(interaction, await completionsFor({ host, log }, interaction, personOf(interaction)));
  }

  async function offer(interaction: APIInteraction, choices: readonly APIApplicationCommandOptionChoice[]) {
    await api.acks.answer(interaction, {
      type: InteractionResponseType.ApplicationCommandAutocompleteResult,
      data: { choices },
    });
  }

  async function press(interaction: APIMessageComponentInteraction): Promise<void> {
    const { custom_id } = interaction.data;
    if (custom_id.startsWith(againSign)) return openAgain(interaction, custom_id.slice(againSign.length));
    if (custom_id.startsWith(sureSign)) return askFirst(interaction, custom_id.slice(sureSign.length));
    const thread = await threadOf(interaction);
    const chosen = 'values' in interaction.data ? interaction.data.values[0] : undefined;
    const action = custom_id.startsWith(menuSign) ? (chosen ?? '') : custom_id;
    await answer(interaction, () => host.press({ action, thread, sender: personOf(interaction) }));
  }

  async function openAgain(interaction: APIMessageComponentInteraction, modalId: string): Promise<void> {
    const modal = await forms.again(personOf(interaction).externalId, modalId);
    if (modal === undefined) return tell(interaction, 'This form is no longer known: please open it anew.');
    await give(interaction, { kind: 'modal', modal });
  }

  /** Discord has no question before a press: it is a message that only the presser sees. */
  async function askFirst(interaction: APIMessageComponentInteraction, action: string): Promise<void> {
    const button = { type: ComponentType.Button, style: ButtonStyle.Danger, label: 'Yes, do it', custom_id: action };
    await api.acks.answer(interaction, {
      type: InteractionResponseType.ChannelMessageWithSource,
      data: {
        flags: quiet,
        content: 'Are you sure? Dismiss this message to leave everything as it is.',
        components: [{ type: ComponentType.ActionRow, components: [button] }],
      },
    });
  }

  async function submit(interaction: APIModalSubmitInteraction): Promise<void> {
    const { values, files } = filledIn(interaction);
    const thread = await threadOf(interaction);
    const submission = { modalId: interaction.data.custom_id, thread, sender: personOf(interaction), values, files };
    await answer(interaction, () => host.submit(submission));
  }

  async function threadOf(
    interaction: APIMessageComponentInteraction | APIModalSubmitInteraction,
  ): Promise<ThreadAddress> {
    const { address } = await places.addressOf(
      interaction.channel?.id ?? interaction.channel_id ?? '',
      interaction.message?.id ?? interaction.id,
    );
    return address;
  }

  /** Gives the application's answer; one that takes long is promised first, and then can no longer be a form. */
  async function answer(interaction: APIInteraction, work: () => Promise<InteractionReply>): Promise<void> {
    const reply = work();
    const late = Symbol('late');
    const timer = Promise.withResolvers<typeof late>();
    const timeout = setTimeout(() => timer.resolve(late), promiseMs);
    const first = await Promise.race([reply, timer.promise]).finally(() => clearTimeout(timeout));
    if (first !== late) return give(interaction, first);
    const promise = { type: InteractionResponseType.DeferredChannelMessageWithSource, data: { flags: quiet } };
    await api.acks.answer(interaction, promise);
    const words = wordsOf(await reply) ?? 'Done.';
    await api.rest.patch(Routes.webhookMessage(applicationId(), interaction.token), {
      auth: false,
      body: { content: words, allowed_mentions: { parse: [] } },
    });
  }

  async function give(interaction: APIInteraction, reply: InteractionReply): Promise<void> {
    if (reply.kind === 'modal' && interaction.type !== InteractionType.ModalSubmit) {
      const data = drawForm(reply.modal);
      // A form without fields only tells something: that is a message to the presser alone.
      if (reply.modal.fields.length === 0)
        return tell(interaction, [reply.modal.title, ...reply.modal.intro].map(escapeText).join('\n'));
      await api.acks.answer(interaction, { type: InteractionResponseType.Modal, data });
      return forms.opened(personOf(interaction).externalId, reply.modal);
    }
    if (reply.kind === 'problems' && interaction.type === InteractionType.ModalSubmit)
      return giveProblems(interaction, reply.problems);
    const words = wordsOf(reply);
    if (words !== undefined) return tell(interaction, words);
    if (interaction.type === InteractionType.MessageComponent)
      return api.acks.answer(interaction, { type: InteractionResponseType.DeferredMessageUpdate });
    return tell(interaction, 'Done.');
  }

  /** What is wrong with a form, and a button that opens it again as it was sent; else at least the words are not lost. */
  async function giveProblems(interaction: APIModalSubmitInteraction, problems: Problems): Promise<void> {
    const { values } = filledIn(interaction);
    const { custom_id } = interaction.data;
    const hasRoom = custom_id.length + againSign.length <= customIdLimit;
    const isKept = hasRoom && (await forms.keep(personOf(interaction).externalId, custom_id, values));
    const button = { type: ComponentType.Button, style: ButtonStyle.Primary, label: 'Fill in again' };
    const again = { type: ComponentType.ActionRow, components: [{ ...button, custom_id: `${againSign}${custom_id}` }] };
    const rest = isKept ? [] : ['Please open the form again. You wrote:', ...Object.values(values)];
    await tell(interaction, [...Object.values(problems), ...rest].map(escapeText).join('\n'), isKept ? [again] : []);
  }

  async function tell(interaction: APIInteraction, words: string, components: readonly object[] = []): Promise<void> {
    const data = { flags: quiet, content: cut(words, contentLimit), allowed_mentions: { parse: [] } };
    await api.acks.answer(interaction, {
      type: InteractionResponseType.ChannelMessageWithSource,
      data: components.length === 0 ? data : { ...data, components },
    });
  }

  return { handle };
}

export type Interactions = ReturnType<typeof createInteractions>;

/** What only the presser is told; nothing when the thread says it. */
function wordsOf(reply: InteractionReply): string | undefined {
  switch (reply.kind) {
    case 'done':
      return undefined;
    case 'notice':
      return escapeText(reply.text);
    case 'problems':
      return [...Object.values(reply.problems), 'Please open the form again.'].map(escapeText).join('\n');
    case 'modal':
      return escapeText([...reply.modal.intro, ...(reply.modal.fields.length === 0 ? [] : [pressAgain])].join('\n'));
  }
}

function personOf({ user, member }: Pick<APIInteraction, 'user' | 'member'>): Sender {
  const person = member?.user ?? user;
  if (person === undefined) throw new TypeError('an interaction has a person');
  return senderOf(person, member);
}
