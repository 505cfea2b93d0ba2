import fc from 'fast-check';
import { readBys } from '../chat/adapter.ts';
import { roles } from './roles.ts';
import type { Place, Seen, Viewer } from './visibility.ts';

/** Few of each, so that they meet. */
export const testMembers = ['ana', 'bo', 'cy'] as const;
const members = fc.constantFrom(...testMembers);

/** Places of two platforms that have accounts. */
export const places: fc.Arbitrary<Place> = fc.record(
  {
    platform: fc.constantFrom('slack', 'discord'),
    channel: fc.constantFrom('c', 'd'),
    thread: fc.constantFrom('1', '2'),
    readBy: fc.constantFrom(...readBys),
  },
  { requiredKeys: ['platform', 'channel', 'thread'] },
);

/** Of pages: random ids. */
const keys = fc.constantFrom('0190a000-0000-4000-8000-00000000000a', '0190a000-0000-4000-8000-00000000000b');

const member = { memberId: members, role: fc.constantFrom(...roles) };

export const askers = fc.record(member);

export const viewers: fc.Arbitrary<Viewer> = fc.oneof(
  fc.record(
    { as: fc.constant('member' as const), ...member, at: places },
    { requiredKeys: ['as', 'memberId', 'role'] },
  ),
  fc.record({ as: fc.constant('answer' as const), ...member, at: places }),
  fc.record({ as: fc.constant('agent' as const), memberId: members, at: places }),
  fc.record({ as: fc.constant('page' as const), keys: fc.uniqueArray(keys) }),
);

export const seenTasks: fc.Arbitrary<Seen> = fc.record({
  requester: fc.record({ memberId: members }),
  place: places,
  pageKey: keys,
  participants: fc.uniqueArray(members).map((all) => new Set<string>(all)),
});
