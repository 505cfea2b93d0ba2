import { expect, it } from 'vitest';
import type { Card } from './card.ts';
import { linkedIn, withPageKeys } from './page-key.ts';

const output = '0190a000-0000-7000-8000-00000000000a';

function cardWith(hrefs: readonly string[]): Card {
  const links = hrefs.map((href) => ({ kind: 'link', text: 'x', href }) as const);
  const blocks: Card['blocks'] = [
    { kind: 'list', items: [links] },
    { kind: 'buttons', buttons: hrefs.map((href) => ({ label: 'x', href })) },
  ];
  return { key: 'k', tone: 'neutral', title: ['x'], summary: 'x', blocks };
}

it('puts keys into links to the pages of private tasks, in text and buttons, and into no other link', () => {
  const card = cardWith([
    '/tasks/1',
    '/tasks/12/diff?checkpoint=2',
    '/library?task=1',
    `/library/${output}`,
    `/outputs/${output}`,
    '/library',
  ]);
  expect(linkedIn([card])).toEqual({ numbers: new Set([1, 12]), outputs: new Set([output]) });
  const keyOf = ({ number, output: id }: { number?: number; output?: string }) =>
    number === 12 ? undefined : number === 1 ? 'one' : id && 'out';
  const keyed = [
    '/tasks/1?key=one',
    '/tasks/12/diff?checkpoint=2',
    '/library?task=1&key=one',
    `/library/${output}?key=out`,
    `/outputs/${output}?key=out`,
  ];
  expect(withPageKeys([card], keyOf)).toEqual([cardWith([...keyed, '/library'])]);
  const foreign = cardWith(['https://example.org/tasks/1', '/tasks/1x', '/outputs/1', '/library?name=x']);
  expect(withPageKeys([foreign], () => 'key')).toEqual([foreign]);
});
