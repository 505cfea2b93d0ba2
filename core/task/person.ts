/** A member as events record it: the name is the one at that time. */
export interface Person {
  readonly memberId: string;
  readonly name: string;
}
