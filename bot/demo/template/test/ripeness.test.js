import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ripeness } from '../src/ripeness.js';

test('a green one is not ripe', () => assert.equal(ripeness(0), 0));
test('a red one is ripe', () => assert.equal(ripeness(240), 1));
test('only numbers are colours', () => assert.throws(() => ripeness('red'), TypeError));
