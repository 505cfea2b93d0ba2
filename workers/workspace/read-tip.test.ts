import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readTip } from './read-tip.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'commander-tip-'));
  git('init', '--quiet', '--initial-branch=main');
  commit('one');
});

afterEach(() => rm(folder, { recursive: true, force: true }));

function git(...words: readonly string[]): string {
  const settings = ['-c', 'user.name=t', '-c', 'user.email=t@example.org', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', [...settings, ...words], { cwd: folder, encoding: 'utf8' }).trim();
}

function commit(message: string): void {
  git('commit', '--quiet', '--allow-empty', '-m', message);
}

const tip = (branch: string) => readTip(join(folder, '.git'), branch);

it('is the commit that git names: at a branch, packed, changed after packing, detached', async () => {
  expect(await tip('main')).toBe(git('rev-parse', 'main'));
  git('pack-refs', '--all');
  expect(await tip('main')).toBe(git('rev-parse', 'main'));
  expect(await tip('HEAD')).toBe(git('rev-parse', 'HEAD'));
  commit('two');
  expect(await tip('HEAD')).toBe(git('rev-parse', 'HEAD'));
  git('checkout', '--quiet', '--detach', 'HEAD~1');
  expect(await tip('HEAD')).toBe(git('rev-parse', 'HEAD'));
});

it('is not told where only git can: no such branch, no commit, no repository, a worktree', async () => {
  expect(await tip('nowhere')).toBeUndefined();
  git('checkout', '--quiet', '--orphan', 'empty');
  expect(await tip('HEAD')).toBeUndefined();
  expect(await readTip(join(folder, 'nothing'), 'main')).toBeUndefined();
  git('worktree', 'add', '--quiet', 'tree', 'main');
  expect(await readTip(join(folder, '.git/worktrees/tree'), 'HEAD')).toBeUndefined();
});
