/** Tokens that an answer claims to have cost. */
export interface Usage {
  readonly input: number;
  readonly output: number;
}

export interface ToolUse {
  /** A name, or a pattern that finds the one name the agent offers: agents call the same tool differently. */
  readonly tool: string | RegExp;
  readonly input: Readonly<Record<string, unknown>>;
}

/** What the model does at its next turn. */
export type ModelTurn =
  /** Words. `breaks` cuts a streamed answer off in the middle: nothing more comes, the connection is cut, an error comes. */
  | {
      readonly text: string;
      readonly stop?: 'end' | 'length' | 'refusal';
      readonly breaks?: 'hang' | 'cut' | 'error';
      readonly usage?: Usage;
    }
  /** One tool call, behind words if given. */
  | (ToolUse & { readonly text?: string; readonly usage?: Usage })
  /** Several tool calls at once. */
  | { readonly tools: readonly ToolUse[]; readonly text?: string; readonly usage?: Usage }
  /** An error; without a body the one that the protocol has for this status. */
  | { readonly status: number; readonly body?: object; readonly headers?: Readonly<Record<string, string>> }
  /** Takes the request and never answers. */
  | { readonly hang: true }
  /** Cuts the connection without an answer. */
  | { readonly cut: true };

/** An answer ready to be written: tools named as the agent names them. */
export interface Answer {
  /** Unique in this server; the ids in the answer are made of it. */
  readonly number: number;
  readonly model: string;
  readonly text: string | undefined;
  readonly tools: readonly { readonly id: number; readonly name: string; readonly input: object }[];
  readonly stop: 'end' | 'length' | 'refusal' | 'tool';
  readonly usage: Usage;
}

/** Tokens of an answer that names none. */
export const usualUsage: Usage = { input: 100, output: 20 };

/** A text in two pieces, as a stream would bring it; both may be empty. */
export function halves(text: string): readonly [string, string] {
  const middle = Math.ceil(text.length / 2);
  return [text.slice(0, middle), text.slice(middle)];
}
