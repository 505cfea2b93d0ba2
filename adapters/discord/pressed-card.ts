import type { APIMessage } from 'discord.js';
import { keepRecent } from './recent.ts';

/**
 * The card that was pressed, also where the press is in what was answered to it: a question, or a form with a problem, and so on.
 * Discord says of each such message which one it answers; of what that one answers only this process knows.
 */
export function createPressedCards(): (message: APIMessage) => string {
  const cards = new Map<string, string>();
  return (message) => {
    const answered = answeredBy(message);
    const card = cards.get(answered) ?? answered;
    if (card !== message.id) keepRecent(cards, message.id, card);
    return card;
  };
}

function answeredBy({ id, interaction_metadata: said }: APIMessage): string {
  const pressed =
    said !== undefined && 'triggering_interaction_metadata' in said ? said.triggering_interaction_metadata : said;
  return pressed !== undefined && 'interacted_message_id' in pressed ? pressed.interacted_message_id : id;
}
