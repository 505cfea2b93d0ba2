/** What an agent may do: do it, ask a person first, or not at all. */
export type Decision = 'allow' | 'ask' | 'deny';

export type Risk = 'low' | 'medium' | 'high';

export interface Judgement {
  readonly decision: Decision;
  readonly risk: Risk;
  /** In plain words, to follow "because". */
  readonly reason: string;
}

export function allow(reason: string): Judgement {
  return { decision: 'allow', risk: 'low', reason };
}

export function ask(risk: Risk, reason: string): Judgement {
  return { decision: 'ask', risk, reason };
}

export function deny(reason: string): Judgement {
  return { decision: 'deny', risk: 'high', reason };
}

const strictness: Readonly<Record<Decision, number>> = { allow: 0, ask: 1, deny: 2 };
const riskiness: Readonly<Record<Risk, number>> = { low: 0, medium: 1, high: 2 };

/** The strictest of some judgements; of equals the riskiest, of these the first. */
export function strictest(first: Judgement, ...others: readonly Judgement[]): Judgement {
  return others.reduce((worst, each) => (weight(each) > weight(worst) ? each : worst), first);
}

/** Whether `a` is at least as strict as `b`. */
export function isStricter(a: Decision, b: Decision): boolean {
  return strictness[a] > strictness[b];
}

function weight({ decision, risk }: Judgement): number {
  return 10 * strictness[decision] + riskiness[risk];
}
