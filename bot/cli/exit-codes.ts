/** What became of what was said. */
export const exitCodes = { done: 0, refused: 1, notSaid: 2, interrupted: 130 } as const;
