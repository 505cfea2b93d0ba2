import { html } from 'htm/preact';
import type { ComponentChild } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { ChatPerson } from '#core/chat/chat-store.ts';
import { announce } from './announce.ts';
import { suggest } from './api.ts';
import { botName, fittingPeople, type Wanted, wantedAt } from './completion.ts';
import { chatState } from './state.ts';

/** One thing that can be chosen. */
export interface Choice {
  readonly insert: string;
  readonly label: string;
  readonly detail: string;
}

export interface Completion {
  readonly wanted: Wanted | undefined;
  readonly choices: readonly Choice[];
  /** The chosen one. None, while a command is typed: Enter then sends what stands there, and Tab takes the first. */
  readonly active: number | undefined;
  /** Goes on in the list, or hides it until something else is typed. */
  follow(key: 'next' | 'previous' | 'hide'): void;
}

/** Follows what is typed and offers what fits: people after `@`, commands after the bot's name. */
export function useCompletion(text: string, caret: number, focused: boolean): Completion {
  const [hidden, setHidden] = useState<string>();
  const [offer, setOffer] = useState<{ readonly at: Wanted; readonly choices: readonly Choice[] }>();
  const [active, setActive] = useState<number>();
  const wanted = focused ? wantedAt(text, caret) : undefined;
  const asked = wanted === undefined ? undefined : `${wanted.kind} ${wanted.from} ${wanted.typed}`;

  useEffect(() => {
    if (wanted === undefined || asked === undefined) {
      setOffer(undefined);
      return;
    }
    let stale = false;
    if (wanted.kind === 'command') setActive(undefined);
    void choicesFor(wanted, chatState().people).then((choices) => {
      if (stale) return;
      setOffer({ at: wanted, choices });
      setActive(wanted.kind === 'person' && choices.length > 0 ? 0 : undefined);
      if (choices.length > 0) announce(`${choices.length} suggestions.`);
    });
    return () => {
      stale = true;
    };
  }, [asked]);

  const fits =
    wanted !== undefined && hidden !== asked && offer?.at.kind === wanted.kind && offer.at.from === wanted.from;
  const choices = fits ? offer.choices : [];
  return {
    wanted,
    choices,
    active: active !== undefined && active < choices.length ? active : undefined,
    follow: (key) => {
      if (key === 'hide') setHidden(asked);
      else setActive((now) => stepped(now, key, choices.length));
    },
  };
}

function stepped(now: number | undefined, key: 'next' | 'previous', count: number): number {
  if (now === undefined) return key === 'next' ? 0 : count - 1;
  return (now + (key === 'next' ? 1 : -1) + count) % count;
}

async function choicesFor(wanted: Wanted, people: readonly ChatPerson[]): Promise<readonly Choice[]> {
  if (wanted.kind === 'person') {
    const names = fittingPeople(
      people.map(({ name }) => name),
      wanted.typed,
    );
    return names.map((name) => ({
      insert: name,
      label: `@${name}`,
      detail: name === botName ? 'the bot: ask it to do something' : '',
    }));
  }
  try {
    const { suggestions } = await suggest(wanted.typed);
    return suggestions.filter(({ insert }) => insert.trim() !== wanted.typed.trim()).slice(0, 8);
  } catch {
    // Completion is a help, not a must: without the server there is none, and the banner says why.
    return [];
  }
}

interface ListProps {
  readonly id: string;
  readonly completion: Completion;
  readonly onChoose: (choice: Choice) => void;
}

/** The offered completions above the composer. The focus stays in the words; the list is pointed at. */
export function CompletionList({ id, completion, onChoose }: ListProps): ComponentChild {
  const { choices, active, wanted } = completion;
  return html`<div class="completion">
    <ul id=${id} role="listbox" aria-label=${wanted?.kind === 'person' ? 'People' : 'Commands'}>
      ${choices.map(
        ({ insert, label, detail }, index) => html`<li
          key=${insert}
          id=${`${id}-${index}`}
          role="option"
          aria-selected=${index === active}
          onMouseDown=${(event: MouseEvent) => {
            event.preventDefault();
            onChoose({ insert, label, detail });
          }}
        >
          <span class="completion-label" dir="auto">${label}</span>
          <span class="completion-detail" dir="auto">${detail}</span>
        </li>`,
      )}
    </ul>
    <p class="completion-keys" aria-hidden="true"><kbd>↑</kbd><kbd>↓</kbd> choose <kbd>Tab</kbd> insert <kbd>Esc</kbd> close</p>
  </div>`;
}
