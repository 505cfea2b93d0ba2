import { z } from 'zod';
import { checkView } from '../blocks/view.ts';
import { tiers } from '../limits.ts';
import type { OpenView, ViewInput } from '../state/view.ts';
import type { Workspace } from '../state/workspace.ts';
import { openView, replaceView } from '../views.ts';
import { viewJson } from '../wire.ts';
import { args, structure } from './arguments.ts';
import { type Caller, type Method, method } from './method.ts';
import { Refusal } from './refusal.ts';

const open = method({
  name: 'views.open',
  rate: tiers.four,
  input: args({ trigger_id: z.string().min(1), view: structure }),
  answer(input, caller) {
    const { workspace, slack } = caller;
    const shown = freshView(workspace, input.view, 'modal');
    const { user } = slack.triggers.exchange(workspace.id, input.trigger_id);
    return answerOf(caller, openView(workspace, user, shown));
  },
});

const push = method({
  name: 'views.push',
  rate: tiers.four,
  input: args({ trigger_id: z.string().min(1), view: structure }),
  answer(input, caller) {
    const { workspace, slack } = caller;
    const shown = freshView(workspace, input.view, 'modal');
    const { user, viewId } = slack.triggers.exchange(workspace.id, input.trigger_id);
    const below = workspace.views.find((view) => view.id === viewId && !view.closed);
    if (below === undefined) throw new Refusal('not_found');
    return answerOf(caller, openView(workspace, user, shown, below));
  },
});

const update = method({
  name: 'views.update',
  rate: tiers.four,
  input: args({
    view: structure,
    view_id: z.string().optional(),
    external_id: z.string().optional(),
    hash: z.string().optional(),
  }),
  answer(input, caller) {
    const { workspace } = caller;
    const shown = checkView(input.view, 'modal');
    const view = workspace.views.find(
      (candidate) =>
        !candidate.closed &&
        (input.view_id === undefined
          ? input.external_id !== undefined && candidate.shown.external_id === input.external_id
          : candidate.id === input.view_id),
    );
    if (view === undefined) throw new Refusal('not_found');
    if (input.hash !== undefined && input.hash !== view.hash) throw new Refusal('hash_conflict');
    replaceView(workspace, view, shown);
    return answerOf(caller, view);
  },
});

const publish = method({
  name: 'views.publish',
  rate: tiers.four,
  input: args({ user_id: z.string().min(1), view: structure, hash: z.string().optional() }),
  answer(input, caller) {
    const { workspace } = caller;
    const shown = checkView(input.view, 'home');
    if (!workspace.people.has(input.user_id)) throw new Refusal('user_not_found');
    const known = workspace.homes.get(input.user_id);
    if (input.hash !== undefined && input.hash !== known?.hash) throw new Refusal('hash_conflict');
    if (known !== undefined) replaceView(workspace, known, shown);
    const home = known ?? openView(workspace, input.user_id, shown);
    workspace.homes.set(input.user_id, home);
    workspace.changes.notify();
    return answerOf(caller, home);
  },
});

export const viewMethods: readonly Method[] = [open, push, update, publish];

function freshView(workspace: Workspace, view: unknown, type: 'modal'): ViewInput {
  const shown = checkView(view, type);
  const taken = workspace.views.some(
    (other) => !other.closed && other.shown.external_id !== undefined && other.shown.external_id === shown.external_id,
  );
  if (taken) throw new Refusal('duplicate_external_id');
  return shown;
}

function answerOf({ workspace, slack }: Caller, view: OpenView) {
  return { view: viewJson(workspace, view, slack.settings.appId) };
}
