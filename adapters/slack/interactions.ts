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
import { cut } from '#core/text/cut.ts';
import { addressOf, type CommandThreads, globalId, placeOf } from './addresses.ts';
import type { Answers, Listener } from './answers.ts';
import { menuSign } from './card.ts';
import { incomingFile } from './downloads.ts';
import { actionsShape, commandShape, fieldShape, shortcutShape, submissionShape } from './envelopes.ts';
import { slackError } from './failures.ts';
import { drawForm } from './form.ts';
import { formOf } from './home.ts';
import { type Acknowledge, type Answer, inTime } from './in-time.ts';
import { insist } from './insist.ts';
import { isAgain, type KeptForms } from './kept-forms.ts';
import { messageTextRoom } from './limits.ts';
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
  readonly keptForms: KeptForms;
  /** Draws a person's own page anew. */
  readonly showHome: (team: string, user: string) => Promise<void>;
  readonly log: AdapterLog;
  /** After so long Slack is answered before the work is done, in milliseconds. */
  readonly answerMs: number;
}

interface Pressed {
  readonly team: string;
  readonly user: string;
  readonly trigger: string;
  readonly thread: ThreadAddress;
  readonly responseUrl?: string | undefined;
}

type Problems = Extract<InteractionReply, { readonly kind: 'problems' }>['problems'];

const tryAgain =
  'Commander could not do this just now. If the thread does not show what you asked for, please try again.';

/** What people press, fill in and type as a command. */
export function createInteractions(parts: InteractionParts) {
  const { apiOf, host, people, readers, threads, answers, refusals, keptForms, showHome, log, answerMs } = parts;

  /**
   * False when the body is none of these.
   * @param team the workspace whose bot is meant
   */
  async function handle(team: string, body: unknown, acknowledge: Acknowledge): Promise<boolean> {
    const work = workOf(team, body);
    if (work === undefined) return false;
    await inTime({ acknowledge, answerMs, log }, work);
    return true;
  }

  function workOf(team: string, body: unknown): ((answer: Answer) => Promise<void>) | undefined {
    const pressed = actionsShape.safeParse(body);
    if (pressed.success) return (answer) => press(team, pressed.data, answer);
    const submitted = submissionShape.safeParse(body);
    if (submitted.success) return (answer) => submit(submitted.data, answer);
    const pointed = shortcutShape.safeParse(body);
    if (pointed.success) return (answer) => draft(team, pointed.data, answer);
    const said = commandShape.safeParse(body);
    return said.success ? (answer) => command(team, said.data, answer) : undefined;
  }

  async function press(team: string, body: ReturnType<typeof actionsShape.parse>, answer: Answer) {
    const action = actionOf(body.actions[0]);
    const person = body.actions[0]?.selected_user;
    const chosen = person == null ? {} : { personId: globalId(team, person) };
    const channel = body.channel?.id;
    const externalId = interactionId(team, body.trigger_id);
    // A button with a link only opens it.
    if (action.startsWith('open:')) return void (await answer());
    if (body.view?.type === 'home') {
      const at = { team, user: body.user.id, trigger: body.trigger_id };
      const thread = addressOf({ team, channel: '', ts: '' });
      return pressAtHome({ ...at, thread }, { action, ...chosen, externalId }, answer);
    }
    if (channel === undefined) return void (await answer());
    const root = body.message?.thread_ts ?? body.container?.thread_ts ?? body.message?.ts ?? '';
    const thread = await threads.original({ team, channel, ts: root });
    const who = { team, user: body.user.id, trigger: body.trigger_id, thread, responseUrl: body.response_url };
    if (isAgain(action)) return openAgain(who, action, answer);
    await answered(who, answer, (sender) => host.press({ action, ...chosen, externalId, thread, sender }));
  }

  /** A person's own page has no thread: what came of it is seen when it is drawn again, and what is refused in a form. */
  async function pressAtHome(
    { team, user, trigger, thread }: Pressed,
    pressed: Pick<ButtonPress, 'action' | 'personId' | 'externalId'>,
    answer: Answer,
  ) {
    await answer();
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

  async function draft(team: string, body: ReturnType<typeof shortcutShape.parse>, answer: Answer) {
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
    await answered(who, answer, async (sender) => {
      const { isIn, readBy } = await readers.here(team, channel.id);
      return isIn ? host.draft({ ...pointed, ...(readBy === undefined ? {} : { readBy }) }, sender) : refused(notHere);
    });
  }

  /** Does the work, answers Slack, and shows what came of it. */
  async function answered(who: Pressed, answer: Answer, work: (sender: Sender) => Promise<InteractionReply>) {
    const reply = await people
      .now(who.team, who.user)
      .then(work)
      .catch((error: unknown) => failed(error));
    await answer();
    await show(who, reply);
  }

  function failed(error: unknown): InteractionReply {
    log.warn({ error }, 'an interaction could not be carried out');
    return { kind: 'notice', tone: 'danger', text: tryAgain };
  }

  async function show({ team, user, trigger, thread, responseUrl }: Pressed, reply: InteractionReply): Promise<void> {
    const listener = { thread, user, responseUrl };
    if (reply.kind !== 'modal') return answers.pass(listener, reply);
    await openOrTell(team, trigger, listener, () => drawForm(reply.modal, JSON.stringify(thread)));
  }

  async function openOrTell(team: string, trigger: string, listener: Listener, draw: () => ModalView): Promise<void> {
    try {
      await open(team, trigger, draw());
    } catch (error) {
      // Slack lets a form open for 3 seconds after the press.
      log.warn({ error }, 'a form could not be opened');
      await answers.tell(listener, 'The form could not be opened in time. Nothing was changed; please press again.');
    }
  }

  /** The form in which something was wrong, with all that was filled in. */
  async function openAgain({ team, user, trigger, thread, responseUrl }: Pressed, action: string, answer: Answer) {
    await answer();
    const listener = { thread, user, responseUrl };
    const view = await keptForms.again(globalId(team, user), action);
    if (view === undefined) return answers.tell(listener, 'This form is no longer known: please open it anew.');
    await openOrTell(team, trigger, listener, () => view);
  }

  /** A trigger opens one form: where it was used already, an attempt whose answer was lost did it. */
  async function open(team: string, trigger: string, view: ModalView): Promise<void> {
    await insist(() => apiOf(team).call('views.open', { trigger_id: trigger, view })).catch((error: unknown) => {
      if (slackError(error) !== 'exchanged_trigger_id') throw error;
    });
  }

  async function submit(body: ReturnType<typeof submissionShape.parse>, answer: Answer): Promise<void> {
    const { view, user, trigger_id } = body;
    const thread = readThread(view.private_metadata);
    if (thread === undefined) return void (await answer());
    const team = placeOf(thread).team;
    const { values, files } = filledIn(team, view.state.values);
    const externalId = trigger_id === undefined ? undefined : interactionId(team, trigger_id);
    const reply = await people
      .now(team, user.id)
      .then((sender) => host.submit({ externalId, modalId: view.callback_id, thread, sender, values, files }))
      .catch((error: unknown) => keptOpen(error, Object.keys(view.state.values)[0]));
    if (reply.kind === 'problems') {
      const isShown = await answer({ response_action: 'errors', errors: reply.problems });
      return isShown ? undefined : offerAgain({ thread, user: user.id }, view, reply.problems);
    }
    await answer();
    await answers.pass({ thread, user: user.id }, reply);
  }

  /** The form is closed already: what is wrong with it, and a button that opens it as it was filled in. */
  async function offerAgain(
    listener: Listener,
    view: ReturnType<typeof submissionShape.parse>['view'],
    problems: Problems,
  ): Promise<void> {
    const { team } = placeOf(listener.thread);
    const { values } = filledIn(team, view.state.values);
    const action = await keptForms.keep(globalId(team, listener.user), view).catch((error: unknown) => {
      log.warn({ error }, 'what was filled in could not be kept');
      return undefined;
    });
    const rest = action === undefined ? ['Please open the form again. You wrote:', ...Object.values(values)] : [];
    await answers.tell(
      listener,
      cut([...Object.values(problems), ...rest].join('\n'), messageTextRoom / 2),
      action === undefined ? undefined : { label: 'Fill in again', action },
    );
  }

  /** What was filled in is not to be typed again. */
  function keptOpen(error: unknown, field: string | undefined): InteractionReply {
    const reply = failed(error);
    return field === undefined ? reply : { kind: 'problems', problems: { [field]: tryAgain } };
  }

  /** `/commander …`: the same as saying it. */
  async function command(team: string, body: ReturnType<typeof commandShape.parse>, answer: Answer) {
    const { channel_id: channel, user_id: user, trigger_id: trigger, response_url: responseUrl } = body;
    async function say(text: string): Promise<void> {
      if (await answer({ response_type: 'ephemeral', text })) return;
      await answers.tell({ thread: addressOf({ team, channel, ts: '' }), user, responseUrl }, text);
    }
    const { isIn, readBy } = await readers.here(team, channel);
    if (!isIn) return say(notHere);
    const sender = await people.find(team, user, briefMs).catch((error: unknown) => void failed(error));
    if (sender === undefined) return say(tryAgain);
    const text = decodeText(body.text).trim() || 'help';
    const message = {
      ...{ externalId: globalId(team, 'command', trigger), sender, text, files: [] },
      ...{ addressed: true, opensThread: true, ...(readBy === undefined ? {} : { readBy }) },
    };
    try {
      const thread = await threads.address(team, channel, trigger, `${sender.name}: ${text}`);
      refusals.asked(thread, sender.externalId);
      await host.accept({ ...message, thread });
    } catch (error) {
      failed(error);
      return say(tryAgain);
    }
    await say('Heard: the answer comes in a thread.');
  }

  return { handle };
}

/** A trigger is of one press or one form, and comes again with it. */
function interactionId(team: string, trigger: string): string {
  return globalId(team, 'interaction', trigger);
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
