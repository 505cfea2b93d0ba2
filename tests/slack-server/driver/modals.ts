import { z } from 'zod';
import { checkView } from '../blocks/view.ts';
import type { Attempt } from '../delivery/attempt.ts';
import type { Slack } from '../slack.ts';
import type { OpenView } from '../state/view.ts';
import { homeOf, type Workspace } from '../state/workspace.ts';
import { closeView, openView, replaceView } from '../views.ts';
import { fileJson, viewJson } from '../wire.ts';
import { type Choice, elementsOf } from './elements.ts';
import { common, stateOf } from './interactions.ts';

/** Presses a modal's submit button, and does what the app answers. */
export async function submit(
  slack: Slack,
  workspace: Workspace,
  view: OpenView,
  values: Readonly<Record<string, Choice>>,
  user: string,
): Promise<Attempt> {
  if (view.closed) throw new Error(`The view ${view.id} is closed`);
  refuseIncomplete(view, values);
  const state = withFiles(workspace, view, values, stateOf(view.shown.blocks, values));
  const attempt = await slack.delivery.interact('interactive', {
    type: 'view_submission',
    ...common(slack, workspace, user),
    // Unlike in presses, the workspace of who fills it in (slackapi/bolt-js#1614).
    team: { id: homeOf(workspace, user), domain: '' },
    trigger_id: slack.triggers.issue(workspace.id, user, view.id),
    view: viewJson(workspace, view, slack.settings.appId, state),
    response_urls: [],
  });
  if (attempt.acknowledged) obey(workspace, view, attempt.body);
  return attempt;
}

/** Closes a modal; the app hears of it when it asked to. */
export async function dismiss(
  slack: Slack,
  workspace: Workspace,
  view: OpenView,
  user: string,
): Promise<Attempt | undefined> {
  closeView(workspace, view, view.shown.clear_on_close === true ? 'all' : 'one');
  if (view.shown.notify_on_close !== true) return undefined;
  return slack.delivery.interact('interactive', {
    type: 'view_closed',
    ...common(slack, workspace, user),
    view: viewJson(workspace, view, slack.settings.appId),
    is_cleared: view.shown.clear_on_close === true,
  });
}

const responseAction = z.discriminatedUnion('response_action', [
  z.strictObject({ response_action: z.literal('errors'), errors: z.record(z.string(), z.string().min(1)) }),
  z.strictObject({ response_action: z.literal('clear') }),
  z.strictObject({ response_action: z.literal('update'), view: z.unknown() }),
  z.strictObject({ response_action: z.literal('push'), view: z.unknown() }),
]);

/** @throws Error or Refusal when the answer is one at which Slack shows "We had some trouble connecting". */
function obey(workspace: Workspace, view: OpenView, body: unknown): void {
  const silent = body === undefined || body === null || body === '';
  const answer = silent || Object.keys(body).length === 0 ? undefined : responseAction.parse(body);
  switch (answer?.response_action) {
    case undefined:
      closeView(workspace, view, 'one');
      break;
    case 'clear':
      closeView(workspace, view, 'all');
      break;
    case 'update':
      replaceView(workspace, view, checkView(answer.view, 'modal'));
      break;
    case 'push':
      openView(workspace, view.user, checkView(answer.view, 'modal'), view);
      break;
    case 'errors':
      showErrors(workspace, view, answer.errors);
      break;
  }
}

function showErrors(workspace: Workspace, view: OpenView, errors: Readonly<Record<string, string>>): void {
  const inputs = view.shown.blocks.filter(({ type }) => type === 'input').map((block) => block.block_id);
  const stray = Object.keys(errors).filter((id) => !inputs.includes(id));
  if (stray.length > 0) throw new Error(`Errors for blocks that are no inputs of the view: ${stray.join(', ')}`);
  view.errors = errors;
  workspace.changes.notify();
}

/** Slack's client does not send a form that lacks something or has too much. */
function refuseIncomplete(view: OpenView, values: Readonly<Record<string, Choice>>): void {
  const inputs = view.shown.blocks.filter(({ type }) => type === 'input');
  const known = elementsOf(view.shown.blocks).map(({ element }) => element.action_id);
  const unknown = Object.keys(values).filter((id) => !known.includes(id));
  if (unknown.length > 0) throw new Error(`The view has no inputs ${unknown.join(', ')}, only: ${known.join(', ')}`);
  for (const input of inputs) {
    const element = elementsOf([input])[0]?.element;
    if (element === undefined) continue;
    const value =
      values[element.action_id] ?? element.initial_value ?? element.initial_option ?? element.initial_options;
    if (input.optional !== true && (value === undefined || value === ''))
      throw new Error(`${element.action_id} has to be filled in`);
    if (typeof value !== 'string' || value === '') continue;
    if (value.length > Number(element.max_length ?? 3000)) throw new Error(`${element.action_id} takes less text`);
    if (value.length < Number(element.min_length ?? 0)) throw new Error(`${element.action_id} takes more text`);
  }
}

/** The values of file inputs are whole files. */
function withFiles(
  workspace: Workspace,
  view: OpenView,
  values: Readonly<Record<string, Choice>>,
  state: Readonly<Record<string, Readonly<Record<string, unknown>>>>,
) {
  const filled: Record<string, Readonly<Record<string, unknown>>> = { ...state };
  for (const { blockId, element } of elementsOf(view.shown.blocks)) {
    if (element.type !== 'file_input') continue;
    const files = [values[element.action_id] ?? []].flat().map((id) => {
      const file = workspace.files.get(id);
      if (file === undefined) throw new Error(`There is no file ${id}`);
      return fileJson(file);
    });
    filled[blockId] = { ...filled[blockId], [element.action_id]: { type: 'file_input', files } };
  }
  return filled;
}
