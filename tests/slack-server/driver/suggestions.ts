import { z } from 'zod';
import { option } from '../blocks/elements.ts';
import type { Slack } from '../slack.ts';
import type { Workspace } from '../state/workspace.ts';
import { findElement } from './elements.ts';
import { blocksOf, common, placeOf, type Surface } from './interactions.ts';

export type Suggestion = z.infer<typeof option>;

/** What the app may answer: at most 100 options (docs.slack.dev, external select). */
const answer = z.strictObject({ options: z.array(option).max(100) });

/** Types into a menu whose options the app serves. @throws Error when it does not answer or answers what Slack refuses. */
export async function suggest(
  slack: Slack,
  workspace: Workspace,
  surface: Surface,
  actionId: string,
  typed: string,
  user: string,
): Promise<readonly Suggestion[]> {
  const { blockId, element } = findElement(blocksOf(surface), actionId);
  if (!element.type.endsWith('external_select')) throw new Error(`${actionId} has its options already`);
  // Slack asks from 3 characters on, unless the menu says otherwise (@slack/types).
  if (typed.length < Number(element.min_query_length ?? 3)) return [];
  const attempt = await slack.delivery.interact('interactive', {
    type: 'block_suggestion',
    ...common(slack, workspace, user),
    ...placeOf(slack, workspace, surface, user, {}),
    block_id: blockId,
    action_id: actionId,
    value: typed,
  });
  if (!attempt.acknowledged) throw new Error(`The app offered nothing: ${attempt.reason}`);
  return answer.parse(attempt.body).options;
}
