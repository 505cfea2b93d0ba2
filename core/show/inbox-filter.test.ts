import { expect, it } from 'vitest';
import { decodeAction } from '#core/chat/button.ts';
import { chooseFilter, filterMenus, usualFilter } from './inbox-filter.ts';

const projects = Array.from({ length: 120 }, (_, index) => ({
  projectId: `0198c7b0-0000-7000-8000-${String(index).padStart(12, '0')}`,
  name: `project ${index}`,
}));

it('every option of a menu is one that can be chosen, and then holds there', () => {
  for (const [index, menu] of filterMenus(usualFilter, projects).entries()) {
    if (menu.kind !== 'select') continue;
    expect(menu.options.length).toBeLessThanOrEqual(100);
    expect(menu.options.map(({ action }) => action)).toContain(menu.chosen);
    for (const { action } of menu.options) {
      const filter = chooseFilter(usualFilter, decodeAction(action)?.choice ?? '');
      expect(filter && filterMenus(filter, projects)[index]).toMatchObject({ chosen: action });
    }
  }
});

it('what no menu offers changes nothing, and a project that is gone is any', () => {
  for (const choice of ['', 'w-', 'w-yours', 'u-soon', 'p-nothing', 'x-all']) {
    expect(chooseFilter(usualFilter, choice)).toBeUndefined();
  }
  const menus = filterMenus({ ...usualFilter, projectId: projects[3]?.projectId }, projects.slice(0, 2));
  expect(menus.find((menu) => menu.kind === 'select' && menu.label === 'Project')).toMatchObject({
    chosen: 'filter:inbox:p-any',
  });
});

it('a person is chosen in a menu of the platform’s people, and chosen no more in the menu beside it', () => {
  expect(chooseFilter(usualFilter, 'person')).toBeUndefined();
  expect(chooseFilter(usualFilter, 'w-person')).toBeUndefined();
  const filter = chooseFilter({ ...usualFilter, whose: 'all' }, 'person', 'member-1') ?? usualFilter;
  expect(filter).toEqual({ ...usualFilter, whose: 'all', personId: 'member-1' });
  expect(chooseFilter(filter, 'w-person')).toEqual(filter);
  expect(chooseFilter(filter, 'u-oldest')).toEqual({ ...filter, urgency: 'oldest' });
  expect(chooseFilter(filter, 'w-mine')).toEqual(usualFilter);
  const [whose, people] = filterMenus(filter, projects, { externalId: 'T1/U1', name: 'ana' });
  expect(whose).toMatchObject({ chosen: 'filter:inbox:w-person' });
  expect(people).toMatchObject({ kind: 'person', action: 'filter:inbox:person', chosen: { externalId: 'T1/U1' } });
  // Who is gone counts as nobody.
  expect(filterMenus(filter, projects)[0]).toMatchObject({ chosen: 'filter:inbox:w-all' });
});
