import { expect, it } from 'vitest';
import { maySee } from './visibility.ts';

it('shows every task to every member, and to an agent only those of the person it works for', () => {
  const task = { requester: { memberId: 'ana' } };
  expect(maySee({ memberId: 'bo', role: 'viewer' }, task)).toBe(true);
  expect(maySee({ memberId: 'bo', role: 'admin', byAgent: true }, task)).toBe(false);
  expect(maySee({ memberId: 'ana', role: 'requester', byAgent: true }, task)).toBe(true);
});
