import { expect, it } from 'vitest';
import { decodeAction } from '#core/chat/button.ts';
import { chooseFilter, filterMenus, usualFilter } from './inbox-filter.ts';

const projects = Array.from({ length: 120 }, (_, index) => ({
  projectId: `0198c7b0-0000-7000-8000-${String(index).padStart(12, '0')}`,
  name: `project ${index}`,
}));

it('every option of a menu is one that can be chosen, and then holds there', () => {
  for (const [index, menu] of filterMenus(usualFilter, projects).entries()) {
    if (menu.kind !== 'select') throw new Error('menus only');
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
  const [, menu] = filterMenus({ ...usualFilter, projectId: projects[3]?.projectId }, projects.slice(0, 2));
  expect(menu).toMatchObject({ chosen: 'filter:inbox:p-any' });
});
