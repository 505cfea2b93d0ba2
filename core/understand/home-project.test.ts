import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Choice } from '../preferences/preference.ts';
import { checkProjectFile } from '../project-file/check.ts';
import { homeOf, type MadeRoute } from './home-project.ts';
import { understand, type World } from './understand.ts';

const said = { setBy: 'ana', setAt: '2026-05-03T10:00:00.000Z' };
const route = (words: string, projectId: string): MadeRoute => ({ words, projectId, project: projectId, ...said });
const channelProject: Choice = { holder: 'channel', name: 'project', value: 'web', ...said };
const projects = ['api', 'web', 'docs'].map((id) => ({ id, name: id }));

describe('the project of a request that names none', () => {
  it('is the thread’s, else where its words lead, else the channel’s', () => {
    const sources = { threadProjectId: 'docs', routes: [route('login', 'api')], channelProject };
    const of = (text: string, given: object) => homeOf(text.split(' '), given, projects);
    expect(of('mend the login', sources)).toEqual({
      projectIds: ['docs'],
      why: ['In docs, as before in this thread'],
    });
    expect(of('mend the Login', { ...sources, threadProjectId: undefined })).toEqual({
      projectIds: ['api'],
      words: ['login'],
      why: ['In api, because of the route “login” by ana, 3 May 2026, 10:00 UTC'],
    });
    expect(of('mend the logins', { ...sources, threadProjectId: undefined })).toEqual({
      projectIds: ['web'],
      why: ['In web, because ana chose it for this channel, 3 May 2026, 10:00 UTC'],
    });
    expect(of('mend it', { routes: sources.routes })).toEqual({ projectIds: [], why: [] });
  });

  it('is the one whose own file leads to it, which is said', () => {
    const routes = [{ words: 'Sign in', projectId: 'api', project: 'api' }];
    expect(homeOf(['mend', 'sign', 'in'], { routes }, projects).why).toEqual([
      'In api, because of the route “Sign in” of its commander.yaml',
    ]);
    const read = (words: string) => checkProjectFile({ routes: [words] }).ok;
    expect(['login', 'sign in', 'run tests', 'ui'].map(read)).toEqual([true, true, true, true]);
    expect(['the', 'run the', '*', '', 'x'.repeat(61)].map(read)).toEqual([false, false, false, false, false]);
  });

  it('is asked for where routes lead to several, but words within longer ones say nothing', () => {
    const routes = [route('login', 'api'), route('login page', 'web'), route('manual', 'docs')];
    const ids = (text: string) => homeOf(text.split(' '), { routes }, projects).projectIds;
    expect(ids('mend the login page')).toEqual(['web']);
    expect(ids('mend the login page and the login')).toEqual(['api', 'web']);
    expect(ids('put the login into the manual')).toEqual(['api', 'docs']);
  });

  const anyWord = fc.constantFrom('a', 'b', 'c');
  const anyRoute = fc
    .tuple(fc.array(anyWord, { minLength: 1, maxLength: 3 }), fc.constantFrom('api', 'web', 'docs', 'gone'))
    .map(([words, projectId]) => route(words.join(' '), projectId));

  it('is found in time that no request and no file can blow up', () => {
    const routes = Array.from({ length: 5_000 }, () => route('ui', 'api'));
    expect(
      homeOf(
        Array.from({ length: 600 }, () => 'ui'),
        { routes },
        projects,
      ).projectIds,
    ).toEqual(['api']);
  });

  it('is a known one that some route in its words leads to, whatever the routes’ order', () => {
    fc.assert(
      fc.property(fc.array(anyWord, { maxLength: 6 }), fc.array(anyRoute, { maxLength: 6 }), (words, routes) => {
        const { projectIds, lost, why } = homeOf(words, { routes }, projects);
        const text = ` ${words.join(' ')} `;
        const leading = routes.filter((each) => each.projectId !== 'gone' && text.includes(` ${each.words} `));
        if (leading.length > 0 && lost === undefined) expect(projectIds.length).toBeGreaterThan(0);
        expect(lost === true).toBe(why.some((each) => each.includes('no project any more')));
        for (const id of projectIds) expect(leading.map(({ projectId }) => projectId)).toContain(id);
        expect(homeOf(words, { routes: routes.toReversed() }, projects).projectIds.toSorted()).toEqual(
          projectIds.toSorted(),
        );
      }),
    );
  });
});

describe('a request at home', () => {
  const file = (text: object) => {
    const checked = checkProjectFile({ runbooks: text });
    return checked.ok ? checked.file.runbooks : {};
  };
  const steps = [{ name: 'Do', run: 'true' }];
  const tests = file({ test: { summary: 'Tests', steps } });
  const release = file({ release: { summary: 'Releases', steps } });
  const world: World = {
    projects: [
      { id: 'api', name: 'api', runbooks: tests },
      { id: 'web', name: 'web', runbooks: { ...tests, ...release } },
      { id: 'docs', name: 'docs', runbooks: {} },
    ],
  };

  it('is done there, and says why', () => {
    expect(understand('test', { ...world, channelProject })).toMatchObject({
      kind: 'task',
      projectId: 'web',
      corrections: [expect.stringContaining('ana chose it for this channel')],
    });
  });

  it('is done where its words say before all', () => {
    expect(understand('test in api', { ...world, channelProject })).toMatchObject({
      projectId: 'api',
      corrections: [],
    });
  });

  it('is asked about where the channel’s project or a route’s is gone or broken, which is said', () => {
    const broken = { ...world.projects[0], id: 'api', name: 'api', runbooks: {}, problem: 'api: its folder is gone.' };
    const left = { ...world, projects: [broken, ...world.projects.slice(1)] };
    const agents = [{ id: 'codex', name: 'Codex' }];
    const gone = { ...channelProject, value: 'sold' };
    const routes = [route('login', 'api')];
    const notes = (text: string, more: object) => {
      const reading = understand(text, { ...left, ...more });
      if (reading.kind !== 'ambiguous') throw new Error(`it is asked: ${JSON.stringify(reading)}`);
      return [reading.choices.map(({ label }) => label), reading.notes];
    };
    const saysGone = expect.stringMatching(
      /^It would be done in a project, because ana chose it .*; that is no project any more$/,
    );
    const saysBroken = expect.stringMatching(
      /^It would be done in api, .*; that can not be worked on now: api: its folder/,
    );
    expect(notes('test', { channelProject: gone })).toEqual([['test in web'], [saysGone]]);
    expect(notes('test the login', { routes })).toEqual([['test in web'], [saysBroken]]);
    expect(notes('mend the login', { routes, agents })).toEqual([['web', 'docs'], [saysBroken]]);
    expect(notes('mend it', { channelProject: gone, agents })).toEqual([['web', 'docs'], [saysGone]]);
    const place = { projectId: 'web', runbookId: 'test' };
    expect(understand('test', { ...left, channelProject: gone, place })).toMatchObject({ projectId: 'web' });
  });

  it('is asked about where only another project can do it', () => {
    const routes = [route('release', 'docs')];
    expect(understand('release', { ...world, routes })).toEqual({
      kind: 'ambiguous',
      choices: [{ projectId: 'web', runbookId: 'release', label: 'release in web' }],
      notes: [expect.stringMatching(/^In docs, because of the route “release” .*: but no runbook there does this$/)],
    });
    const reading = understand('release', { ...world, routes, agents: [{ id: 'codex', name: 'Codex' }] });
    expect(reading).toMatchObject({ choices: [{ label: 'release in web' }, { projectId: 'docs', label: 'docs' }] });
  });

  it('is asked about, of those that routes lead to, for a runbook and for an agent', () => {
    const routes = [route('login', 'api'), route('page', 'web')];
    const labels = (text: string, agents: World['agents']) => {
      const reading = understand(text, { ...world, routes, channelProject, agents });
      return reading.kind === 'ambiguous' ? reading.choices.map(({ label }) => label) : reading;
    };
    expect(labels('test the login page', [])).toEqual(['api', 'web']);
    expect(labels('mend the login page', [{ id: 'codex', name: 'Codex' }])).toEqual(['api', 'web']);
  });
});
