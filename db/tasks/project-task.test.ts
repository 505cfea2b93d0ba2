import fc from 'fast-check';
import { expect, it } from 'vitest';
import { talkOf } from '#core/task/talk.ts';
import { begin } from '#core/task/testing.ts';
import { eventful, moves, playMoves } from '#core/task/testing-moves.ts';
import { wakesOf } from './project-task.ts';

it('wakes a run at whatever a person does that changes what it hears', () => {
  fc.assert(
    fc.property(moves, (played) => {
      let seen = 1;
      playMoves(begin(eventful()), played, (before, after, { events }) => {
        const recorded = events.slice(seen);
        seen = events.length;
        const byPerson = recorded.length > 0 && recorded.every(({ actor }) => actor !== undefined);
        if (!byPerson || after.run?.status !== 'running') return;
        if (JSON.stringify(talkOf(before)) === JSON.stringify(talkOf(after))) return;
        const wakes = wakesOf({ before, after, events: recorded.map(({ event }) => event) });
        expect(wakes, JSON.stringify(recorded)).toContainEqual(['commander_talk', after.run.id]);
      });
    }),
    { numRuns: 300 },
  );
});
