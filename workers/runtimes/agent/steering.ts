import type { ContentBlock } from '@agentclientprotocol/sdk';
import type { Question } from '#core/task/asked.ts';
import { type Note, revisionOf } from '#core/task/note.ts';
import type { PlacedFile } from '../../run/task-files.ts';
import { type Conversation, newSteering } from './conversation.ts';
import { bringFiles, fileBlocks } from './given-files.ts';
import type { OpenSession } from './open-session.ts';
import { answerWords, noteWords, steeringPrompt } from './prompt.ts';

/** Files that came with words, ready to be said. */
interface Brought {
  readonly places: readonly PlacedFile[];
  readonly blocks: readonly ContentBlock[];
}

/**
 * What people said and the agent has not heard, with the files that came with it: each prompt has it at its end, for a turn that
 * begins with it unheard is broken off. It counts as heard once all of its files are read.
 */
export async function takeUpSteering(talk: Conversation, prompts: OpenSession['prompts']): Promise<ContentBlock[]> {
  const brought = new Map<string, Brought>();
  const next = () => news(talk).find(({ id }) => !brought.has(id));
  for (let said = next(); said !== undefined; said = next()) {
    const places = await bringFiles(talk.context, said);
    brought.set(said.id, { places, blocks: await fileBlocks(places, prompts) });
  }
  // As it reads now, and at once: what changes from here on breaks off the turn that follows.
  const heard = news(talk);
  if (heard.length === 0) return [];
  const words = heard.map((said) => wordsOf(talk, said, brought.get(said.id)?.places ?? []));
  return [steeringPrompt(words), ...heard.flatMap(({ id }) => brought.get(id)?.blocks ?? [])];
}

function news(talk: Conversation): readonly (Question | Note)[] {
  return [...talk.answersToTell, ...newSteering(talk)];
}

/** The agent is about to hear it. */
function wordsOf(talk: Conversation, said: Question | Note, places: readonly PlacedFile[]): string {
  if ('about' in said) {
    talk.answersToTell.splice(talk.answersToTell.indexOf(said), 1);
    return answerWords(said, places);
  }
  const revision = revisionOf(said);
  const words = noteWords(said, places, talk.heardNotes.has(said.id) ? 'changed' : 'new');
  talk.heardNotes.set(said.id, revision);
  talk.show({ type: 'note-taken', noteId: said.id, revision });
  return words;
}
