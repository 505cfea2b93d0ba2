import { z } from 'zod';
import { truth, wholeNumber } from '../project-file/fields.ts';

/** Who decides approvals, beyond the role that it needs. */
export const deciders = z.strictObject(
  {
    people: wholeNumber(1, 10)
      .default(1)
      .meta({ description: 'How many different people have to approve; one who denies is enough.' }),
    not_requester: truth
      .default(false)
      .meta({ description: 'true: nobody approves or delivers what he asked for or told the agent himself.' }),
  },
  { error: 'must be a set of keys' },
);

/** The same as tasks keep it. */
export interface Deciders {
  readonly people: number;
  readonly notRequester: boolean;
}

/** Anybody whose role allows it, alone. */
export const anyDecider: Deciders = { people: 1, notRequester: false };

/** The strictest of what several places say: none of them loosens another. */
export function strictestDeciders(...said: readonly z.infer<typeof deciders>[]): Deciders {
  return {
    people: Math.max(1, ...said.map(({ people }) => people)),
    notRequester: said.some((each) => each.not_requester),
  };
}
