import type { ChatHost } from '#core/chat/adapter.ts';

/** A host that takes everything and does nothing: stand-ins replace what they need of it. */
export const quietHost: ChatHost = {
  accept: async () => ({ new: true }),
  keep: async () => undefined,
  follows: async () => false,
  press: async () => ({ kind: 'done' }),
  submit: async () => ({ kind: 'done' }),
  suggest: async () => [],
  readmitted: async () => undefined,
  amend: async () => undefined,
  react: async () => ({ kind: 'done' }),
  stop: async () => ({ kind: 'done' }),
  draft: async () => ({ kind: 'done' }),
  commands: () => [],
  complete: async () => [],
  home: async () => [],
  followed: async () => [],
  output: async () => undefined,
  tell: () => undefined,
};
