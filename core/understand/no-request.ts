/** Said of a question. */
export const questionWords = 'That sounds like a question, not like work to begin';

/** Words that people put before what they want; they change nothing. */
const politeness = /^(?:(?:please|hey|hi|hello|ok|okay|so|well|now|just)\b[\s,:;!.]*)+/i;

const negation =
  /^(?:(?:you\s+)?(?:do\s+not|don['’]?t|must\s+not|mustn['’]?t|should\s+not|shouldn['’]?t)|never|no\s+need\s+to)\b/i;

const question =
  /^(?:what|why|how|when|who|whom|whose|where|which|is|are|was|were|does|do|did|has|have|had|should|shall|may|might)\b/i;

/** "Can you run the tests?" is a request in the form of a question. */
const wish = /^(?:can|could|would|will)\s+(?:you|we|somebody|someone)\b/i;

/**
 * Why a text that names work does not ask for it: it says not to do it, or only asks about it. `undefined` when it may be a
 * request.
 */
export function noRequest(text: string): string | undefined {
  const said = text.slice(0, 500).trim().replace(politeness, '');
  if (wish.test(said)) return undefined;
  if (negation.test(said)) return 'That says what not to do';
  if (question.test(said) && text.trim().endsWith('?')) return questionWords;
  return undefined;
}
