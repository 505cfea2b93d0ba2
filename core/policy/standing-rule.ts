/** "Always allow here": made by a person, about exactly one declaration or request. */
export interface StandingRule {
  readonly id: string;
  readonly ruleHash: string;
  /** A name, as it was then. */
  readonly madeBy: string;
  readonly madeById: string;
  readonly madeAt: string;
}
