import { encodeAction } from '#core/chat/button.ts';
import type { Block, Button, Card, Field, Option } from '#core/chat/card.ts';
import type { Choice, HolderKind, PreferenceName } from '#core/preferences/preference.ts';
import { heldChoice, plainPresentation, precedence } from '#core/preferences/resolve.ts';
import { because } from '#core/preferences/why.ts';
import { joinWords } from '#core/text/list.ts';
import { buttonBlocks, line } from './limits.ts';
import { time } from './pieces.ts';

/** A value that can be chosen, with its words. */
export interface PreferenceValue {
  readonly value: string;
  readonly label: string;
}

export interface PreferencesView {
  /** What the menus are about: the message that the card answers, or `home`. */
  readonly subject: string;
  readonly holder: HolderKind;
  /** The channel and the project in words; absent where there is none. */
  readonly channel?: string;
  readonly project?: string;
  /** All that was chosen for the person, the channel and the project. */
  readonly choices: readonly Choice[];
  readonly offered: Readonly<Record<PreferenceName, readonly PreferenceValue[]>>;
  /** Whether the reader may change them; else why not. */
  readonly refusal?: string;
}

/** How a preference is called. */
export const preferenceWords: Readonly<Record<PreferenceName, string>> = {
  tone: 'Tone',
  verbosity: 'Verbosity',
  format: 'Format of files',
  agent: 'Coding agent',
  project: 'Project',
  reminders: 'Reminders',
};

/** What holds here and why, and a menu for each preference of one holder. */
export function showPreferences(view: PreferencesView): Card {
  const title = `Preferences for ${holderWords(view.holder, view)}`;
  return {
    key: 'preferences',
    tone: 'neutral',
    title: [line(title, 100)],
    summary: `${line(title, 100)}.`,
    blocks: [
      { kind: 'fields', fields: namesFor(view).map((name) => field(name, view)) },
      ...(view.refusal === undefined ? namesFor(view).flatMap((name) => menu(name, view)) : []),
      ...(view.refusal === undefined ? [] : [{ kind: 'context', text: [line(view.refusal)] } as const]),
      { kind: 'context', text: [view.channel === undefined ? `${orderWords} ${elsewhereWords}` : orderWords] },
      ...buttonBlocks(others(view)),
    ],
  };
}

const names = Object.keys(preferenceWords) as readonly PreferenceName[];

/** What can be chosen where the card is shown: what only a channel has is of no use away from it. */
function namesFor({ channel }: PreferencesView): readonly PreferenceName[] {
  return channel === undefined ? names.filter((name) => precedence[name].includes('person')) : names;
}

/** Whose a preference is, within a sentence. */
export function holderWords(holder: HolderKind, view: Pick<PreferencesView, 'channel' | 'project'>): string {
  switch (holder) {
    case 'person':
      return 'you';
    case 'channel':
      return view.channel ?? 'this channel';
    case 'project':
      return `the project ${line(view.project ?? '', 60)}`;
  }
}

/** What was just chosen, or taken back where there is no `label`, in a sentence; `who`: whose own it is, where it is a person’s. */
export function chosenSentence(
  { name, label }: { readonly name: PreferenceName; readonly label: string | undefined },
  { holder, who, project }: { readonly holder: HolderKind; readonly who: string; readonly project?: string },
): string {
  const owner = holder === 'person' ? line(who, 60) : holderWords(holder, { project });
  const what = `${preferenceWords[name]} for ${owner}`;
  return label === undefined ? `${what}: nothing is chosen there any more` : `${what}: ${line(label, 60)}`;
}

function field(name: PreferenceName, view: PreferencesView): Field {
  const held = heldChoice(name, view.choices);
  if (held === undefined) return { label: preferenceWords[name], value: [`${unchosen[name]} (nobody chose)`] };
  const why = because({ ...held, setBy: line(held.setBy, 60) });
  return { label: preferenceWords[name], value: [`${labelOf(name, held.value, view)}, ${why}, `, time(held.setAt)] };
}

const unchosen: Readonly<Record<PreferenceName, string>> = {
  tone: plainPresentation.manner,
  reminders: 'on',
  verbosity: plainPresentation.verbosity,
  format: 'as the runbook says',
  agent: 'the first there is',
  project: 'by what a request says, else asked for',
};

function labelOf(name: PreferenceName, value: string, { offered }: PreferencesView): string {
  const gone = name === 'project' ? 'a project that is gone' : value;
  return line(offered[name].find((each) => each.value === value)?.label ?? gone, 60);
}

/** No menu where there is nothing to choose from, or where it would say nothing. */
function menu(name: PreferenceName, view: PreferencesView): readonly Block[] {
  const own = view.choices.find((each) => each.name === name && each.holder === view.holder)?.value;
  const known = view.offered[name];
  const isKnown = own === undefined || known.some(({ value }) => value === own);
  const values = isKnown ? known : [...known, { value: own, label: labelOf(name, own, view) }];
  if (values.length === 0 || !precedence[name].includes(view.holder)) return [];
  const options: readonly Option[] = [
    { label: 'not chosen here', action: actionOf(name, inherited, view) },
    ...values.map(({ value, label }) => ({ label: line(label, 60), action: actionOf(name, value, view) })),
  ];
  return [
    {
      kind: 'select',
      label: preferenceWords[name],
      options,
      chosen: actionOf(name, own ?? inherited, view),
    },
  ];
}

/** Stands in a menu for “nothing chosen here”. */
export const inherited = 'default';

function actionOf(name: PreferenceName, value: string, { subject }: PreferencesView): string {
  return encodeAction({ verb: 'prefer', subject, choice: `${name}-${value}` });
}

const holderNames: Readonly<Record<HolderKind, string>> = {
  person: 'who asked',
  channel: 'the channel',
  project: 'the project',
};

const orderWords = `The first who chose decides. ${(['tone', 'format', 'agent'] as const)
  .map((name) => {
    const label = name === 'tone' ? 'Tone and verbosity' : preferenceWords[name];
    return `${label}: ${joinWords(
      precedence[name].map((holder) => holderNames[holder]),
      { last: 'or' },
    ).replace(' or ', ', then ')}`;
  })
  .join('. ')}. What a request says comes before all.`;

/** Where the card stands in no channel. */
const elsewhereWords =
  'Here are your own alone. What a channel or a project prefers is changed there: say “preferences for channel”, or “preferences for” and the project’s name.';

/** The same for the other holders, said by a button. */
function others({ subject, holder, channel, project }: PreferencesView): readonly Button[] {
  if (subject === 'home') return [];
  const labels = [
    ...(holder === 'person' ? [] : ['Preferences for me']),
    ...(holder === 'channel' || channel === undefined ? [] : ['Preferences for this channel']),
    ...(holder === 'project' || project === undefined ? [] : [`Preferences for ${project}`]),
  ];
  return labels.map((label, index) => ({
    label,
    action: encodeAction({ verb: 'run', subject, choice: String(index) }),
  }));
}
