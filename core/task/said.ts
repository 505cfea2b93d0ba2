import type { NoteKind } from './note.ts';

/** Words to a task under way, without the mark that says what they are for. */
export interface Said {
  readonly kind: NoteKind;
  readonly text: string;
  /** Whether the person marked them, so that they are surely meant for Commander. */
  readonly marked: boolean;
}

const marks: Readonly<Record<string, NoteKind>> = { queue: 'queued', btw: 'aside' };

/** Reads what words in a task's thread are for: `queue: …` waits for the end, `btw: …` is an aside, all else steers. */
export function readSaid(text: string): Said {
  const [whole = '', mark = ''] = /^\s*(queue|btw)\s*:\s*/i.exec(text) ?? [];
  const kind = marks[mark.toLowerCase()];
  if (kind === undefined) return { kind: 'steer', text: text.trim(), marked: false };
  return { kind, text: text.slice(whole.length).trim(), marked: true };
}
