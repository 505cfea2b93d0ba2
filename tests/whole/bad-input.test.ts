import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import type { Card } from '#core/chat/card.ts';
import { plainOf } from '#core/chat/inline.ts';
import { testDatabase } from '../database.ts';
import { startCommander, type TestCommander } from './commander.ts';
import { commitAll, gitIn, makeFolder, makeRepository, plainProjectFile } from './projects.ts';

let commander: TestCommander;
const attachmentBytes = 64 * 1024;
const file = 'commander.yaml';

beforeAll(async () => {
  commander = await startCommander({ database: await testDatabase(), attachmentBytes });
});

afterAll(async () => {
  await commander?.stop();
});

/** The words of a card. */
function wordsOf(card: Card): string {
  return `${plainOf(card.title)} ${JSON.stringify(card.blocks)}`;
}

/** What is answered to a message, when the answer is no task. */
async function answerTo(text: string, fileIds: readonly string[] = []): Promise<string> {
  const thread = await commander.say(`@commander ${text}`, { fileIds });
  return wordsOf(await commander.card(thread, ({ key }) => /notice|unknown|projects/.test(key)));
}

/** Says it and waits for the end of the task; the id of the thread. */
async function completed(text: string, fileIds: readonly string[] = []): Promise<string> {
  const thread = await commander.say(`@commander ${text}`, { fileIds });
  const report = await commander.card(thread, ({ key }) => key.startsWith('report'));
  expect(plainOf(report.title)).toContain('Completed');
  return thread;
}

const taskCount = async () =>
  Number(
    (
      await commander.db.kysely
        .selectFrom('tasks')
        .select((each) => each.fn.countAll().as('n'))
        .execute()
    )[0]?.n,
  );

describe('a project that can not be used', () => {
  it('is unknown: nothing is done anywhere else instead', async () => {
    const before = await taskCount();
    expect(await answerTo('run the tests in nowhere')).toContain('There is no project “nowhere”');
    expect(await taskCount()).toBe(before);
  });

  it('is gone from its folder', async () => {
    const folder = await makeRepository(join(commander.folder, 'was-here'), { [file]: plainProjectFile });
    expect(await answerTo(`add project ${folder}`)).toContain('is a project now');
    await rm(folder, { recursive: true });
    expect(await answerTo('note in was-here')).toContain(`The folder ${folder} is gone`);
    expect(await answerTo('run the tests in was-here')).toContain('can not be worked on now');
    expect(await answerTo('projects')).toContain('is gone');
  });

  it('goes while its task waits for a person: the work is kept, and a delivery says what is wrong', async () => {
    const asking = plainProjectFile.replace('approve: false', 'approve: true');
    const folder = await makeRepository(join(commander.folder, 'goes'), { [file]: asking });
    await answerTo(`add project ${folder}`);
    const thread = await commander.say('@commander note in goes');
    await commander.card(thread, ({ key }) => key.startsWith('approval'));
    await rm(folder, { recursive: true });
    await commander.press(thread, 'Approve');
    await commander.card(thread, ({ key }) => key.startsWith('report'));
    await commander.press(thread, 'Deliver');
    const refused = await commander.card(thread, (card) => wordsOf(card).includes('is gone'));
    expect(wordsOf(refused)).toContain(`The folder ${folder} is gone`);
    await makeRepository(folder, { [file]: asking });
  });

  it('has no git on its machine', async () => {
    vi.stubEnv('PATH', commander.folder);
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(await answerTo('run the tests')).toContain('Git is not installed');
    expect(await answerTo('projects')).toContain('Git is not installed');
    expect(await answerTo(`add project ${commander.folder}`)).toContain('Git is not installed');
  });

  it.each([
    ['a repository without a commit', 'no commit yet'],
    ['a file', 'is a file, not a folder'],
    ['nothing', 'There is no folder'],
    ['a relative path', 'Give the whole path'],
    ['our own data', 'belongs to Commander'],
  ])('is %s', async (kind, words) => {
    const place = join(commander.folder, kind.replaceAll(' ', '-'));
    if (kind.startsWith('a repository')) await mkdir(place).then(() => gitIn(place, 'init', '-q'));
    if (kind === 'a file') await writeFile(place, '');
    const said = { 'a relative path': 'some/where', 'our own data': join(commander.folder, 'home') }[kind] ?? place;
    expect(await answerTo(`add project ${said}`)).toContain(words);
  });

  it('has a malformed file: said with its line, also when it is asked for, and usable once it is mended', async () => {
    const folder = await makeRepository(join(commander.folder, 'malformed'), {
      [file]: 'runbooks:\n  note:\n    steps: 3\n',
    });
    expect(await answerTo(`add project ${folder}`)).toMatch(/commander.yaml of malformed: line \d+: /);
    expect(await answerTo('note in malformed')).toMatch(/line \d+: .*Nothing was started/);
    await writeFile(join(folder, file), 'runbooks: [\n');
    commitAll(folder, 'Worse');
    expect(await answerTo('note in malformed')).toMatch(/line \d+: /);
    await writeFile(join(folder, file), plainProjectFile);
    commitAll(folder, 'Mended');
    await completed('note in malformed');
  });
});

describe('a repository in an unusual state', () => {
  it('is dirty: the work starts from the commit, and a delivery never overwrites what is not committed', async () => {
    const folder = await makeRepository(join(commander.folder, 'dirty'), { [file]: plainProjectFile, 'a.txt': 'a\n' });
    await writeFile(join(folder, 'a.txt'), 'mine\n');
    await writeFile(join(folder, 'NOTE.txt'), 'also mine\n');
    expect(await answerTo(`add project ${folder}`)).toContain('Uncommitted changes are not part of the work: a.txt');
    const thread = await completed('note in dirty');
    await commander.press(thread, 'Deliver');
    const refused = await commander.card(thread, (card) => wordsOf(card).includes('would be overwritten'));
    expect(wordsOf(refused)).toContain('NOTE.txt');
    expect(await readFile(join(folder, 'NOTE.txt'), 'utf8')).toBe('also mine\n');
    expect(await readFile(join(folder, 'a.txt'), 'utf8')).toBe('mine\n');
    expect(gitIn(folder, 'log', '--format=%s')).toBe('First');
  });

  it('is bare: delivered to its branch', async () => {
    const source = await makeRepository(join(commander.folder, 'to-clone'), { [file]: plainProjectFile });
    const bare = join(commander.folder, 'bare.git');
    gitIn(commander.folder, 'clone', '-q', '--bare', source, bare);
    expect(await answerTo(`add project ${bare}`)).toContain('is a project now');
    const thread = await completed('note in bare');
    await commander.press(thread, 'Deliver');
    await commander.card(thread, (card) => wordsOf(card).includes('Delivered to '));
    expect(gitIn(bare, 'show', 'main:NOTE.txt')).toBe('written');
  });

  it('is a remote, by its address: delivered by a push to its branch', async () => {
    const source = await makeRepository(join(commander.folder, 'far-away'), { [file]: plainProjectFile });
    const remote = join(commander.folder, 'remote.git');
    gitIn(commander.folder, 'clone', '-q', '--bare', source, remote);
    expect(await answerTo(`add project file://${remote}`)).toContain('is a project now');
    const thread = await completed('note in remote');
    await commander.press(thread, 'Deliver');
    await commander.card(thread, (card) => wordsOf(card).includes('Delivered to '));
    expect(gitIn(remote, 'show', 'main:NOTE.txt')).toBe('written');
  });

  it('is at no branch: said, worked on, and never moved silently', async () => {
    const folder = await makeRepository(join(commander.folder, 'detached'), { [file]: plainProjectFile });
    gitIn(folder, 'checkout', '-q', '--detach');
    expect(await answerTo(`add project ${folder}`)).toContain('detached HEAD');
    const thread = await completed('note in detached');
    const report = await commander.card(thread, ({ key }) => key.startsWith('report'));
    expect(wordsOf(report)).toContain('so there is nothing to deliver to. Check out a branch there');
    expect(JSON.stringify(await commander.thread(thread))).not.toContain('"Deliver"');
  });
});

describe('names and places', () => {
  it.each([
    ['nested', 'deep/er/and deeper/täst-проект'],
    ['beyond ASCII', 'приклад 例 🍓'],
    ['with many spaces', 'two  spaces'],
  ])('a project whose folder is %s', async (_, name) => {
    const folder = await makeRepository(join(commander.folder, name), { [file]: plainProjectFile });
    expect(await answerTo(`add project ${folder}`)).toContain('is a project now');
    const project = folder.split('/').at(-1) ?? '';
    await completed(`note in ${project}`);
  });

  it('files of a request, whatever they are called, stay in their place', async () => {
    const folder = await makeRepository(join(commander.folder, 'attached'), {
      [file]: plainProjectFile.replace(
        'echo written > NOTE.txt',
        'ls -1 "$COMMANDER_ATTACHMENTS" > NOTE.txt; cat "$COMMANDER_ATTACHMENTS"/* > ALL.txt',
      ),
    });
    await answerTo(`add project ${folder}`);
    const names = [
      '../../../../escape.txt',
      '/etc/passwd',
      'two  words.txt',
      '🍓🍓.txt',
      `${'long'.repeat(75)}.txt`,
      '.bashrc',
      '..',
      'same.txt',
      'same.txt',
    ];
    const fileIds = await Promise.all(names.map((name, index) => commander.upload(name, `file ${index}\n`)));
    const thread = await completed('note in attached', fileIds);
    await commander.press(thread, 'Deliver');
    await commander.card(thread, (card) => wordsOf(card).includes('Delivered to '));
    const listed = (await readFile(join(folder, 'NOTE.txt'), 'utf8')).trim().split('\n');
    expect(listed).toHaveLength(names.length);
    expect(listed.every((name) => Buffer.byteLength(name) < 256 && !name.includes('/') && !name.startsWith('.'))).toBe(
      true,
    );
    expect((await readFile(join(folder, 'ALL.txt'), 'utf8')).trim().split('\n').sort()).toEqual(
      names.map((_, index) => `file ${index}`),
    );
    expect(await readdir(commander.folder)).not.toContain('escape.txt');
  });

  it('a file over the limit is refused in words, and nothing is started without it', async () => {
    const before = await taskCount();
    const large = await commander.upload('large.bin', new Uint8Array(attachmentBytes + 1));
    const small = await commander.upload('small.txt', 'small');
    const answer = await answerTo('run the tests', [small, large]);
    expect(answer).toContain('“large.bin”');
    expect(answer).toContain('is larger than 66 kB');
    expect(await taskCount()).toBe(before);
  });

  it('links that lead outside are not followed: in the repository, among outputs, from a delivery', async () => {
    const secret = join(commander.folder, 'secret.txt');
    await writeFile(secret, 'hidden words');
    const folder = await makeRepository(join(commander.folder, 'links'), {
      [file]: plainProjectFile
        .replace(
          'echo written > NOTE.txt',
          `ln -s ${secret} out.txt; ln -s ${commander.folder} way; ln -s ${secret} "$COMMANDER_OUTPUTS/x.txt"; echo fine > ok.txt`,
        )
        .replace('        approve', '        outputs: ["*.txt", "way/*.txt", "outside/*"]\n        approve'),
    });
    await symlink(commander.folder, join(folder, 'outside'));
    commitAll(folder, 'A link');
    await answerTo(`add project ${folder}`);
    const thread = await completed('note in links');
    const messages = await commander.thread(thread);
    const text = JSON.stringify(messages);
    expect(text).toContain('ok.txt');
    expect(text).toMatch(/Not published: out\.txt: /);
    expect(text).not.toContain('hidden words');
    const outputs = messages.flatMap(({ card }) => (card?.key.startsWith('output:') ? [plainOf(card.title)] : []));
    expect(outputs).toHaveLength(1);
  });
});

describe('a plain folder', () => {
  it('goes through its whole life without a repository', async () => {
    const folder = await makeFolder(join(commander.folder, 'plain'), { [file]: plainProjectFile, 'a.txt': 'a\n' });
    expect(await answerTo(`add project ${folder}`)).toContain('is a project now');
    const thread = await completed('note in plain');
    expect(await readdir(folder)).toEqual(['a.txt', file]);
    await commander.press(thread, 'Deliver');
    await commander.card(thread, (card) => wordsOf(card).includes('Delivered to '));
    expect((await readdir(folder)).sort()).toEqual(['NOTE.txt', 'a.txt', file]);
    await commander.submit(thread, 'Revert…', { checkpoint: '0' });
    await commander.card(thread, ({ key }) => key.startsWith('revert:'));
    await commander.press(thread, 'Revert these');
    await commander.card(thread, (card) => card.key.startsWith('revert') && plainOf(card.title).includes('Reverted'));
    expect((await readdir(folder)).sort()).toEqual(['a.txt', file]);
  });
});
