import { Refusal } from './api/refusal.ts';
import type { OpenView, ViewInput } from './state/view.ts';
import type { Workspace } from './state/workspace.ts';

/** Views above one another (docs.slack.dev, modals). */
const deepest = 3;

/** Shows a view to a person, on top of another when `below` is given. @throws Refusal `push_limit_reached`. */
export function openView(workspace: Workspace, user: string, shown: ViewInput, below?: OpenView): OpenView {
  const stack = workspace.views.filter((view) => !view.closed && view.rootViewId === below?.rootViewId);
  if (stack.length >= deepest) throw new Refusal('push_limit_reached');
  const id = workspace.newId('V');
  const view: OpenView = {
    id,
    user,
    rootViewId: below?.rootViewId ?? id,
    previousViewId: below?.id ?? null,
    hash: nextHash(workspace),
    shown,
    errors: {},
    closed: false,
  };
  workspace.views.push(view);
  workspace.changes.notify();
  return view;
}

/** Shows something else in a view. */
export function replaceView(workspace: Workspace, view: OpenView, shown: ViewInput): void {
  Object.assign(view, { shown, errors: {}, hash: nextHash(workspace) });
  workspace.changes.notify();
}

/** Takes a view from the screen; with `all`, everything of its stack. */
export function closeView(workspace: Workspace, view: OpenView, extent: 'one' | 'all'): void {
  for (const other of workspace.views) {
    if (other === view || (extent === 'all' && other.rootViewId === view.rootViewId)) other.closed = true;
  }
  workspace.changes.notify();
}

function nextHash(workspace: Workspace): string {
  return `${workspace.nextTs()}.${workspace.newId('h')}`;
}
