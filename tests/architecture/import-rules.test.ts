import { describe, expect, it } from 'vitest';
import { findViolations } from './import-rules.ts';

describe('who may import whom', () => {
  it('lets a folder use itself and what the table allows', () => {
    expect(
      findViolations('db/a.ts', "import { x } from '#core/x.ts';\nimport pg from 'pg';\nimport { y } from './y.ts';"),
    ).toEqual([]);
    expect(findViolations('core/a.ts', "import { z } from 'zod';")).toEqual([]);
  });

  it.each([
    ['core/a.ts', "import { readFile } from 'node:fs';"],
    ['core/a.ts', "import {\n  a,\n  b,\n} from '#db/x.ts';"],
    ['core/task/a.ts', "export { b } from '../../db/x.ts';"],
    ['workers/a.ts', "import type { Card } from '#adapters/web/x.ts';"],
    ['adapters/web/a.ts', "import { x } from '#db/x.ts';"],
    ['adapters/web/a.ts', "import { x } from '../slack/x.ts';"],
    ['db/a.ts', "const x = await import('#bot/x.ts');"],
  ])('names what it forbids: %s %s', (file, source) => {
    expect(findViolations(file, source)).toHaveLength(1);
  });
});
