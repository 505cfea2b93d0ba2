import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { RunReport } from '#core/task/commands.ts';
import { currentStep } from '#core/task/parts.ts';
import { commandTask } from '#db/tasks/change-task.ts';
import { stubAgent } from '#tests/stub-agent/stub-agent.ts';
import { letTimePass } from '#tests/whole/later.ts';
import { discordPlatform } from './discord.ts';
import type { ScenarioPlatform, Screen, Who } from './platform.ts';
import { slackPlatform } from './slack.ts';
import { webPlatform } from './web.ts';

/** A busy machine may need long. */
const patient = { timeout: 30_000 };

const threeDays = 3 * 24 * 3600_000;

/** Works until it is stopped. */
const busy = [[{ tool: { id: '1', title: 'Look around', kind: 'read' } }, { waitForCancel: true }]] as const;

/** What becomes of a press, whenever and by whomever it is made: each has one outcome, said in words. */
describe.each([
  ['the web chat', webPlatform, { deletes: false }],
  ['Slack', slackPlatform, { deletes: true }],
  ['Discord', discordPlatform, { deletes: true }],
] as const)('a press on %s', (_, start, { deletes }) => {
  let platform: ScenarioPlatform;
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'commander-presses-'));
    platform = await start({ agents: [stubAgent(folder, busy)] });
    await platform.until(await platform.ask('help', 'carl'), 'What you can say');
    const carl = platform.commander.db.kysely.updateTable('members').where('name', '=', 'carl');
    await carl.set({ role: 'approver' }).execute();
  });
  afterAll(async () => {
    vi.useRealTimers();
    await platform.stop();
    await rm(folder, { recursive: true, force: true });
  });

  /** A release that waits for its approval, as people have it on their screens. */
  async function waiting(
    version: string,
    who: Who = 'admin',
  ): Promise<{ readonly thread: string; readonly screen: Screen }> {
    const thread = await platform.ask(`release ${version}`, who);
    await platform.until(thread, 'Approve');
    await platform.until(thread, 'Waiting for approval');
    return { thread, screen: await platform.screen(thread, 'Approve') };
  }

  /** How often it was decided. */
  async function decisions(thread: string): Promise<number> {
    const { rows } = await sql<{ count: number }>`
      select count(*)::int as count from events e join tasks t on t.id = e.task_id join threads h on h.id = t.thread_id
      where h.thread = ${thread.split('/').at(-1)} and e.type = 'approval.decided'`.execute(
      platform.commander.db.kysely,
    );
    return rows[0]?.count ?? 0;
  }

  /** What the run of a thread's task says of its agent. */
  async function reports(thread: string, said: (stepId: string) => RunReport): Promise<void> {
    const { db } = platform.commander;
    const place = thread.split('/').at(-1) ?? '';
    const found = db.kysely.selectFrom('tasks as t').innerJoin('threads as h', 'h.id', 't.thread_id').select('t.state');
    const { state } = await found.where('h.thread', '=', place).executeTakeFirstOrThrow();
    const report = said(currentStep(state)?.plan.id ?? '');
    expect(await commandTask(db, state.id, { type: 'report', runId: state.run?.id ?? '', report })).toMatchObject({
      ok: true,
    });
  }

  it('by one who may not changes nothing and tells him who may; by two at once counts once, and whoever comes second or again is told', async () => {
    const { thread, screen } = await waiting('1.0.0');
    const before = await platform.posts(thread);
    await screen.press('member');
    await expect.poll(() => screen.told('member'), patient).toEqual([expect.stringContaining('approver')]);
    expect(await platform.posts(thread)).toEqual(before);
    expect(await decisions(thread)).toBe(0);
    const second = () => [...screen.told('admin'), ...screen.told('carl')];
    await Promise.all([screen.press('admin'), screen.press('carl')]);
    await platform.until(thread, 'Deliver');
    await expect.poll(second, patient).toEqual([expect.stringMatching(/approved.*by (ana|anna|carl)/i)]);
    await screen.press('carl');
    await expect.poll(() => second().length, patient).toBe(2);
    expect(new Set(second()).size).toBe(1);
    expect(await decisions(thread)).toBe(1);
  });

  it('by one who may no longer since it was posted changes nothing, and counts when he may again', async () => {
    await platform.setManaging(true);
    const { thread, screen } = await waiting('1.5.0', 'dora');
    await platform.setManaging(false);
    await screen.press('dora');
    await expect.poll(() => screen.told('dora'), patient).toEqual([expect.stringContaining('approver')]);
    expect(await decisions(thread)).toBe(0);
    await platform.setManaging(true);
    await screen.press('dora');
    await platform.until(thread, 'Deliver');
    expect(screen.told('dora')).toHaveLength(1);
    expect(await decisions(thread)).toBe(1);
  });

  it.runIf(deletes)(
    'on a message that is deleted in that moment counts, and what was decided is shown again, once',
    async () => {
      const { thread, screen } = await waiting('1.2.0');
      const pressed = screen.press('admin');
      screen.remove?.();
      await pressed;
      await platform.until(thread, 'Deliver');
      await platform.until(thread, 'Exactly this was approved');
      expect(await decisions(thread)).toBe(1);
      expect((await platform.posts(thread)).filter((text) => text.includes('Exactly this was approved'))).toHaveLength(
        1,
      );
    },
  );

  it('after the end is told how it ended, also twice', async () => {
    const { thread, screen } = await waiting('1.3.0');
    await platform.press(thread, 'Cancel', 'admin');
    await platform.until(thread, 'Cancelled');
    for (const times of [1, 2]) {
      await screen.press('admin');
      await expect.poll(() => screen.told('admin'), patient).toHaveLength(times);
    }
    for (const words of screen.told('admin')) expect(words).toMatch(/cancelled/i);
    expect(await decisions(thread)).toBe(0);
  });

  it('on an agent that gives no sign of life gives it time, once; when it moves again or is ended, he is told', async () => {
    const thread = await platform.ask('indent the sources in strawberry-api', 'admin');
    await platform.until(thread, 'Look around');
    const fallsSilent = async () => {
      const since = new Date().toISOString();
      await reports(thread, (stepId) => ({ type: 'agent-quiet', stepId, since, timeMs: 600_000 }));
      await platform.until(thread, 'Unless it moves');
      return platform.screen(thread, 'Wait');
    };
    const screen = await fallsSilent();
    await screen.press('member');
    await expect.poll(() => screen.told('member'), patient).toEqual([expect.stringContaining('approver')]);
    const told = () => [...screen.told('admin'), ...screen.told('carl')];
    await Promise.all([screen.press('admin'), screen.press('carl')]);
    await platform.until(thread, 'wanted to wait for it');
    await expect.poll(told, patient).toEqual([expect.stringMatching(/(ana|anna|carl) wants to wait already/)]);
    await reports(thread, (stepId) => ({ type: 'agent-moved', stepId }));
    await platform.until(thread, 'it goes on');
    await screen.press('admin');
    await expect.poll(told, patient).toContainEqual(expect.stringContaining('has moved again'));
    const later = await fallsSilent();
    await platform.press(thread, 'Cancel', 'admin');
    await platform.until(thread, 'Cancelled');
    const before = later.told('admin').length;
    await later.press('admin');
    await expect
      .poll(() => later.told('admin').slice(before), patient)
      .toEqual([expect.stringContaining('is cancelled')]);
  });

  it('three days later and after a restart still counts, for those who may; three days after that it is told the decision', async () => {
    const { thread, screen } = await waiting('1.4.0');
    await letTimePass(platform.commander.db, threeDays);
    await platform.commander.restartBot();
    await screen.press('member');
    await expect.poll(() => screen.told('member'), patient).toEqual([expect.stringContaining('approver')]);
    await screen.press('admin');
    await platform.until(thread, 'Deliver');
    expect(screen.told('admin')).toEqual([]);
    await letTimePass(platform.commander.db, threeDays);
    await screen.press('carl');
    await expect
      .poll(() => screen.told('carl'), patient)
      .toEqual([expect.stringMatching(/approved by (ana|anna), \d+ \w+ 20\d\d/)]);
    expect(await decisions(thread)).toBe(1);
  });
});
