import type { DecideContext, Decision, PersonCommand } from './commands.ts';
import { happens, refuse } from './decision.ts';
import type { TaskEvent } from './events.ts';
import { type Note, noteLimit } from './note.ts';
import { isFinal } from './parts.ts';
import { tooManyFiles } from './said-files.ts';
import type { TaskState } from './state.ts';

type NoteCommand = Extract<PersonCommand, { readonly type: 'say' | 'change-note' | 'drop-note' }>;

/** Decides what people say to a task while it is under way, and what they do with it while it waits. */
export function decideNote(state: TaskState, command: NoteCommand, context: DecideContext): Decision {
  if (command.type === 'say') return say(state, command);
  const note = state.notes.find((each) => each.id === command.noteId);
  if (note === undefined) return refuse('unknown', `#${state.number} knows no such words.`);
  if (note.by.memberId !== context.actor?.memberId) {
    return refuse('not_allowed', `Only ${note.by.name} can change what ${note.by.name} said.`);
  }
  if (note.status !== 'waiting') return refuse('already_decided', settledWords(note));
  if (command.type === 'drop-note') return happens({ type: 'note.dropped', noteId: note.id });
  return changeNote(state, note, command);
}

/** What is marked otherwise now is taken for something else; for what a task does not take, it is not taken up. */
function changeNote(state: TaskState, note: Note, command: NoteCommand & { type: 'change-note' }): Decision {
  const { text, kind = note.kind } = command;
  const changed = { type: 'note.changed', noteId: note.id, text } as const;
  if (kind === note.kind) return text === note.text ? happens() : happens(changed);
  if (kind === 'queued' || isSteerable(state)) return happens({ ...changed, kind });
  const dropped = { type: 'note.dropped', noteId: note.id, reason: `#${state.number} can not be steered` } as const;
  return state.notesDeclined ? happens(dropped) : happens(dropped, { type: 'note.declined' });
}

/** The same words twice (a redelivery) change nothing. What can't be steered says so once; after that it is people's talk. */
function say(state: TaskState, { noteId, kind, text, files }: NoteCommand & { type: 'say' }): Decision {
  if (state.notes.some((each) => each.id === noteId)) return happens();
  if (isFinal(state)) return refuse('not_now', `#${state.number} is ${state.status}; nothing is under way.`);
  if (kind !== 'queued' && !isSteerable(state)) {
    return state.notesDeclined ? happens() : happens({ type: 'note.declined' });
  }
  if (waitingNotes(state).length >= noteLimit) {
    return refuse(
      'not_now',
      `${noteLimit} messages wait for #${state.number} already. Say it again when it took some.`,
    );
  }
  const tooMany = tooManyFiles(state, files);
  if (tooMany !== undefined) return refuse('not_now', tooMany);
  return happens({ type: 'note.received', noteId, kind, text, ...(files === undefined ? {} : { files }) });
}

/** Whether what is left of the task's work takes words while it works. */
export function isSteerable(state: TaskState): boolean {
  return state.steps.some((step) => step.plan.steerable && step.status !== 'done' && step.status !== 'skipped');
}

/** What waits to be heard, oldest first. */
export function waitingNotes(state: TaskState): readonly Note[] {
  return state.notes.filter((each) => each.status === 'waiting');
}

/** What becomes of the notes of a task that has just come to its end: what was queued is asked now, unless it was cancelled. */
export function notesAtEnd(state: TaskState): readonly TaskEvent[] {
  return waitingNotes(state).map((note): TaskEvent => {
    const { id: noteId } = note;
    if (note.kind === 'queued' && state.status !== 'cancelled') return { type: 'note.taken', noteId, as: 'request' };
    return { type: 'note.dropped', noteId, reason: `#${state.number} ended before` };
  });
}

function settledWords(note: Note): string {
  return note.status === 'taken' ? 'That was taken up already.' : 'That was dropped already.';
}
