import type { z } from 'zod';
import type { Rate } from '../limits.ts';
import type { Slack } from '../slack.ts';
import type { Token } from '../state/tokens.ts';
import type { Workspace } from '../state/workspace.ts';
import { problemsOf, Refusal, refuseInvalid } from './refusal.ts';

/** Who calls, and where. */
export interface Caller {
  readonly slack: Slack;
  readonly token: Token;
  readonly workspace: Workspace;
}

export type Answer = Readonly<Record<string, unknown>>;

/** One method of the Web API. */
export interface Method {
  readonly name: string;
  readonly token: 'bot' | 'app' | 'none';
  readonly rate: Rate;
  readonly scope?: string;
  /** @throws Refusal */
  answer(args: unknown, caller: Caller): Answer;
}

interface Definition<Schema extends z.ZodType> {
  readonly name: string;
  readonly token?: 'bot' | 'app' | 'none';
  readonly rate: Rate;
  /** The scope that it takes; methods whose scope depends on the channel ask for it themselves. */
  readonly scope?: string;
  readonly input: Schema;
  answer(input: z.infer<Schema>, caller: Caller): Answer;
}

/** A method whose arguments are checked before it sees them. */
export function method<Schema extends z.ZodType>(definition: Definition<Schema>): Method {
  return {
    token: 'bot',
    ...definition,
    answer(args, caller) {
      const parsed = definition.input.safeParse(args, { reportInput: true });
      if (!parsed.success) throw refuseInvalid('invalid_arguments', problemsOf(parsed.error, ''));
      return definition.answer(parsed.data, caller);
    },
  };
}

/** @throws Refusal `missing_scope`, with what is needed and what there is. */
export function needScope(token: Token, scope: string): void {
  if (token.scopes.has(scope)) return;
  throw new Refusal('missing_scope', { needed: scope, provided: [...token.scopes].join(',') });
}
