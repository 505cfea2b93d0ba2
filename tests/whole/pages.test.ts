import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { Card } from '#core/chat/card.ts';
import { plainOf } from '#core/chat/inline.ts';
import { wordsOf } from '#core/show/testing.ts';
import { newId } from '#db/id.ts';
import { addOwnMessage } from '#db/intake/own-message.ts';
import { threadOfTask } from '#db/tasks/queries.ts';
import { rawRequest } from '#tests/chat/raw-request.ts';
import { pathMark } from '#workers/workspace/holding-secrets.ts';
import { barriers, sizes } from '../browser/axe.ts';
import { browserMissing, launchBrowser, openPage } from '../browser/open.ts';
import { testDatabase } from '../database.ts';
import { startCommander, type TestCommander } from './commander.ts';
import { makeRepository } from './projects.ts';

/** Two steps that change files, one of them with a name and a content that attack the page. */
const projectFile = `
runbooks:
  paint:
    summary: Paints
    steps:
      - name: First coat
        why: so that the second one sticks
        command: sh
        args: ['-c', 'echo red > wall.txt; echo "<img src=x onerror=hacked=1>" > "<b>bad &name.txt"; echo "<p>Wall" > wall.html']
        outputs: ['*.txt', '*.html', 'dist/*.pdf']
      - name: Second coat
        command: sh
        args: ['-c', 'echo blue > wall.txt']
  repaint:
    summary: Paints it green, with two swatches
    verify: []
    steps:
      - name: Third coat
        command: sh
        args: ['-c', 'cd "$COMMANDER_OUTPUTS"; echo green > wall.txt; for name in one two; do printf "%s" "<svg xmlns=\\"http://www.w3.org/2000/svg\\" width=\\"40\\" height=\\"40\\"><circle id=\\"$name\\" cx=\\"20\\" cy=\\"20\\" r=\\"9\\"/></svg>" > $name.svg; done']
        approve: false
        reversible: true
  read:
    summary: Reads what it was given
    verify: []
    steps: [{ name: Read, run: 'cat "$COMMANDER_ATTACHMENTS"/*', approve: false, reversible: true }]
`;

let commander: TestCommander;
let pages: { readonly task: string; readonly diff: string; readonly log: string };
let report: Card;
let output: string;
let htmlOutput: string;

beforeAll(async () => {
  commander = await startCommander({ database: await testDatabase() });
  const folder = await makeRepository(join(commander.folder, 'house'), { 'commander.yaml': projectFile });
  const added = await commander.say(`@commander add project ${folder}`);
  await commander.card(added, ({ key }) => key.includes('notice'));
  const thread = await commander.say('@commander paint');
  report = await commander.card(
    thread,
    ({ key, title }) => key.startsWith('report') && plainOf(title).includes('Completed'),
  );
  const hrefs = JSON.stringify(await commander.thread(thread));
  const path = /\/tasks\/\d+\/diff/.exec(hrefs)?.[0] ?? '';
  pages = { task: path.replace('/diff', ''), diff: path, log: path.replace('diff', 'log') };
  htmlOutput = /"href":"(\/outputs\/[\w-]+)","name":"wall.html"/.exec(hrefs)?.[1] ?? '';
  output = /\/outputs\/[\w-]+/.exec(hrefs)?.[0] ?? '';
});

afterAll(async () => {
  await commander?.stop();
});

const read = async (path: string) => (await fetch(commander.url + path)).text();

describe('what a task made and changed', () => {
  const said = async (text: string, key: string) =>
    commander.card(await commander.say(`@commander ${text}`), (card) => card.key.endsWith(key));

  it('is told of in the report, also where a step did not make what it declares', () => {
    expect(wordsOf(report)).toContain('“First coat” made nothing that fits dist/*.pdf, which it declares as outputs');
  });

  it('is found by task, kind, name, project and person', async () => {
    const ofTask = await said('outputs #1', 'outputs');
    const names = ofTask.blocks.flatMap((block) => (block.kind === 'files' ? block.files.map(({ name }) => name) : []));
    expect(names).toEqual(['wall.html', 'wall.txt', 'b bad &name.txt']);
    expect(wordsOf(await said('outputs website in house by ana', 'outputs'))).toMatch(
      /^wall.html · website, 8 B · #1 paint in house, asked by ana/m,
    );
    expect(wordsOf(await said('outputs bad', 'outputs'))).toContain('b bad &name.txt');
    expect(wordsOf(await said('outputs house', 'outputs'))).toContain('wall.txt');
    expect(wordsOf(await said('outputs video', 'outputs'))).toContain('There are none.');
    expect(wordsOf(await said('outputs by nobody', 'notice'))).toContain('I know nobody called “nobody”.');
  });

  it('is told in short, file by file and step by step, with the way to the page', async () => {
    const card = await said('diff #1', 'changes');
    expect(wordsOf(card)).toContain('So far the work adds');
    expect(wordsOf(card)).toContain('First coat: so that the second one sticks');
    expect(card.blocks.find(({ kind }) => kind === 'changes')).toMatchObject({ files: { length: 3 } });
    expect(JSON.stringify(card.blocks)).toContain(`"${pages.diff}"`);
  });

  it('is told with what it put out, as a file', async () => {
    const { blocks } = await said('logs #1', 'log');
    const file = blocks.flatMap((block) => (block.kind === 'files' ? block.files : []))[0];
    expect(file).toMatchObject({ name: 'log-of-1.txt', href: '/tasks/1/log.txt' });
    expect(await read(file?.href ?? '')).toContain('=== First coat ===');
  });
});

describe('the library', () => {
  const places = { list: '', wall: '', texts: '', pictures: '' };

  beforeAll(async () => {
    const thread = await commander.say('@commander repaint');
    await commander.card(thread, ({ key, title }) => key.startsWith('report') && plainOf(title).includes('Completed'));
    const wall = /\/library\/[\w-]+(?=">wall.txt)/.exec(await read('/library?name=wall.txt'))?.[0] ?? '';
    const texts = /\/library\/[\w-]+\/compare\/[\w-]+/.exec(await read(wall))?.[0] ?? '';
    const [one, two] = [...(await read('/library?kind=image')).matchAll(/\/library\/([\w-]+)">/g)].map(([, id]) => id);
    Object.assign(places, { list: '/library', wall, texts, pictures: `/library/${one}/compare/${two}` });
  });

  it('is browsed by kind, project, person, task and name', async () => {
    const names = async (query: string) =>
      [...(await read(`/library${query}`)).matchAll(/class="name" href="[^"]+">([^<]+)</g)].map(([, name]) => name);
    expect((await names('')).length).toBe(6);
    expect(await names('?kind=website&project=house&person=ana&task=1&name=WALL')).toEqual(['wall.html']);
    expect(await names('?kind=image')).toEqual(['two.svg', 'one.svg']);
    expect(await names('?name=bad+%26')).toEqual(['b bad &amp;name.txt']);
    for (const none of [
      '?name=%25',
      '?person=nobody',
      '?project=none',
      '?task=99',
      '?page=9',
      '?person=none%00',
      '?name=none%00',
    ]) {
      expect([none, await names(none)]).toEqual([none, []]);
    }
    expect((await names('?kind=nonsense&page=x&task=0')).length).toBe(6);
  });

  it('shows a file with all that it comes from, its versions, and how to use it', async () => {
    const page = await read(places.wall);
    for (const words of ['>green\n</pre>', 'repaint', 'SHA-256', 'version 1 of #1', 'with wall.txt of #']) {
      expect(page).toContain(words);
    }
    expect(page).toMatch(/href="\/c\/general\/[\w-]+">its thread/);
  });

  it('compares texts line by line, and pictures side by side', async () => {
    const texts = await read(places.texts);
    expect(texts).toContain('>red<');
    expect(texts).toContain('>green<');
    expect(await read(places.pictures)).toMatch(/<figure><img src="\/outputs\/[\w-]+" alt="version 1 of #\d+">/);
  });

  it('says what is not there, answers to our names only, and lets nothing run', async () => {
    for (const path of ['/library/x', `${places.wall}/compare/x`]) {
      expect([path, (await fetch(commander.url + path)).status]).toEqual([path, 404]);
    }
    for (const path of Object.values(places)) {
      expect((await rawRequest(commander.url, { path, headers: { host: 'evil.example' } })).status).toBe(403);
      const policy = (await fetch(commander.url + path)).headers.get('content-security-policy');
      expect(policy).toMatch(/^default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none';/);
      expect(policy?.match(/script[^;]*/g)).toEqual([expect.stringMatching(/^script-src 'sha256-[\w+/]{43}='$/)]);
    }
  });

  it.skipIf(browserMissing())('has no barriers, is used by keyboard, and gives a file to the chat', async () => {
    const browser = await launchBrowser();
    onTestFinished(() => browser.close());
    const { list, wall, texts, pictures } = places;
    const seen = { 'a desktop': [texts, pictures], 'a phone': [list, wall] };
    for (const [name, size] of sizes) {
      for (const path of seen[name]) {
        const { page, wrong } = await openPage(browser, commander.url + path, size);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
        expect([name, path, await barriers(page), wrong, wide]).toEqual([name, path, [], [], false]);
      }
    }
    const { page } = await openPage(browser, `${commander.url}/library`, { timezoneId: 'Asia/Tokyo' });
    const times = page.locator('time');
    const [shown, inUtc] = await times.first().evaluate((time) => [time.textContent, time.getAttribute('title')]);
    expect([shown, inUtc]).toEqual([expect.stringMatching(/ GMT\+9$/), expect.stringMatching(/ UTC$/)]);
    await page.context().addCookies([{ name: 'commander_person', value: 'ana', url: commander.url }]);
    await page.getByRole('searchbox', { name: 'Name' }).focus();
    await page.keyboard.type('one.svg');
    await page.keyboard.press('Enter');
    await page.getByRole('status').filter({ hasText: '1 file' }).waitFor();
    await page.getByRole('link', { name: 'one.svg' }).press('Enter');
    await page.getByRole('link', { name: 'Use in a new task…' }).press('Enter');
    const draft = page.getByRole('textbox', { name: /general/ });
    await draft.waitFor();
    expect(await draft.inputValue()).toMatch(/^@commander with “one.svg” of #\d+, $/);
    expect(new URL(page.url()).search).toBe('');
  });
});

describe('what one task made', () => {
  const threadOf = async (id: string) => (await threadOfTask(commander.db, id))?.thread ?? '';
  const answer = async (text: string, person = 'ana') => {
    const thread = await commander.say(`@commander ${text}`, { as: person });
    return commander.card(thread, ({ key }) => key.endsWith('notice') || key.endsWith('use'));
  };

  it('is given to another one by words, whatever it is called, without a second copy, over a restart', async () => {
    const blobs = await readdir(join(commander.home, 'blobs'), { recursive: true });
    await commander.restartBot();
    const thread = await commander.say('@commander read with “b bad &name.txt” and wall.txt of #1');
    const heard = await commander.card(thread, ({ key }) => key.startsWith('understanding'));
    expect(wordsOf(heard)).toContain('b bad &name.txt (29 B, version 1 of #1) and wall.txt (4 B, version 1 of #1)');
    await commander.card(thread, ({ key, title }) => key.startsWith('report') && plainOf(title).includes('Completed'));
    const log = await read((/\/tasks\/\d+\/log/.exec(JSON.stringify(await commander.thread(thread))) ?? [''])[0]);
    expect(log).toContain('&lt;img src=x onerror=hacked=1&gt;\nred');
    expect(await readdir(join(commander.home, 'blobs'), { recursive: true })).toEqual(blobs);
  });

  it('is given once by one form, however often it is sent', async () => {
    const thread = await commander.say('@commander outputs #1');
    await commander.card(thread, ({ key }) => key.endsWith('outputs'));
    const opened = await commander.press(thread, 'Use in a new task…');
    const form = opened.kind === 'modal' ? opened.modal : undefined;
    const files = form?.fields.find(({ name }) => name === 'outputs');
    const values = { what: 'read', outputs: files?.kind === 'checkboxes' ? files.values.join('\n') : '' };
    const message = (await commander.thread(thread)).at(-1)?.id ?? '';
    const send = () => commander.send(message, form?.id ?? '', values);
    expect(await send()).toEqual({ kind: 'done' });
    expect(await send()).toMatchObject({ kind: 'notice', text: 'You made a task of this form already.' });
    const heard = await commander.card(thread, ({ key }) => key.startsWith('understanding'));
    expect(wordsOf(heard)).toMatch(/wall.html .*wall.txt .*b bad &name.txt/);
    expect(await commander.submit(thread, 'Use in a new task…', { what: 'read', outputs: 'none' })).toMatchObject({
      problems: { outputs: 'Choose at least one file.' },
    });
    const forged = await commander.send(message, 'use:x', values);
    expect(forged).toMatchObject({ kind: 'notice', text: 'These files are no longer known.' });
  });

  it('comes along when what was meant is chosen by a button', async () => {
    const thread = await commander.say('@commander painting with wall.txt of #1');
    const unknown = await commander.card(thread, ({ key }) => key.endsWith('unknown'));
    expect(JSON.stringify(unknown.blocks)).toContain('painting with wall.txt of #1');
    expect(await commander.press(thread, 'paint in house')).toEqual({ kind: 'done' });
    const heard = await commander.card(thread, ({ key }) => key.startsWith('understanding'));
    expect(wordsOf(heard)).toContain('wall.txt (4 B, version 1 of #1)');
  });

  it('is not for the agent of somebody else', async () => {
    const { id: memberId } = await commander.db.kysely
      .insertInto('members')
      .values({ id: newId(), platform: 'web', external_id: 'bo', name: 'bo', role: 'admin', first_role: 'admin' })
      .returning('id')
      .executeTakeFirstOrThrow();
    const { id: taskId } = await commander.db.kysely
      .selectFrom('tasks')
      .select('id')
      .where('number', '=', 1)
      .executeTakeFirstOrThrow();
    const body = { text: 'read with wall.txt of #1', addressed: true, opensThread: false, files: [], madeBy: 1 };
    const thread = await threadOf(taskId);
    await commander.db.transaction((trx) =>
      addOwnMessage(trx, { taskId, externalId: 'agent:test', memberId, body }).then(() => undefined),
    );
    const told = await commander.card(thread, ({ key }) => key.endsWith('notice'));
    expect(wordsOf(told)).toContain('There is no task #1 that you can see.');
  });

  it('is asked about when nothing is said to be done with it, and refused when it is not there', async () => {
    expect(wordsOf(await answer('use output #1 wall.txt'))).toContain('What should be done with wall.txt?');
    expect(wordsOf(await answer('read with roof.txt of #1'))).toContain('#1 has made no file “roof.txt”. It made');
    expect(wordsOf(await answer('read with the outputs of #99'))).toContain('There is no task #99 that you can see.');
  });
});

describe('the pages that cards lead to', () => {
  it('show what a task changed, as a whole and by step, with the way back to its thread', async () => {
    const whole = await read(pages.diff);
    expect(whole).toContain('3 files changed');
    expect(whole).toContain('>blue<');
    expect(whole).not.toContain('>red<');
    expect(whole).toMatch(/<a href="\/c\/general\/[\w-]+">← Thread<\/a>/);
    const steps = [...whole.matchAll(/<a href="(\/tasks\/\d+\/diff\?checkpoint=\d+)" >([^<]+)<\/a>/g)];
    expect(steps.map(([, , name]) => name)).toEqual(['First coat', 'Second coat']);
    const first = await read(steps[0]?.[1] ?? '');
    expect(first).toContain('>red<');
    expect(first).toContain('“First coat” adds');
    expect(first).toContain('Why: so that the second one sticks');
    expect(whole).toContain('So far the work adds');
    expect(await read(steps[1]?.[1] ?? '')).toContain('1 file changed');
  });

  it('say how many files are left out for the secrets in them, and show nothing of these', async () => {
    const withhold = (marks: readonly string[]) =>
      commander.db.kysely
        .updateTable('tasks')
        .set({ state: sql`jsonb_set(state, '{workspace,withheld}', ${JSON.stringify(marks)}::jsonb)` })
        .where('number', '=', 1)
        .execute();
    await withhold([pathMark('wall.txt')]);
    const whole = await read(pages.diff);
    await withhold([]);
    expect(whole).toContain('1 changed file left out: a secret that an agent was given stands there');
    expect(whole).toContain('2 files changed');
    expect(whole).not.toContain('>blue<');
  });

  it('show how a task stands, for those who are not where its thread is', async () => {
    const page = await read(pages.task);
    expect(page).toContain('Second coat: done');
    expect(page).toContain('&lt;b&gt;bad &amp;name.txt');
    expect(page).toMatch(/<a href="\/c\/general\/[\w-]+">← Thread<\/a>/);
  });

  it('say what is not there', async () => {
    for (const path of [
      '/tasks/999',
      '/tasks/999/diff',
      '/tasks/999/log.txt',
      '/tasks/x/log',
      '/tasks/0/diff',
      `${pages.diff}?checkpoint=99`,
      '/outputs/x',
    ]) {
      expect([path, (await fetch(commander.url + path)).status]).toEqual([path, 404]);
    }
  });

  it('open of a private task only with its key, the files that it made among them', async () => {
    const { rows } = await sql<{ page_key: string }>`update threads set read_by = 'person'
      where id in (select thread_id from tasks) and read_by = 'everybody' returning page_key`.execute(
      commander.db.kysely,
    );
    onTestFinished(async () => {
      await sql`update threads set read_by = 'everybody'`.execute(commander.db.kysely);
    });
    const status = async (path: string, query = '') => (await fetch(`${commander.url}${path}${query}`)).status;
    const withKeys = await Promise.all(rows.map(({ page_key: key }) => status(output, `?key=${key}`)));
    expect(withKeys.toSorted()).toEqual([200, ...rows.slice(1).map(() => 404)]);
    expect([await status(output), await status(pages.task), await status('/outputs/x')]).toEqual([404, 404, 404]);
  });

  it('answer to no name that is not ours (DNS rebinding)', async () => {
    for (const path of [...Object.values(pages), output]) {
      const refused = await rawRequest(commander.url, { path, headers: { host: 'evil.example' } });
      expect([path, refused.status]).toEqual([path, 403]);
      expect((await rawRequest(commander.url, { path, headers: { host: 'localhost:8300' } })).status).toBe(200);
    }
  });

  it('let nothing run: no script in pages, files only to be saved', async () => {
    for (const path of Object.values(pages)) {
      const { headers } = await fetch(commander.url + path);
      expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; style-src 'self'; base-uri 'none';/);
      const scripts = headers.get('content-security-policy')?.match(/script[^;]*/g);
      expect(scripts).toEqual([expect.stringMatching(/^script-src 'sha256-[\w+/]{43}='$/)]);
    }
    const { headers } = await fetch(commander.url + output);
    expect(headers.get('content-disposition')).toMatch(/^attachment; /);
    expect(headers.get('content-security-policy')).toBe("default-src 'none'; sandbox");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    const shown = await fetch(`${commander.url}${htmlOutput}?as=page`);
    expect(await shown.text()).toBe('<p>Wall\n');
    expect(shown.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(shown.headers.get('content-security-policy')).toMatch(/^default-src 'none'; .*; sandbox$/);
  });

  it.skipIf(browserMissing())(
    'have no barriers for people with a disability, in light and dark, large and small',
    async () => {
      const browser = await launchBrowser();
      onTestFinished(() => browser.close());
      const seen = { 'a desktop': [pages.task, pages.diff], 'a phone': [pages.diff, pages.log] };
      for (const [name, size] of sizes) {
        for (const path of seen[name]) {
          const { page, wrong } = await openPage(browser, commander.url + path, size);
          expect([name, path, await barriers(page), wrong]).toEqual([name, path, [], []]);
        }
      }
    },
  );

  it.skipIf(browserMissing())('are readable on a phone, and hostile names and contents stay text', async () => {
    const browser = await launchBrowser();
    onTestFinished(() => browser.close());
    const phone = { viewport: { width: 360, height: 640 }, isMobile: true, hasTouch: true };
    const { page, wrong } = await openPage(browser, commander.url + pages.diff, phone);
    await page.getByRole('link', { name: '<b>bad &name.txt' }).tap();
    expect(new URL(page.url()).hash).toMatch(/^#file-\d$/);
    await page.getByRole('cell', { name: '<img src=x onerror=hacked=1>' }).waitFor();
    expect(await page.evaluate(() => ['hacked' in window, document.documentElement.scrollWidth])).toEqual([false, 360]);
    await page.getByRole('heading', { name: 'wall.txt' }).tap();
    expect(await page.getByRole('cell', { name: 'blue' }).isVisible()).toBe(false);
    expect(wrong).toEqual([]);
  });
});
