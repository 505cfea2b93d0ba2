import type { Block, Card } from '#core/chat/card.ts';
import type { RichText } from '#core/chat/inline.ts';
import { waitingNotes } from '#core/task/decide-note.ts';
import type { Note } from '#core/task/note.ts';
import type { TaskState } from '#core/task/state.ts';
import { plural } from '#core/text/plural.ts';
import { plainText } from '#core/text/sanitise.ts';
import { attachmentWords } from './attachment-words.ts';
import { line } from './limits.ts';
import { bold, code, taskSentence, taskTitle } from './pieces.ts';

/** Newest notes that are shown, the newest first, for what comes last is left out where there is no room; each is cut to so many characters. */
const shownNotes = 8;
const noteLength = 300;
const answerLength = 1_000;

/** What people said while the task was under way, and what each was taken for. */
export function showNotes(state: TaskState): readonly Card[] {
  return [...(state.notesDeclined ? [declined(state)] : []), ...(state.notes.length === 0 ? [] : [heard(state)])];
}

function heard(state: TaskState): Card {
  const waiting = waitingNotes(state).length;
  const words = waiting === 0 ? 'What was said meanwhile' : `${plural(waiting, 'message')} waiting`;
  return {
    key: 'notes',
    tone: 'neutral',
    title: taskTitle(state, bold(words)),
    summary: taskSentence(state, `heard ${plural(state.notes.length, 'message')} meanwhile, ${waiting} waiting.`),
    blocks: state.notes
      .slice(-shownNotes)
      .toReversed()
      .flatMap((note) => noteBlocks(state, note)),
  };
}

function noteBlocks(state: TaskState, note: Note): readonly Block[] {
  return [
    { kind: 'quote', from: line(note.by.name, 60), text: plainText(note.text || noWords, { maxLength: noteLength }) },
    ...(note.answer === undefined ? [] : [answerBlock(state, note.answer)]),
    { kind: 'context', text: [`${broughtBy(note)}${takenFor(state, note)}`] },
  ];
}

const noWords = '(files without words)';

function broughtBy({ files }: Note): string {
  return files === undefined ? '' : `With ${attachmentWords(files)}. `;
}

function answerBlock(state: TaskState, answer: string): Block {
  const text = plainText(answer, { maxLength: answerLength });
  return { kind: 'quote', from: agentOf(state), text, written: 'markdown' };
}

/** Who answers what is asked aside. */
function agentOf({ steps }: TaskState): string {
  return line(steps.find(({ plan }) => plan.agent !== undefined)?.plan.agent?.name ?? 'Answer', 60);
}

function takenFor(state: TaskState, note: Note): string {
  if (note.status === 'dropped')
    return note.reason === undefined ? 'Taken back.' : `Not taken up: ${line(note.reason)}.`;
  if (note.status === 'taken') return takenWords[note.kind];
  if (note.kind !== 'queued') return waitingWords[note.kind];
  const place =
    waitingNotes(state)
      .filter(({ kind }) => kind === 'queued')
      .indexOf(note) + 1;
  return `Waits for the end, number ${place}. Edit or delete your message to change or drop it.`;
}

const takenWords: Readonly<Record<Note['kind'], string>> = {
  steer: 'Taken as a new instruction; it is worked in.',
  queued: 'Taken up when the work before it ended.',
  aside: 'Taken as a question beside the work.',
};

const waitingWords: Readonly<Record<Exclude<Note['kind'], 'queued'>, string>> = {
  steer: 'Taken as a new instruction; it is handed on as soon as the work can hear it.',
  aside: 'Taken as a question beside the work; it is handed on as soon as the work can hear it.',
};

function declined(state: TaskState): Card {
  const text: RichText = [
    'It runs the steps that are shown, and they do not change while it works. Begin with ',
    code('queue:'),
    ' and your words are taken up when it ends; ',
    code('cancel'),
    ' stops it. What else is said here is taken as talk between people.',
  ];
  return {
    key: 'notes-declined',
    tone: 'neutral',
    title: taskTitle(state, bold('Can’t be steered while it works')),
    summary: taskSentence(state, 'can not be steered while it works; begin with “queue:” to say what comes next.'),
    blocks: [{ kind: 'text', text }],
  };
}
