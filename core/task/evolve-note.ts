import type { Recorded } from './events.ts';
import { mailKept } from './mail.ts';
import { type Note, noteLimit, revisionOf } from './note.ts';
import { act } from './parts.ts';
import { gaveFiles } from './said-files.ts';
import type { TaskState } from './state.ts';

/** What people, and agents of other tasks, say to a task that is under way. `undefined` for every other event. */
export function evolveNote(state: TaskState, { at, actor, event }: Recorded): TaskState | undefined {
  switch (event.type) {
    case 'note.received': {
      const by = actor ?? state.requester;
      const { noteId: id, kind, text, files } = event;
      const note: Note = { id, kind, text, by, at, status: 'waiting', ...(files === undefined ? {} : { files }) };
      return { ...state, notes: kept([...state.notes, note]) };
    }
    case 'mail.received': {
      const { from, text } = event;
      return { ...state, mail: [...(state.mail ?? []), { from, text, at }].slice(-mailKept) };
    }
    case 'note.declined':
      return { ...state, notesDeclined: true };
    case 'note.changed':
      return change(state, event.noteId, (note) => ({
        text: event.text,
        kind: event.kind ?? note.kind,
        revision: revisionOf(note) + 1,
      }));
    case 'note.dropped':
      return change(state, event.noteId, () => ({ status: 'dropped', settledAt: at, reason: event.reason }));
    case 'note.taken': {
      const by = state.notes.find((note) => note.id === event.noteId)?.by.name ?? 'somebody';
      return act(
        change(state, event.noteId, () => ({ status: 'taken', settledAt: at, ...answerOf(event) })),
        at,
        `Took up what ${by} said`,
      );
    }
    default:
      return undefined;
  }
}

function answerOf({ answer }: { readonly answer?: string }): { readonly answer?: string } {
  return answer === undefined ? {} : { answer };
}

function change(state: TaskState, noteId: string, parts: (note: Note) => Partial<Note>): TaskState {
  return {
    ...state,
    notes: kept(state.notes.map((note) => (note.id === noteId ? { ...note, ...parts(note) } : note))),
  };
}

/** Every note that waits, those with files that an agent was given, and the newest others. */
function kept(notes: readonly Note[]): readonly Note[] {
  const settled = notes.filter((note) => note.status !== 'waiting' && !gaveFiles(note));
  const forgotten = new Set(settled.slice(0, Math.max(0, settled.length - noteLimit)));
  return notes.filter((note) => !forgotten.has(note));
}
