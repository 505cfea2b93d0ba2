import assert from 'node:assert/strict';
import { test } from 'node:test';
import { answer } from '../src/answer.js';

test('says how ripe it is', () =>
  assert.deepEqual(answer('/ripeness?red=110'), { status: 200, body: { ripeness: 0.5 } }));
test('says what is wrong with a colour', () => assert.equal(answer('/ripeness?red=deep').status, 400));
test('says what can be asked', () => assert.equal(answer('/').status, 404));
