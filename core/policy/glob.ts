/** What one part of a pattern takes: itself, any one character, any number of them, or any number of whole folders. */
type Part =
  | { readonly kind: 'this'; readonly character: string }
  | { readonly kind: 'one' | 'many'; readonly slashes: boolean }
  | { readonly kind: 'folders' };

/** A pattern of names. It is matched in time that grows with pattern times text, however both are made: both can be hostile. */
export type Glob = readonly Part[];

/** A rule's pattern of paths: `*` and `?` within a name, `**` across folders, `**` with a slash any folders or none. */
export function pathGlob(pattern: string): Glob {
  return pattern.split(/(\*\*\/|\*\*|\*|\?)/).flatMap((part): readonly Part[] => {
    if (part === '**/') return [{ kind: 'folders' }];
    if (part === '**') return [{ kind: 'many', slashes: true }];
    if (part === '*') return [{ kind: 'many', slashes: false }];
    return part === '?' ? [{ kind: 'one', slashes: false }] : exactly(part);
  });
}

/** At least the names that a shell takes a pattern for: a set in brackets counts as any character. */
export function shellGlob(pattern: string): Glob {
  return pattern.split(/(\[[^\]]*\]|[*?])/).flatMap((part): readonly Part[] => {
    if (part === '*') return [{ kind: 'many', slashes: true }];
    return part === '?' || part.startsWith('[') ? [{ kind: 'one', slashes: true }] : exactly(part);
  });
}

function exactly(text: string): readonly Part[] {
  return Array.from(text, (character) => ({ kind: 'this', character }) as const);
}

/** Whether a pattern stands for all of a text. */
export function globFits(glob: Glob, text: string): boolean {
  let states = reached(glob, new Set([0]));
  for (const character of text) {
    const next = new Set<number>();
    for (const state of states) for (const to of step(glob, state, character)) next.add(to);
    if (next.size === 0) return false;
    states = reached(glob, next);
  }
  return states.has(glob.length);
}

/** A half: inside the name of a folder that `folders` takes. */
const within = 0.5;

function step(glob: Glob, state: number, character: string): readonly number[] {
  const at = Math.floor(state);
  const part = glob[at];
  const slash = character === '/';
  switch (part?.kind) {
    case undefined:
      return [];
    case 'this':
      return part.character === character ? [at + 1] : [];
    case 'one':
      return slash && !part.slashes ? [] : [at + 1];
    case 'many':
      return slash && !part.slashes ? [] : [at];
    case 'folders':
      if (slash) return state === at ? [] : [at];
      return [at + within];
  }
}

/** All places that are reached without a character: what may take none is passed over. */
function reached(glob: Glob, states: Set<number>): ReadonlySet<number> {
  // A set is gone through in the order in which it grows, new members included.
  for (const state of states) {
    const kind = glob[state]?.kind;
    if (kind === 'many' || kind === 'folders') states.add(state + 1);
  }
  return states;
}
