import { html } from 'htm/preact';
import type { ComponentChild } from 'preact';
import { useEffect, useMemo, useState } from 'preact/hooks';
import { plural } from '#core/text/plural.ts';
import { announce } from './announce.ts';
import { suggest } from './api.ts';
import { botName, fittingPeople, type Wanted, wantedAt } from './completion.ts';
import { useChat } from './state.ts';

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
  const [picked, setPicked] = useState<{ readonly for: string; readonly index: number }>();
  const wanted = focused ? wantedAt(text, caret) : undefined;
  const asked = wanted === undefined ? '' : `${wanted.kind} ${wanted.from} ${wanted.typed}`;
  const people = usePeople(wanted?.kind === 'person' ? wanted.typed : undefined);
  const commands = useCommands(wanted?.kind === 'command' ? wanted.typed : undefined);
  const choices = hidden === asked ? [] : [...people, ...commands];

  // What was picked holds for the words that it was picked for. The first person is picked from the start; a command never
  // is, so that Enter sends what stands there.
  const first = wanted?.kind === 'person' ? 0 : undefined;
  const active = picked?.for === asked ? picked.index : first;
  useEffect(() => {
    if (choices.length > 0) announce(`${plural(choices.length, 'suggestion')}.`);
  }, [choices.length]);
  return {
    wanted,
    choices,
    active: active !== undefined && active < choices.length ? active : undefined,
    follow: (key) => {
      if (key === 'hide') setHidden(asked);
      else setPicked({ for: asked, index: stepped(active, key, choices.length) });
    },
  };
}

function stepped(now: number | undefined, key: 'next' | 'previous', count: number): number {
  if (now === undefined) return key === 'next' ? 0 : count - 1;
  return (now + (key === 'next' ? 1 : -1) + count) % count;
}

function usePeople(typed: string | undefined): readonly Choice[] {
  const people = useChat((state) => state.people);
  return useMemo(() => {
    if (typed === undefined) return [];
    const names = people.map(({ name }) => name);
    return fittingPeople(names, typed).map((name) => ({
      insert: name,
      label: `@${name}`,
      detail: name === botName ? 'the bot: ask it to do something' : '',
    }));
  }, [people, typed]);
}

/** The server's suggestions. Until those for the newest words are there, the older ones that still fit are shown. */
function useCommands(typed: string | undefined): readonly Choice[] {
  const [offer, setOffer] = useState<{ readonly typed: string; readonly choices: readonly Choice[] }>();
  useEffect(() => {
    let stale = false;
    if (typed !== undefined) {
      void commandsFor(typed).then((choices) => {
        if (!stale) setOffer({ typed, choices });
      });
    }
    return () => {
      stale = true;
    };
  }, [typed]);
  if (typed === undefined || offer === undefined) return [];
  const begins = ({ insert }: Choice) => insert.toLowerCase().startsWith(typed.toLowerCase());
  return offer.typed === typed ? offer.choices : offer.choices.filter(begins);
}

async function commandsFor(typed: string): Promise<readonly Choice[]> {
  try {
    const { suggestions } = await suggest(typed);
    return suggestions.filter(({ insert }) => insert.trim() !== typed.trim()).slice(0, 8);
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
