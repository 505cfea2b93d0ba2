import { execFileSync } from 'node:child_process';
import { mkdir, open, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { plainOf, type RichText } from '#core/chat/inline.ts';
import { testDatabase } from '../database.ts';
import { startCommander, type TestCommander } from './commander.ts';
import { makeRepository } from './projects.ts';

let commander: TestCommander;
let mounted = false;

beforeAll(async () => {
  commander = await startCommander({ database: await testDatabase() });
  await mkdir(commander.home, { recursive: true });
  mounted = mountSmallDisk(commander.home);
});

afterAll(async () => {
  if (mounted) execFileSync('umount', ['--lazy', commander.home]);
  await commander?.stop();
});

/** A disk of 16 MB in that place; false where this user, or this container, may not mount one. */
function mountSmallDisk(place: string): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', place], { stdio: 'ignore' });
    return true;
  } catch {
    // The system refuses; the test says that it is skipped.
    return false;
  }
}

/** Writes until the disk takes no more. */
async function fillDisk(path: string): Promise<void> {
  const file = await open(path, 'w');
  try {
    for (const size of [1024 * 1024, 4096]) {
      try {
        for (;;) await file.write(Buffer.alloc(size));
      } catch (error) {
        expect(error).toMatchObject({ code: 'ENOSPC' });
      }
    }
  } finally {
    await file.close();
  }
}

describe('a full disk', () => {
  it('is said in words; with space again a retry completes the task', async (test) => {
    test.skip(!mounted, 'a disk of its own can be mounted by root only, and not in every container');
    const folder = await makeRepository(join(commander.folder, 'small'), {
      'commander.yaml': `runbooks:
  write: { summary: Writes, steps: [{ name: Write, run: 'head -c 100000 /dev/urandom > DATA', approve: true, reversible: true }] }
`,
    });
    await commander.card(await commander.say(`@commander add project ${folder}`), ({ title }) =>
      plainOf(title).includes('is a project now'),
    );
    const file = await commander.upload('notes.txt', 'before');
    const thread = await commander.say('@commander write in small');
    await commander.card(thread, ({ key }) => key.startsWith('approval'));
    const ballast = join(commander.home, 'ballast');
    await fillDisk(ballast);
    const headers = { 'commander-person': 'ana' };
    const body = Buffer.alloc(1024 * 1024, 1);
    const upload = await fetch(`${commander.url}/api/chat/files?name=x`, { method: 'POST', headers, body });
    expect([upload.status, await upload.text()]).toEqual([507, expect.stringContaining('disk is full')]);
    const withFile = await commander.say('@commander write in small', { fileIds: [file] });
    const notTaken = await commander.card(withFile, ({ title }) => plainOf(title) === 'A file can not be taken');
    expect(JSON.stringify(notTaken.blocks)).toContain('“notes.txt” can not be stored: Commander’s disk is full.');
    await commander.press(thread, 'Approve');
    const failed = await commander.card(thread, ({ key, title }) => key.startsWith('report') && isEnd(title, 'Failed'));
    expect(JSON.stringify(failed)).toMatch(/disk [^.]*is full|No space left on device/i);
    await rm(ballast);
    await commander.press(thread, 'Retry');
    await commander.card(thread, ({ key, title }) => key.startsWith('report') && isEnd(title, 'Completed'));
  });

  it('that Commander itself meets is said in words, too', async (test) => {
    test.skip(!mounted, 'a disk of its own can be mounted by root only, and not in every container');
    const fill =
      'head -c 3000000 /dev/urandom > DATA; test -e ~/again || { touch ~/again; cat /dev/zero > ~/fill; } || true';
    const folder = await makeRepository(join(commander.folder, 'filling'), {
      'commander.yaml': `runbooks:
  fill: { summary: Fills the disk, steps: [{ name: Fill, run: '${fill}', approve: false, reversible: true }] }
`,
    });
    await commander.card(await commander.say(`@commander add project ${folder}`), ({ title }) =>
      plainOf(title).includes('is a project now'),
    );
    const thread = await commander.say('@commander fill in filling');
    const failed = await commander.card(thread, ({ key, title }) => key.startsWith('report') && isEnd(title, 'Failed'));
    expect(JSON.stringify(failed)).toMatch(/disk [^.]*is full/);
    const [fillFile] = (await readdir(commander.home, { recursive: true })).filter((name) => name.endsWith('/fill'));
    await rm(join(commander.home, fillFile ?? ''));
    await commander.press(thread, 'Retry');
    await commander.card(thread, ({ key, title }) => key.startsWith('report') && isEnd(title, 'Completed'));
  });
});

function isEnd(title: RichText, words: string): boolean {
  return plainOf(title).includes(words);
}
