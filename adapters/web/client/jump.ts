import { html } from 'htm/preact';
import { type ComponentChild, h } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { Dialog } from './dialog.ts';
import { Icon, type IconName } from './icons.ts';
import { type Goal, goalsOf, matching } from './jump-goals.ts';
import { focusNextFront } from './panes.ts';
import { go } from './session.ts';
import { change, chatState } from './state.ts';

const icons: Record<Goal['kind'], IconName> = { channel: 'hash', thread: 'reply' };

/** Goes to a channel or thread by typing some of its name. */
export function JumpDialog(): ComponentChild {
  const [typed, setTyped] = useState('');
  const [active, setActive] = useState(0);
  const goals = useMemo(() => goalsOf(chatState()), []);
  const found = useMemo(() => matching(goals, typed), [goals, typed]);
  const close = () => change({ dialog: undefined });
  const jump = (goal: Goal | undefined) => {
    if (goal === undefined) return;
    focusNextFront();
    close();
    go(goal.channel, goal.thread);
  };
  const keys = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && found.length > 0) setActive((active + step + found.length) % found.length);
    else if (event.key === 'Enter' && !event.isComposing) jump(found[active]);
    else return;
    event.preventDefault();
  };
  const type = (event: InputEvent) => {
    setTyped((event.currentTarget as HTMLInputElement).value);
    setActive(0);
  };
  return h(
    Dialog,
    { title: 'Jump to', onClose: close, kind: 'jump' },
    html`<div class="jump">
      <input
        data-first
        role="combobox"
        aria-label="Channel or thread"
        aria-expanded="true"
        aria-controls="jump-goals"
        aria-activedescendant=${found.length > 0 ? `jump-${active}` : undefined}
        placeholder="Channel or thread"
        autocomplete="off"
        value=${typed}
        onInput=${type}
        onKeyDown=${keys}
      />
      ${h(GoalList, { goals: found, active, onChoose: jump })}
      ${found.length === 0 && html`<p class="jump-none" role="status">Nothing here has “${typed}” in its name.</p>`}
    </div>`,
  );
}

interface GoalListProps {
  readonly goals: readonly Goal[];
  readonly active: number;
  readonly onChoose: (goal: Goal) => void;
}

function GoalList({ goals, active, onChoose }: GoalListProps): ComponentChild {
  return html`<ul id="jump-goals" role="listbox" aria-label="Channels and threads">
    ${goals.map(
      (goal, index) => html`<li
        key=${`${goal.channel} ${goal.thread}`}
        id=${`jump-${index}`}
        role="option"
        aria-selected=${index === active}
        onClick=${() => onChoose(goal)}
      >
        <${Icon} name=${icons[goal.kind]} />
        <span class="jump-label" dir="auto">${goal.label}</span>
        <span class="jump-detail">${goal.detail}</span>
      </li>`,
    )}
  </ul>`;
}
