import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { plainOf } from '#core/chat/inline.ts';
import type { Step } from '#tests/stub-agent/script.ts';
import { stubAgent } from '#tests/stub-agent/stub-agent.ts';
import { testDatabase } from '../database.ts';
import { startCommander, type TestCommander } from './commander.ts';

let commander: TestCommander;
let folder: string;

/** What the agents of a person may use in a day, and what one report adds. */
const limit = 2;
const each = 0.1;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'commander-day-'));
  const spending = Array.from({ length: 100 }, (_, index): readonly Step[] => [
    { usage: { used: 100, size: 1000, cost: (index + 1) * each } },
    { tick: { count: 1, everyMs: 300 } },
  ]).flat();
  const agent = stubAgent(folder, [spending], { limits: { warm: '100ms' } });
  const budgets = { per_person: { cost: limit }, per_project: {} };
  commander = await startCommander({ database: await testDatabase(), agents: [agent], budgets });
});

afterAll(async () => {
  await commander.stop();
  await rm(folder, { recursive: true, force: true });
});

it('two agents at once share what a day allows: each sees at its next report what the other has used', async () => {
  const threads = [await commander.say('@commander mend the login'), await commander.say('@commander mend the logout')];
  const asked = await Promise.all(
    threads.map((thread) =>
      commander.card(thread, ({ blocks, title }) =>
        `${plainOf(title)} ${JSON.stringify(blocks)}`.includes(
          'today; the limit of a day is 2.00 USD. Shall it go on?',
        ),
      ),
    ),
  );
  expect(asked).toHaveLength(2);
  const { cost } = await commander.db.kysely
    .selectFrom('agent_usage')
    .select(({ fn }) => fn.sum<string>('cost').as('cost'))
    .executeTakeFirstOrThrow();
  // Alone each would have come to the limit, so both to twice as much; between is what was used while reports were under way.
  expect(Number(cost)).toBeGreaterThanOrEqual(limit - each / 2);
  expect(Number(cost)).toBeLessThan(2 * limit - each);
});
