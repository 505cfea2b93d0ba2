import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readProjectFile } from '#bot/project-file/read.ts';
import { createDemo } from './create-demo.ts';

let folder: string;
let demo: string;
let outputs: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'commander-demo-'));
  demo = join(folder, 'made', 'strawberry-api');
  outputs = join(folder, 'outputs');
  await mkdir(outputs);
});

afterEach(() => rm(folder, { recursive: true, force: true }));

async function git(...commandLine: readonly string[]): Promise<string> {
  const env = { PATH: process.env.PATH, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' };
  return (await execa('git', commandLine, { cwd: demo, env, extendEnv: false })).stdout;
}

/** Runs Node in the demo as a worker does: an environment built from nothing. */
async function node(commandLine: readonly string[], inputs: Readonly<Record<string, string>> = {}) {
  const env = { PATH: process.env.PATH, HOME: folder, COMMANDER_OUTPUTS: outputs, COMMANDER_TASK: '7', ...inputs };
  const { exitCode, stdout, stderr } = await execa('node', commandLine, {
    cwd: demo,
    env,
    extendEnv: false,
    reject: false,
  });
  return { exitCode, stdout, stderr };
}

async function published(name: string): Promise<Buffer> {
  return readFile(join(outputs, name));
}

describe('the demo project', () => {
  it('is a repository with a history, clean, without hooks', async () => {
    await createDemo(demo);
    const log = (await git('log', '--format=%an <%ae>|%cn <%ce>')).split('\n');
    expect(log).toHaveLength(4);
    expect(new Set(log)).toEqual(new Set(['Commander demo <demo@localhost>|Commander demo <demo@localhost>']));
    expect(await git('branch', '--show-current')).toBe('main');
    // Also: the commits together hold the whole template.
    expect(await git('status', '--porcelain')).toBe('');
    expect(await readdir(join(demo, '.git'))).not.toContain('hooks');
    expect(await readdir(join(folder, 'made'))).toEqual(['strawberry-api']);
  });

  it('is left as it is when it is there', async () => {
    await createDemo(demo);
    const head = await git('rev-parse', 'HEAD');
    await writeFile(join(demo, 'VERSION'), 'mine\n');
    await createDemo(demo);
    expect(await git('rev-parse', 'HEAD')).toBe(head);
    expect(await readFile(join(demo, 'VERSION'), 'utf8')).toBe('mine\n');
  });

  it('is made whole after a crash in the middle, and in an empty folder', async () => {
    await mkdir(`${demo}.new/.git`, { recursive: true });
    await writeFile(`${demo}.new/half`, '');
    await mkdir(demo);
    await createDemo(demo);
    expect(await git('status', '--porcelain')).toBe('');
    expect(await readdir(demo)).not.toContain('half');
    expect(await readdir(join(folder, 'made'))).toEqual(['strawberry-api']);
  });

  it('does not touch what a person keeps in its place', async () => {
    await mkdir(demo, { recursive: true });
    await writeFile(join(demo, 'precious'), 'mine');
    await expect(createDemo(demo)).rejects.toMatchObject({ code: 'demo_place_taken' });
    expect(await readFile(join(demo, 'precious'), 'utf8')).toBe('mine');
    expect(await readdir(join(folder, 'made'))).toEqual(['strawberry-api']);
  });
});

describe('a machine without git', () => {
  afterEach(() => void vi.unstubAllEnvs());

  it('is told so, and nothing is left behind', async () => {
    vi.stubEnv('PATH', outputs);
    await expect(createDemo(demo)).rejects.toMatchObject({ code: 'git_missing' });
    expect(await readdir(join(folder, 'made'))).toEqual([]);
  });
});

describe('what can be asked of it', () => {
  beforeEach(() => createDemo(demo));

  it('is declared without a mistake', async () => {
    const read = readProjectFile(await readFile(join(demo, 'commander.yaml'), 'utf8'));
    expect(read).toMatchObject({ ok: true });
    if (read.ok) expect(Object.keys(read.file.runbooks)).toEqual(['test', 'report', 'release', 'flaky', 'slow']);
  });

  it('test: all pass', async () => {
    expect(await node(['--test'])).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/pass [1-9]/) });
  });

  it('report: files of every kind, each valid', async () => {
    expect(await node(['scripts/report.js'], { INPUT_FORMAT: 'all' })).toMatchObject({ exitCode: 0 });
    const kinds = ['csv', 'html', 'md', 'pdf', 'png', 'svg'];
    expect((await readdir(outputs)).sort()).toEqual(kinds.map((kind) => `strawberry-report.${kind}`));
    expectPdf((await published('strawberry-report.pdf')).toString('latin1'));
    expectPng(await published('strawberry-report.png'));
    expect((await published('strawberry-report.csv')).toString().split('\n')[0]).toBe('month,crates');
    expect((await published('strawberry-report.html')).toString()).toMatch(/^<!doctype html>/);
    expect((await published('strawberry-report.svg')).toString()).toMatch(/^<svg xmlns=.*<\/svg>\n$/);
    expect((await published('strawberry-report.md')).toString()).toMatch(/^# Strawberry report\n/);
    expect(await git('status', '--porcelain')).toBe('');
  });

  it('report: the kind that was asked for, with figures and picture', async () => {
    expect(await node(['scripts/report.js'], { INPUT_FORMAT: 'pdf' })).toMatchObject({ exitCode: 0 });
    expect((await readdir(outputs)).sort()).toEqual([
      'strawberry-report.csv',
      'strawberry-report.pdf',
      'strawberry-report.png',
    ]);
    expect(await git('status', '--porcelain')).toBe('');
  });

  it('release: the version everywhere, once, and what is published', async () => {
    const inputs = { INPUT_VERSION: '1.2.0' };
    expect(await node(['scripts/release.js'], inputs)).toMatchObject({ exitCode: 0, stdout: '1.1.0 -> 1.2.0' });
    expect(await node(['scripts/release.js'], inputs)).toMatchObject({ exitCode: 0 });
    expect(await readFile(join(demo, 'VERSION'), 'utf8')).toBe('1.2.0\n');
    expect(JSON.parse(await readFile(join(demo, 'package.json'), 'utf8'))).toMatchObject({ version: '1.2.0' });
    expect((await readFile(join(demo, 'CHANGELOG.md'), 'utf8')).match(/^## .*$/gm)).toEqual([
      '## 1.2.0',
      '## 1.1.0',
      '## 1.0.0',
    ]);
    expect(await readdir(outputs)).toEqual([]);

    expect(await node(['scripts/publish.js'], inputs)).toMatchObject({ exitCode: 0 });
    expect((await published('release-notes-1.2.0.txt')).toString()).toBe(
      'Release notes of strawberry-api 1.2.0\n\n- Released with Commander.\n',
    );
    expect((await published('strawberry-api-1.2.0.archive.txt')).toString()).toContain('==> src/ripeness.js <==');
    expect(await node(['--test'])).toMatchObject({ exitCode: 0 });
  });

  it('flaky: fails twice with a passing error, then works', async () => {
    const busy = { exitCode: 75, stderr: expect.stringContaining('busy (503)') };
    expect(await node(['scripts/flaky.js'])).toMatchObject(busy);
    expect(await node(['scripts/flaky.js'])).toMatchObject(busy);
    expect(await node(['scripts/flaky.js'])).toMatchObject({ exitCode: 0 });
  });

  it('slow: says how far it is', async () => {
    expect(await node(['scripts/slow.js', 'first rows', '1'])).toMatchObject({ stdout: 'first rows: 1 of 1' });
  });
});

/** Every entry of the cross-reference table leads to its object. */
function expectPdf(text: string): void {
  expect(text.startsWith('%PDF-1.4\n')).toBe(true);
  expect(text.endsWith('%%EOF\n')).toBe(true);
  const table = Number(/startxref\n(\d+)\n/.exec(text)?.[1]);
  expect(text.slice(table, table + 5)).toBe('xref\n');
  const offsets = [...text.slice(table).matchAll(/^(\d{10}) 00000 n /gm)].map((entry) => Number(entry[1]));
  expect(offsets.map((at) => text.slice(at, at + 7))).toEqual([1, 2, 3, 4, 5].map((n) => `${n} 0 obj`));
}

/** The signature, and as many bytes of picture as its header says (8 bits, RGB, a filter byte a row). */
function expectPng(bytes: Buffer): void {
  expect(bytes.subarray(0, 8).toString('hex')).toBe('89504e470d0a1a0a');
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  const length = bytes.readUInt32BE(33);
  expect(bytes.subarray(37, 41).toString()).toBe('IDAT');
  expect(inflateSync(bytes.subarray(41, 41 + length)).length).toBe((width * 3 + 1) * height);
}
