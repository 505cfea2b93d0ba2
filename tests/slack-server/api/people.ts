import { z } from 'zod';
import { tiers } from '../limits.ts';
import { personJson } from '../wire.ts';
import { args, flag } from './arguments.ts';
import { type Method, method } from './method.ts';
import { Refusal } from './refusal.ts';

const info = method({
  name: 'users.info',
  scope: 'users:read',
  rate: tiers.four,
  input: args({ user: z.string().min(1), include_locale: flag.optional() }),
  answer(input, { workspace }) {
    const person = workspace.people.get(input.user);
    if (person === undefined) throw new Refusal('user_not_found');
    return { user: personJson(workspace, person) };
  },
});

export const peopleMethods: readonly Method[] = [info];
