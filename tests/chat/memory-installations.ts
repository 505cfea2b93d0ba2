import type { Installation, InstallationStore } from '#core/chat/installations.ts';

/** Installations in memory, renewed by one at a time as in the real store. */
export function memoryInstallations(): InstallationStore {
  const places = new Map<string, Installation>();
  const begun = new Set<string>();
  let renewing: Promise<unknown> = Promise.resolve();
  return {
    find: async (place) => places.get(place),
    places: async () => [...places.keys()],
    async save(installation) {
      places.set(installation.place, installation);
    },
    remove: async (place, token) => places.get(place)?.token === token && places.delete(place),
    async renew(place, stale, renew) {
      const turn = renewing.then(async () => {
        const current = places.get(place);
        if (current === undefined || current.token !== stale) return current;
        const renewed = await renew(current);
        places.set(place, renewed);
        return renewed;
      });
      renewing = turn.catch(() => undefined);
      return turn;
    },
    async begin(state) {
      begun.add(state);
    },
    end: async (state) => begun.delete(state),
  };
}
