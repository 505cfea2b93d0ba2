import { globSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

it('every proof that docs/acceptance.md names is there', () => {
  const named = readFileSync('docs/acceptance.md', 'utf8').matchAll(/`([a-z]+\/[\w./*-]+)`/g);
  const proofs = [...new Set([...named].flatMap(([, path]) => path ?? []))];
  expect(proofs.length).toBeGreaterThan(50);
  expect(proofs.filter((path) => globSync(path).length === 0)).toEqual([]);
});
