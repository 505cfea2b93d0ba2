import { encodeAction } from '#core/chat/button.ts';
import type { Block, Button, Card, Tone } from '#core/chat/card.ts';
import type { RichText } from '#core/chat/inline.ts';
import type { Manner } from '#core/preferences/preference.ts';
import { plural } from '#core/text/plural.ts';
import { plainText } from '#core/text/sanitise.ts';
import { buttonBlocks, line, listBlock, titleLimit } from './limits.ts';
import { bold, code, sentence } from './pieces.ts';
import { say, sayRich } from './voice.ts';

/** One thing that a person can say. */
export interface HelpEntry {
  /** As it is written: `release <version>`. */
  readonly usage: string;
  readonly summary: string;
}

export interface HelpSection {
  readonly title: string;
  readonly entries: readonly HelpEntry[];
  /** What to say to see those that a list has no room for. */
  readonly next?: string;
}

/** All that can be said, by section. */
export function showHelp(sections: readonly HelpSection[]): Card {
  return {
    key: 'help',
    tone: 'neutral',
    title: ['What you can say'],
    summary: `What you can say: ${plural(
      sections.reduce((count, section) => count + section.entries.length, 0),
      'command',
    )}.`,
    blocks: sections
      .filter((section) => section.entries.length > 0)
      .flatMap(({ title, entries, next }) => [
        { kind: 'text', text: [bold(line(title, 100))] } as const,
        listBlock(
          entries.map(({ usage, summary }) => [code(line(usage, 100)), ` ${line(summary, 200)}`]),
          next === undefined ? {} : { next },
        ),
      ]),
  };
}

export interface ProjectRow {
  readonly name: string;
  /** What it is: `repository`, `folder`, `remote`. */
  readonly kind: string;
  readonly location: string;
  /** Names of what can be run in it. */
  readonly runbooks: readonly string[];
  /** What is wrong with it, if anything. */
  readonly problem?: string;
}

/** The projects and what can be run in each. */
export function showProjects(rows: readonly ProjectRow[], more = 0): Card {
  const all = rows.length + more;
  return {
    key: 'projects',
    tone: rows.some((row) => row.problem !== undefined) ? 'warning' : 'neutral',
    title: [all === 0 ? 'There is no project yet' : plural(all, 'project')],
    summary: all === 0 ? 'There is no project yet.' : `${plural(all, 'project')}.`,
    blocks:
      all === 0
        ? [{ kind: 'text', text: ['Say ', code('add project <path or git URL>'), ' to add one.'] }]
        : [listBlock(rows.map(projectItem), { more })],
  };
}

function projectItem({ name, kind, location, runbooks, problem }: ProjectRow): RichText {
  const names = runbooks.slice(0, 10).flatMap((each, index) => [index === 0 ? '' : ', ', code(line(each, 60))]);
  const hidden = runbooks.length > 10 ? [` and ${runbooks.length - 10} more`] : [];
  const runs = runbooks.length === 0 ? ['it declares no runbook'] : ['runs ', ...names, ...hidden];
  return [
    bold(line(name, 60)),
    `, ${line(kind, 30)} at `,
    code(line(location, 200)),
    ': ',
    ...(problem === undefined ? runs : [sentence(line(problem))]),
  ];
}

export interface Notice {
  readonly tone: Tone;
  readonly title: string;
  /** Paragraphs. */
  readonly text: readonly RichText[];
  /** Words that are not Commander's own: an error of git, a line of a file. */
  readonly code?: { readonly label: string; readonly text: string };
}

/** A short answer to a command. */
export function showNotice({ tone, title, text, code: quotedCode }: Notice): Card {
  return {
    key: 'notice',
    tone,
    title: [line(title, titleLimit)],
    summary: sentence(line(title, titleLimit)),
    blocks: [
      ...text.map((paragraph) => ({ kind: 'text', text: paragraph }) as const),
      ...(quotedCode === undefined
        ? []
        : [{ kind: 'code', label: quotedCode.label, text: plainText(quotedCode.text, { maxLength: 3000 }) } as const]),
    ],
  };
}

/** Something that could have been meant. */
interface Choice {
  /** As a person would write it. */
  readonly say: string;
  readonly meaning: string;
}

export interface Unknown {
  /** The message that was not understood; the buttons name it: `run:<messageId>:<index of the choice>`. */
  readonly messageId: string;
  readonly heard: string;
  readonly from: string;
  /** Why it could not be understood, in a sentence. */
  readonly why?: string;
  /** It was understood, and is no request: a question, a refusal, one that fits several things. */
  readonly title?: string;
  readonly nearest: readonly Choice[];
  readonly manner: Manner;
}

/** The honest answer to a message that fits nothing, with the nearest things that would. */
export function showUnknown({ messageId, heard, from, why, title, nearest, manner }: Unknown): Card {
  const choices = nearest.slice(0, 5);
  return {
    key: 'unknown',
    tone: 'warning',
    title: [title ?? say(manner, 'notUnderstood')],
    summary: title === undefined ? `I did not understand “${line(heard, 100)}”.` : `${title}: “${line(heard, 100)}”.`,
    blocks: [
      { kind: 'quote', from: line(from, 60), text: plainText(heard, { maxLength: 500 }) },
      ...(why === undefined ? [] : [{ kind: 'text', text: [sentence(line(why))] } as const]),
      ...meantBlocks(choices),
      {
        kind: 'context',
        text: sayRich(manner, 'notStarted', { help: code('help') }),
      },
      ...buttonBlocks(choices.map(({ say }, index) => choiceButton(messageId, say, index))),
    ],
  };
}

function meantBlocks(choices: readonly Choice[]): readonly Block[] {
  if (choices.length === 0) return [];
  return [
    { kind: 'text', text: ['Perhaps you meant:'] },
    listBlock(choices.map(({ say, meaning }) => [code(line(say, 100)), ` ${line(meaning, 200)}`])),
  ];
}

function choiceButton(messageId: string, label: string, index: number): Button {
  return { label, action: encodeAction({ verb: 'run', subject: messageId, choice: String(index) }) };
}
