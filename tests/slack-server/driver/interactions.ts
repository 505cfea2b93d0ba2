import type { BlockAction, MessageShortcut, SlashCommand } from '@slack/bolt';
import type { Attempt } from '../delivery/attempt.ts';
import { answerAt, type ResponseUse } from '../response-urls.ts';
import type { Slack } from '../slack.ts';
import type { Block, Ephemeral, Message } from '../state/message.ts';
import type { OpenView } from '../state/view.ts';
import { homeOf, type Workspace } from '../state/workspace.ts';
import { messageJson, viewJson } from '../wire.ts';
import { type Choice, chosen, elementsOf, findElement } from './elements.ts';

/** Something with buttons on it. */
export type Surface = Message | Ephemeral | OpenView;

/** What a person did, and where. */
export interface Use {
  readonly user: string;
  /** What was chosen, of a menu. */
  readonly choice?: Choice;
  /** What else stood in the inputs of the same message or view, by action id. */
  readonly values?: Readonly<Record<string, Choice>>;
}

/** Presses a button or chooses from a menu. */
export function act(
  slack: Slack,
  workspace: Workspace,
  surface: Surface,
  actionId: string,
  use: Use,
): Promise<Attempt> {
  const view = 'shown' in surface ? surface : undefined;
  const blocks = blocksOf(surface);
  const { blockId, element } = findElement(blocks, actionId);
  const { options: _options, option_groups: _groups, confirm: _confirm, ...shown } = element;
  const picked = element.type === 'button' || element.type === 'icon_button' ? {} : chosen(element, use.choice);
  const values = stateOf(blocks, { ...use.values, ...(use.choice !== undefined && { [actionId]: use.choice }) });
  const payload = {
    type: 'block_actions',
    ...common(slack, workspace, use.user),
    trigger_id: slack.triggers.issue(workspace.id, use.user, view?.id),
    ...placeOf(slack, workspace, surface, use.user, values),
    ...(view === undefined && { state: { values } }),
    actions: [{ ...shown, ...picked, block_id: blockId, action_ts: workspace.nextTs() }],
  };
  return slack.delivery.interact('interactive', payload satisfies Partial<Record<keyof BlockAction, unknown>>);
}

/** Types a slash command. What the app answers at once is shown to the person. */
export async function command(
  slack: Slack,
  workspace: Workspace,
  name: string,
  text: string,
  place: { readonly user: string; readonly channel: string },
): Promise<Attempt> {
  if (!slack.settings.commands.includes(name)) throw new Error(`The app has no command ${name}`);
  const use: ResponseUse = { workspace, ...place };
  const payload: SlashCommand = {
    token: slack.settings.verificationToken,
    team_id: workspace.id,
    team_domain: workspace.domain,
    channel_id: place.channel,
    channel_name: workspace.channels.get(place.channel)?.name || 'directmessage',
    user_id: place.user,
    user_name: workspace.people.get(place.user)?.name ?? '',
    command: name,
    text,
    api_app_id: slack.settings.appId,
    is_enterprise_install: 'false',
    response_url: slack.responseUrls.issue(slack.origin(), use),
    trigger_id: slack.triggers.issue(workspace.id, place.user),
  };
  const attempt = await slack.delivery.interact('slash_commands', payload);
  if (attempt.acknowledged && saysSomething(attempt.body)) answerAt(slack, use, attempt.body);
  return attempt;
}

/** Chooses the app's shortcut in a message's menu. */
export function shortcut(
  slack: Slack,
  workspace: Workspace,
  message: Message,
  callbackId: string,
  user: string,
): Promise<Attempt> {
  if (!slack.settings.shortcuts.includes(callbackId)) throw new Error(`The app has no shortcut ${callbackId}`);
  const { enterprise: _enterprise, is_enterprise_install, api_app_id, ...rest } = common(slack, workspace, user);
  const payload: MessageShortcut & { readonly api_app_id: string } = {
    type: 'message_action',
    ...rest,
    api_app_id,
    is_enterprise_install,
    callback_id: callbackId,
    trigger_id: slack.triggers.issue(workspace.id, user),
    action_ts: workspace.nextTs(),
    message_ts: message.ts,
    channel: { id: message.channel, name: workspace.channels.get(message.channel)?.name || 'directmessage' },
    response_url: slack.responseUrls.issue(slack.origin(), {
      workspace,
      channel: message.channel,
      user,
      original: message,
    }),
    message: { ...messageJson(workspace, message, slack.settings.appId), type: 'message', ts: message.ts },
  };
  return slack.delivery.interact('interactive', { ...payload });
}

/** What is on it. */
export function blocksOf(surface: Surface): readonly Block[] {
  return 'shown' in surface ? surface.shown.blocks : surface.blocks;
}

/** What every interaction says of who did it. */
export function common(slack: Slack, workspace: Workspace, user: string) {
  const name = workspace.people.get(user)?.name ?? '';
  return {
    user: { id: user, username: name, name, team_id: homeOf(workspace, user) },
    api_app_id: slack.settings.appId,
    token: slack.settings.verificationToken,
    team: { id: workspace.id, domain: workspace.domain },
    enterprise: null,
    is_enterprise_install: false,
  };
}

/** The values of all inputs, by block id and action id, as payloads carry them. */
export function stateOf(blocks: readonly Block[], values: Readonly<Record<string, Choice>>) {
  const state: Record<string, Record<string, unknown>> = {};
  for (const { blockId, element } of elementsOf(blocks)) {
    if (['button', 'overflow', 'icon_button', 'feedback_buttons'].includes(element.type)) continue;
    state[blockId] = {
      ...state[blockId],
      [element.action_id]: { type: element.type, ...chosen(element, values[element.action_id]) },
    };
  }
  return state;
}

/** Where somebody did something. */
export function placeOf(
  slack: Slack,
  workspace: Workspace,
  surface: Surface,
  user: string,
  values: Readonly<Record<string, unknown>>,
) {
  if ('shown' in surface) {
    return {
      container: { type: 'view', view_id: surface.id },
      view: viewJson(workspace, surface, slack.settings.appId, values),
    };
  }
  const ephemeral = !('versions' in surface);
  const thread = surface.threadTs === undefined ? {} : { thread_ts: surface.threadTs };
  return {
    container: {
      type: 'message',
      message_ts: surface.ts,
      channel_id: surface.channel,
      is_ephemeral: ephemeral,
      ...thread,
    },
    channel: { id: surface.channel, name: workspace.channels.get(surface.channel)?.name || 'directmessage' },
    // An ephemeral message is not sent along (docs.slack.dev, block_actions).
    // Whoever clicks still has it on the screen, even if it is being deleted.
    ...(!ephemeral && { message: messageJson(workspace, { ...surface, deleted: false }, slack.settings.appId) }),
    response_url: slack.responseUrls.issue(slack.origin(), {
      workspace,
      channel: surface.channel,
      user,
      original: surface,
    }),
  };
}

function saysSomething(body: unknown): boolean {
  return typeof body === 'object' && body !== null && ('text' in body || 'blocks' in body);
}
