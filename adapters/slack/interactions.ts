import type { ModalView } from '@slack/types';
import type {
  ButtonPress,
  ChatHost,
  IncomingFile,
  InteractionReply,
  Sender,
  ThreadAddress,
} from '#core/chat/adapter.ts';
import type { AdapterLog } from '#core/chat/platform.ts';
import { addressOf, type CommandThreads, globalId, placeOf } from './addresses.ts';
import type { Answers } from './answers.ts';
import { menuSign } from './card.ts';
import { incomingFile } from './downloads.ts';
import { actionsShape, commandShape, fieldShape, shortcutShape, submissionShape } from './envelopes.ts';
import { slackError } from './failures.ts';
import { drawForm } from './form.ts';
import { formOf } from './home.ts';
import { insist } from './insist.ts';
import { briefMs, type People } from './people.ts';
import { notHere, type Readers } from './readers.ts';
import type { Refusals } from './refusals.ts';
import { appName, forwardedBy, saidIn } from './said.ts';
import { decodeText } from './text.ts';
import type { ApiOf } from './workspaces.ts';

export interface InteractionParts {
  readonly apiOf: ApiOf;
  readonly host: ChatHost;
  readonly people: People;
  readonly readers: Readers;
  readonly threads: CommandThreads;
  readonly answers: Answers;
  readonly refusals: Refusals;
  /** Draws a person's own page anew. */
  readonly showHome: (team: string, user: string) => Promise<void>;
  readonly log: AdapterLog;
  /** After so long Slack is answered before the work is done, in milliseconds. */
  readonly answerMs: number;
}

/** Answers Slack; what is given is shown or changes the form. */
export type Acknowledge = (answer?: object) => Promise<void>;

interface Pressed {
  readonly team: string;
  readonly user: string;
  readonly trigger: string;
  readonly thread: ThreadAddress;
  readonly responseUrl?: string | undefined;
}

const tryAgain = 'Commander could not do this just now. Nothing was changed; please try again.';

/** What people press, fill in and type as a command. */
export function createInteractions(parts: InteractionParts) {
  const { apiOf, host, people, readers, threads, answers, refusals, showHome, log, answerMs } = parts;

  /**
   * False when the body is none of these.
   * @param team the workspace whose bot is meant
   */
  async function handle(team: string, body: unknown, acknowledge: Acknowledge): Promise<boolean> {
    const pressed = actionsShape.safeParse(body);
    if (pressed.success) return press(team, pressed.data, acknowledge).then(() => true);
    const submitted = submissionShape.safeParse(body);
    if (submitted.success) return submit(submitted.data, acknowledge).then(() => true);
    const pointed = shortcutShape.safeParse(body);
    if (pointed.success) return draft(team, pointed.data, acknowledge).then(() => true);
    const said = commandShape.safeParse(body);
    if (said.success) return command(team, said.data, acknowledge).then(() => true);
    return false;
  }

  async function press(team: string, body: ReturnType<typeof actionsShape.parse>, acknowledge: Acknowledge) {
    const action = actionOf(body.actions[0]);
    const person = body.actions[0]?.selected_user;
    const chosen = person == null ? {} : { personId: globalId(team, person) };
    const channel = body.channel?.id;
    // A button with a link only opens it.
    if (action.startsWith('open:')) return acknowledge();
    if (body.view?.type === 'home') {
      const at = { team, user: body.user.id, trigger: body.trigger_id };
      const thread = addressOf({ team, channel: '', ts: '' });
      return pressAtHome({ ...at, thread }, { action, ...chosen }, acknowledge);
    }
    if (channel === undefined) return acknowledge();
    const root = body.message?.thread_ts ?? body.container?.thread_ts ?? body.message?.ts ?? '';
    const thread = await threads.original({ team, channel, ts: root });
    const who = { team, user: body.user.id, trigger: body.trigger_id, thread, responseUrl: body.response_url };
    await answered(who, acknowledge, (sender) => host.press({ action, ...chosen, thread, sender }));
  }

  /** A person's own page has no thread: what came of it is seen when it is drawn again, and what is refused in a form. */
  async function pressAtHome(
    { team, user, trigger, thread }: Pressed,
    pressed: Pick<ButtonPress, 'action' | 'personId'>,
    acknowledge: Acknowledge,
  ) {
    await acknowledge();
    const reply = await people
      .now(team, user)
      .then((sender) => host.press({ ...pressed, thread, sender }))
      .catch((error: unknown) => failed(error));
    await Promise.all([
      insist(() => showHome(team, user)),
      sayInForm({ team, trigger, thread }, reply).catch((error: unknown) =>
        log.warn({ error }, 'what came of a press on a person’s own page could not be said'),
      ),
    ]);
  }

  async function sayInForm({ team, trigger, thread }: Omit<Pressed, 'user'>, reply: InteractionReply): Promise<void> {
    const form = formOf(reply);
    if (form !== undefined) await open(team, trigger, drawForm(form, JSON.stringify(thread)));
  }

  async function draft(team: string, body: ReturnType<typeof shortcutShape.parse>, acknowledge: Acknowledge) {
    const { message, channel } = body;
    const thread = await threads.original({ team, channel: channel.id, ts: message.thread_ts ?? message.ts });
    const who = { team, user: body.user.id, trigger: body.trigger_id, thread, responseUrl: body.response_url };
    const author = appName(message) ?? (await people.find(team, message.user ?? '', briefMs)).name;
    const pointed = {
      externalId: globalId(team, channel.id, message.ts),
      thread,
      author,
      text: [saidIn(message), ...forwardedBy(message).map(({ text }) => text)].join('\n\n').trim(),
      files: (message.files ?? []).map((file) => incomingFile(team, file)),
    };
    await answered(who, acknowledge, async (sender) => {
      const { isIn, readBy } = await readers.here(team, channel.id);
      return isIn ? host.draft({ ...pointed, ...(readBy === undefined ? {} : { readBy }) }, sender) : refused(notHere);
    });
  }

  /** Does the work and answers Slack in time, whichever is first; then shows what came of it. */
  async function answered(who: Pressed, acknowledge: Acknowledge, work: (sender: Sender) => Promise<InteractionReply>) {
    const reply = people
      .now(who.team, who.user)
      .then(work)
      .catch((error: unknown) => failed(error));
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, answerMs);
    });
    await Promise.race([reply, late]);
    clearTimeout(timer);
    await acknowledge();
    await show(who, await reply);
  }

  function failed(error: unknown): InteractionReply {
    log.warn({ error }, 'an interaction could not be carried out');
    return { kind: 'notice', tone: 'danger', text: tryAgain };
  }

  async function show({ team, user, trigger, thread, responseUrl }: Pressed, reply: InteractionReply): Promise<void> {
    const listener = { thread, user, responseUrl };
    if (reply.kind !== 'modal') return answers.pass(listener, reply);
    try {
      const view = drawForm(reply.modal, JSON.stringify(thread));
      await open(team, trigger, view);
    } catch (error) {
      // Slack lets a form open for 3 seconds after the press.
      log.warn({ error }, 'a form could not be opened');
      await answers.tell(listener, 'The form could not be opened in time. Nothing was changed; please press again.');
    }
  }

  /** A trigger opens one form: where it was used already, an attempt whose answer was lost did it. */
  async function open(team: string, trigger: string, view: ModalView): Promise<void> {
    await insist(() => apiOf(team).call('views.open', { trigger_id: trigger, view })).catch((error: unknown) => {
      if (slackError(error) !== 'exchanged_trigger_id') throw error;
    });
  }

  async function submit(body: ReturnType<typeof submissionShape.parse>, acknowledge: Acknowledge): Promise<void> {
    const { view, user } = body;
    const thread = readThread(view.private_metadata);
    if (thread === undefined) return acknowledge();
    const team = placeOf(thread).team;
    const { values, files } = filledIn(team, view.state.values);
    const reply = await people
      .now(team, user.id)
      .then((sender) => host.submit({ modalId: view.callback_id, thread, sender, values, files }))
      .catch((error: unknown) => keptOpen(error, Object.keys(view.state.values)[0]));
    if (reply.kind === 'problems') return acknowledge({ response_action: 'errors', errors: reply.problems });
    await acknowledge();
    await answers.pass({ thread, user: user.id }, reply);
  }

  /** What was filled in is not to be typed again. */
  function keptOpen(error: unknown, field: string | undefined): InteractionReply {
    const reply = failed(error);
    return field === undefined ? reply : { kind: 'problems', problems: { [field]: tryAgain } };
  }

  /** `/commander …`: the same as saying it. */
  async function command(team: string, body: ReturnType<typeof commandShape.parse>, acknowledge: Acknowledge) {
    const { channel_id: channel, user_id: user, trigger_id: trigger } = body;
    const { isIn, readBy } = await readers.here(team, channel);
    if (!isIn) return acknowledge({ response_type: 'ephemeral', text: notHere });
    const sender = await people.find(team, user, briefMs).catch((error: unknown) => void failed(error));
    if (sender === undefined) return acknowledge({ response_type: 'ephemeral', text: tryAgain });
    const text = decodeText(body.text).trim() || 'help';
    const thread = await threads.address(team, channel, trigger, `${sender.name}: ${text}`);
    refusals.asked(thread, sender.externalId);
    await host.accept({
      externalId: globalId(team, 'command', trigger),
      thread,
      sender,
      text,
      files: [],
      addressed: true,
      opensThread: true,
      ...(readBy === undefined ? {} : { readBy }),
    });
    await acknowledge({ response_type: 'ephemeral', text: 'Heard: the answer comes in a thread.' });
  }

  return { handle };
}

/** What was pressed; of a menu, what was chosen in it. */
function actionOf(pressed: ReturnType<typeof actionsShape.parse>['actions'][number] | undefined): string {
  const { action_id = '', selected_option } = pressed ?? {};
  return action_id.startsWith(menuSign) ? (selected_option?.value ?? '') : action_id;
}

function refused(text: string): InteractionReply {
  return { kind: 'notice', tone: 'warning', text };
}

function readThread(text: string): ThreadAddress | undefined {
  try {
    const { channel, thread } = JSON.parse(text) as Partial<ThreadAddress>;
    return typeof channel === 'string' && typeof thread === 'string'
      ? { ...addressOf({ team: '', channel: '', ts: thread }), channel }
      : undefined;
  } catch {
    // A form of another app or version carries something else.
    return undefined;
  }
}

function filledIn(team: string, fields: Readonly<Record<string, Readonly<Record<string, unknown>>>>) {
  const values: Record<string, string> = {};
  const files: Record<string, IncomingFile[]> = {};
  for (const [block, elements] of Object.entries(fields)) {
    const parsed = fieldShape.safeParse(Object.values(elements)[0]);
    if (!parsed.success) continue;
    const { value, selected_option, selected_options, files: given } = parsed.data;
    if (given !== undefined) files[block] = given.map((file) => incomingFile(team, file));
    else if (selected_options !== undefined) values[block] = selected_options.map((option) => option.value).join('\n');
    else values[block] = selected_option?.value ?? value ?? '';
  }
  return { values, files };
}
