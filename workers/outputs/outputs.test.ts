import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { blobPlace } from '#core/run/places.ts';
import { storeBlob } from '#db/blobs/store-blob.ts';
import { layOutHome } from '../lay-out-home.ts';
import { collectOutputs } from './collect-outputs.ts';
import { safeFileName } from './file-name.ts';
import { mediaTypeOf } from './media-type.ts';

let base: string;
let home: string;
let folder: string;
let published: string;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'commander-outputs-'));
  [home, folder, published] = ['home', 'folder', 'published'].map((name) => join(base, name)) as [
    string,
    string,
    string,
  ];
  for (const each of [home, folder, published]) await mkdir(each);
});

afterEach(() => rm(base, { recursive: true, force: true }));

async function names(globs: string[], limits?: { count: number; bytes: number }) {
  const { found, leftOut } = await collectOutputs(home, { folder, globs, published }, limits);
  return { names: found.map((each) => each.name).sort(), leftOut };
}

describe('the outputs of a step', () => {
  it('are what its globs name and all that lies in COMMANDER_OUTPUTS', async () => {
    await mkdir(join(folder, 'dist/deep'), { recursive: true });
    await writeFile(join(folder, 'dist/report.pdf'), '%PDF-1.7 x');
    await writeFile(join(folder, 'dist/deep/data.csv'), 'a,b');
    await writeFile(join(folder, 'source.ts'), 'no output');
    await writeFile(join(published, 'notes.md'), '# Notes');
    const { found } = await collectOutputs(home, { folder, globs: ['dist/**/*'], published });
    expect(found.map(({ name, mediaType, size }) => [name, mediaType, size]).sort()).toEqual([
      ['data.csv', 'text/csv', 3],
      ['notes.md', 'text/markdown', 7],
      ['report.pdf', 'application/pdf', 10],
    ]);
    const [first] = found;
    expect(await readFile(join(home, blobPlace(first?.sha256 ?? '')), 'utf8')).toBe('# Notes');
  });

  it('are told apart from what is declared and was not made; a file that is refused was made', async () => {
    await writeFile(join(folder, 'a.csv'), 'a,b');
    execFileSync('mkfifo', [join(folder, 'pipe.txt')]);
    const globs = ['*.csv', 'dist/*.zip', '*.txt', '**/*.png'];
    expect((await collectOutputs(home, { folder, globs, published })).missing).toEqual(['dist/*.zip', '**/*.png']);
  });

  it('never come from outside: links, linked folders, patterns that climb, git internals', async () => {
    await writeFile(join(base, 'secret.txt'), 'secret');
    await symlink(join(base, 'secret.txt'), join(folder, 'file.txt'));
    await symlink(base, join(folder, 'linked'));
    await symlink('/proc/self/environ', join(published, 'environ.txt'));
    await mkdir(join(folder, '.git'));
    await writeFile(join(folder, '.git/config.txt'), 'internals');
    const globs = ['*.txt', 'linked/*.txt', '../*.txt', `${base}/*.txt`, '**/*.txt'];
    const result = await names(globs);
    expect(result.names).toEqual([]);
    expect(result.leftOut.length).toBeGreaterThanOrEqual(2);
    expect(await readdir(home)).toEqual([]);
  });

  it('are ordinary files: a pipe without a writer holds nothing up', async () => {
    execFileSync('mkfifo', [join(published, 'pipe.txt')]);
    expect(await names([])).toEqual({ names: [], leftOut: ['pipe.txt: it is no ordinary file'] });
  });

  it('are limited in count and size, and what is left out is said', async () => {
    for (const name of ['a', 'b', 'c']) await writeFile(join(published, `${name}.txt`), name);
    expect((await names([], { count: 2, bytes: 10 })).leftOut).toEqual([
      'more than 2 files; the rest is not published',
    ]);
    await writeFile(join(folder, 'large.bin'), Buffer.alloc(2000));
    const { names: taken, leftOut } = await names(['large.bin'], { count: 10, bytes: 1000 });
    expect(taken).toEqual(['a.txt', 'b.txt', 'c.txt']);
    expect(leftOut).toEqual(['large.bin: it is larger than 1 kB']);
  });

  it('keep their own names when two folders hold files of one name', async () => {
    for (const name of ['x', 'y']) {
      await mkdir(join(published, name));
      await writeFile(join(published, name, 'same.txt'), name);
    }
    expect((await names([])).names).toEqual(['same (2).txt', 'same.txt']);
  });
});

describe('the blob store', () => {
  it('is cleared at a start of what a crash left half written, and not of what another process writes now', async () => {
    const blobs = join(home, 'blobs');
    const kept = await storeBlob(home, pieces(Buffer.from('kept')), 100);
    for (const name of ['.unfinished-old', '.unfinished-new']) await writeFile(join(blobs, name), 'half');
    const old = new Date(Date.now() - 25 * 3600_000);
    for (const name of ['.unfinished-old', kept.sha256.slice(0, 2)]) await utimes(join(blobs, name), old, old);
    await layOutHome(home);
    expect((await readdir(blobs)).sort()).toEqual(['.unfinished-new', kept.sha256.slice(0, 2)]);
  });
});

async function* pieces(...chunks: Buffer[]): AsyncGenerator<Buffer> {
  yield* chunks;
}

describe('the media type', () => {
  it.each([
    ['a.png', '\x89PNG\r\n\x1a\n', 'image/png'],
    ['a.png', '<html>', 'application/octet-stream'],
    ['a.txt', '%PDF-1.4', 'application/pdf'],
    ['a.webp', 'RIFF....WEBP', 'image/webp'],
    ['a.XLSX', 'PK', 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet'],
    ['a.constructor', 'x', 'application/octet-stream'],
    ['Makefile', 'x', 'application/octet-stream'],
  ])('of %s that begins with %j is %s', (name, beginning, expected) => {
    expect(mediaTypeOf(name, Buffer.from(beginning, 'latin1'))).toBe(expected);
  });
});

describe('a safe file name', () => {
  it.each([
    ['../../etc/passwd', 'etc passwd'],
    ['.bashrc', 'bashrc'],
    ['a\u202Egpj.exe', 'agpj.exe'],
    ['', 'file'],
    ['..', 'file'],
    ['C:\\x\\report.pdf', 'C x report.pdf'],
  ])('of %j is %j', (name, expected) => {
    expect(safeFileName(name, new Set())).toBe(expected);
  });

  it('is short enough for any file system and keeps its ending', () => {
    const name = safeFileName(`${'💥'.repeat(300)}.pdf`, new Set());
    expect(Buffer.byteLength(name)).toBeLessThan(255);
    expect(name.endsWith('.pdf')).toBe(true);
  });
});
