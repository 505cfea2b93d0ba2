import { type APIMessage, MessageFlags, Routes } from 'discord.js';
import type { PostId } from '#core/chat/adapter.ts';
import type { Api } from './api.ts';
import { keepRecent } from './recent.ts';

/** `container`: a message with the newer components, which it keeps for good (docs, Components: the flag can't be removed). */
export type Kind = 'container' | 'classic';

/** What each message of ours is, as an edit must suit it. */
export interface Kinds {
  /** What is known by heart. */
  known(post: PostId): Kind | undefined;
  /** The same, asked of Discord when it is not known. */
  of(channel: string, post: PostId): Promise<Kind>;
  learn(post: PostId, kind: Kind): void;
}

export function createKinds({ rest }: Api): Kinds {
  const kinds = new Map<PostId, Kind>();
  const learn = (post: PostId, kind: Kind) => keepRecent(kinds, post, kind);
  return {
    known: (post) => kinds.get(post),
    async of(channel, post) {
      const known = kinds.get(post);
      if (known !== undefined) return known;
      const { flags = 0 } = (await rest.get(Routes.channelMessage(channel, post))) as APIMessage;
      const kind = (flags & MessageFlags.IsComponentsV2) === 0 ? 'classic' : 'container';
      learn(post, kind);
      return kind;
    },
    learn,
  };
}
