import type { Discord } from '../discord.ts';
import { answerTime, begin } from '../interactions.ts';
import type { Interaction, Modal } from '../state/interaction.ts';
import type { Message } from '../state/message.ts';

/** Who does something, and where. */
export interface By {
  readonly user?: string;
  readonly channel?: string;
}

/** What became of an interaction. */
export interface Answered {
  readonly interaction: Interaction;
  /** Whether the bot answered within its 3 seconds. */
  readonly acknowledged: boolean;
  /** The message that answers it, also one that is still to be written. */
  readonly message?: Message;
  readonly modal?: Modal;
}

/** Begins an interaction and waits for what becomes of it. */
export async function act(discord: Discord, asked: Parameters<typeof begin>[1]): Promise<Answered> {
  const interaction = begin(discord, asked);
  const cancel = discord.clock.after(answerTime, discord.changes.notify);
  const over = (): boolean => discord.clock.now() - interaction.createdAt >= answerTime;
  await discord.changes.waitFor(
    'an answer to an interaction',
    () => interaction.acknowledgedAt !== undefined || over(),
  );
  cancel();
  const { shown } = interaction;
  return {
    interaction,
    acknowledged: interaction.acknowledgedAt !== undefined,
    ...(shown !== undefined && 'message' in shown && { message: shown.message }),
    ...(shown?.kind === 'modal' && { modal: shown.modal }),
  };
}
