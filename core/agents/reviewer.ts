import { z } from 'zod';
import { identifier, line } from '../project-file/fields.ts';

/** Who takes over where an agent can not mend what checks found, as people write it: another agent, another model, a person. */
export const reviewer = z
  .strictObject(
    {
      agent: identifier.optional().meta({ description: 'Another agent, by its id.' }),
      model: line.optional().meta({ description: 'Its model; without `agent` the same agent with this model.' }),
      person: line.optional().meta({ description: 'Somebody who is asked what to do, by name.' }),
    },
    { error: 'must be a set of keys' },
  )
  .refine(({ agent, model, person }) => (person === undefined) !== (agent === undefined && model === undefined), {
    error: 'must name an agent, a model or both, or a person',
  });

export type ReviewerWish = z.infer<typeof reviewer>;

/** The same, found: an agent with its model if that is another one, or a member. */
export type Reviewer =
  | { readonly kind: 'agent'; readonly id: string; readonly name: string; readonly model?: string }
  | { readonly kind: 'person'; readonly memberId: string; readonly name: string };

/** `Codex`, `Claude Code with opus`, `bo`. */
export function reviewerWords(who: Reviewer): string {
  return who.kind === 'agent' && who.model !== undefined ? `${who.name} with ${who.model}` : who.name;
}
