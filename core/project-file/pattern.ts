import { PatternError, type PatternNode, parsePattern } from './pattern-syntax.ts';

/** Longest source of a pattern, in UTF-16 units. */
export const maxPatternLength = 300;

/** Most instructions of one pattern: counted repetitions are written out, and time is instructions × characters. */
const maxInstructions = 1000;

/** A regular expression whose time grows with the text's length alone, whatever stands in it. */
export interface Pattern {
  /** Whether the whole text matches. */
  matches(text: string): boolean;
  /** Whether some part of the text matches. */
  finds(text: string): boolean;
}

/** Why a text is no pattern, in words that follow its name; `undefined` when it is one. */
export function patternProblem(source: string): string | undefined {
  try {
    compilePattern(source);
    return undefined;
  } catch (error) {
    if (error instanceof PatternError) return error.message;
    throw error;
  }
}

/**
 * A regular expression of the usual syntax, without what needs backtracking (look-around, back-references): projects write
 * patterns and strangers write the text, and JavaScript's own engine can be made to run for years. Throws `PatternError`.
 */
export function compilePattern(source: string): Pattern {
  const program = new Program();
  program.add(parsePattern(source));
  const { instructions } = program;
  return {
    matches: (text) => run(instructions, [...text], 'whole'),
    finds: (text) => run(instructions, [...text], 'part'),
  };
}

type Instruction =
  | { readonly kind: 'take'; readonly takes: (code: number) => boolean }
  | { readonly kind: 'assert'; readonly holds: (before: number, after: number) => boolean }
  /** Goes on at both places. */
  | { readonly kind: 'fork'; first: number; second: number };

/** Thompson's construction: each node becomes instructions that fall through to what follows. */
class Program {
  readonly instructions: Instruction[] = [];

  add(node: PatternNode): void {
    switch (node.kind) {
      case 'take':
      case 'assert':
        this.push(node);
        return;
      case 'sequence':
        for (const part of node.parts) this.add(part);
        return;
      case 'choice':
        this.choose(node.parts);
        return;
      case 'repeat':
        this.repeat(node.part, node.min, node.max);
    }
  }

  private push<Pushed extends Instruction>(instruction: Pushed): Pushed {
    if (this.instructions.length >= maxInstructions) {
      throw new PatternError('is too large: use fewer or smaller counted repetitions such as {1,50}');
    }
    this.instructions.push(instruction);
    return instruction;
  }

  private fork(first: number): { kind: 'fork'; first: number; second: number } {
    return this.push({ kind: 'fork', first, second: first });
  }

  private get next(): number {
    return this.instructions.length;
  }

  private choose(parts: readonly PatternNode[]): void {
    const ends: { second: number; first: number }[] = [];
    for (const [index, part] of parts.entries()) {
      if (index === parts.length - 1) this.add(part);
      else {
        const either = this.fork(this.next + 1);
        this.add(part);
        ends.push(this.fork(this.next));
        either.second = this.next;
      }
    }
    for (const end of ends) end.first = end.second = this.next;
  }

  private repeat(part: PatternNode, min: number, max: number): void {
    for (let count = 0; count < min; count += 1) this.add(part);
    if (max === Number.POSITIVE_INFINITY) {
      const loop = this.next;
      const either = this.fork(loop + 1);
      this.add(part);
      this.fork(loop);
      either.second = this.next;
      return;
    }
    const skips: { second: number }[] = [];
    for (let count = min; count < max; count += 1) {
      skips.push(this.fork(this.next + 1));
      this.add(part);
    }
    for (const skip of skips) skip.second = this.next;
  }
}

/** No character: what stands before the first and after the last one. */
const edge = -1;

/** All places of the program at once, one character after the other; each place is looked at once a character. */
function run(program: readonly Instruction[], characters: readonly string[], extent: 'whole' | 'part'): boolean {
  const codes = characters.map((character) => character.codePointAt(0) ?? 0);
  let places: readonly number[] = [0];
  for (let index = 0; index <= codes.length; index += 1) {
    const after = codes[index] ?? edge;
    const { takes, matched } = follow(program, places, codes[index - 1] ?? edge, after);
    if (matched && (extent === 'part' || index === codes.length)) return true;
    if (index === codes.length) return false;
    const next = takes.filter(({ instruction }) => instruction.takes(after)).map(({ place }) => place + 1);
    places = extent === 'part' ? [...next, 0] : next;
    if (places.length === 0) return false;
  }
  return false;
}

interface Taking {
  readonly place: number;
  readonly instruction: Extract<Instruction, { kind: 'take' }>;
}

/** What can be reached without taking a character. */
function follow(program: readonly Instruction[], from: readonly number[], before: number, after: number) {
  const seen = new Set<number>();
  const open = [...from];
  const takes: Taking[] = [];
  for (let place = open.pop(); place !== undefined; place = open.pop()) {
    if (seen.has(place)) continue;
    seen.add(place);
    const instruction = program[place];
    if (instruction?.kind === 'take') takes.push({ place, instruction });
    else if (instruction?.kind === 'fork') open.push(instruction.first, instruction.second);
    else if (instruction?.kind === 'assert' && instruction.holds(before, after)) open.push(place + 1);
  }
  return { takes, matched: seen.has(program.length) };
}
