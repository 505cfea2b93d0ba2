import { describe, expect, it } from 'vitest';
import { isHeavyDrawing } from './heavy-drawing.ts';

const drawing = (inner: string) => `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg">${inner}</svg>`;

/** Each of so many groups draws the one before it ten times. */
const nested = (levels: number, again = (id: string) => `<use href="#${id}"/>`) =>
  drawing(
    `<g id="a0"><rect/></g>${Array.from({ length: levels }, (_, n) => `<g id="a${n + 1}">${again(`a${n}`).repeat(10)}</g>`).join('')}`,
  );

describe('a drawing', () => {
  it('that people and programs make is light: shapes, glyphs that are used often, gradients, pictures in it', () => {
    const glyphs = drawing(
      `<!-- "x < y" --><defs><path id="glyph" d="M0 0"/></defs>${'<g clip-path="url(#box)"><use xlink:href="#glyph" fill="#fff"/></g>'.repeat(2000)}`,
    );
    const picture = drawing('<image href="data:image/png;base64,AAAA"/><text>a &amp; b</text>');
    expect([drawing('<circle r="9"/>'), glyphs, picture, nested(3)].map(isHeavyDrawing)).toEqual(Array(4).fill(false));
  });

  it.each([
    ['that uses again what uses again', nested(8)],
    ['of patterns in patterns', nested(8, (id) => `<rect fill="url(#${id})"/>`)],
    ['that an animation makes so', nested(8, (id) => `<use><set attributeName="href" to="#${id}"/></use>`)],
    ['that uses itself', drawing('<g id="a"><use href="#a"/></g>')],
    ['of entities', `<!DOCTYPE svg [<!ENTITY a "x">]>${drawing('')}`],
    ['whose references are escaped', drawing('<use href="&#35;a"/><rect fill="u\\72l(#a)"/>')],
    ['with another drawing in it', drawing('<image href="data:image/svg+xml;base64,AAAA"/>')],
    ['whose style sheet refers', drawing('<style>rect { fill: url(#a) }</style>')],
    ['whose style sheet is cut in pieces', drawing('<style>rect { fill: u<!-- -->rl(#a) }</style>')],
    ['whose names are written in another way', drawing('<use href="#%61"/><g id="a&gt;"/>')],
    ['that hides a name in a value', nested(8).replaceAll(/id="(\w+)"/g, `class=" id='b'" id="$1"`)],
    ['that is nested without end', drawing('<g>'.repeat(5000))],
    ['that breaks off', '<svg><g id="a'],
    ['that closes more than it opens', '<svg></svg></svg>'],
  ])('%s is heavy', (_, svg) => {
    expect(isHeavyDrawing(svg)).toBe(true);
  });

  it.each(['<!DOCTYPE ', '<style', '<g a="', "<g id='a' ", 'a ', 'url(', '<g>', '#', 'a='])(
    'of nothing but %j is read to its end',
    (piece) => {
      expect(typeof isHeavyDrawing(piece.repeat(40_000))).toBe('boolean');
    },
  );
});
