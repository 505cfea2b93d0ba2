import type { ChatMessage } from '#core/chat/chat-store.ts';
import type { Conversation } from './converse.ts';
import { offerButtons } from './press.ts';
import { pressable } from './print-card.ts';

/** What cards ask of people while a task is followed. */
export interface Offers {
  /** A card as it is now. */
  see(message: ChatMessage): void;
  /** Asks no more. */
  end(): void;
}

/** Offers at a terminal what is to be decided or answered: one after the other, each once, for as long as its card still asks. */
export function startOffers({ client, terminal, asked }: Pick<Conversation, 'client' | 'terminal' | 'asked'>): Offers {
  const isOffered = terminal.ask !== undefined && !asked.json;
  const known = new Set<string>();
  const waiting = new Map<string, { readonly message: ChatMessage; readonly ending: AbortController }>();
  let offering = false;

  async function offerAll(): Promise<void> {
    if (offering) return;
    offering = true;
    for (let [next] = waiting.values(); next !== undefined; [next] = waiting.values()) {
      const { message, ending } = next;
      await offerButtons(client, message, terminal, ending.signal).catch((error: Error) =>
        terminal.print(error.message),
      );
      waiting.delete(message.id);
    }
    offering = false;
  }

  return {
    see(message) {
      if (!isOffered || !/^(?:approval|question):/.test(message.card?.key ?? '')) return;
      const asks = message.card !== undefined && pressable(message.card).length > 0;
      if (!asks) {
        waiting.get(message.id)?.ending.abort();
        waiting.delete(message.id);
      } else if (!known.has(message.id)) {
        known.add(message.id);
        waiting.set(message.id, { message, ending: new AbortController() });
        void offerAll();
      }
    },
    end() {
      for (const { ending } of waiting.values()) ending.abort();
      waiting.clear();
    },
  };
}
