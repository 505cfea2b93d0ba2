/** Operations of the Gateway (docs, Opcodes and Status Codes: Gateway). */
export const operation = {
  dispatch: 0,
  heartbeat: 1,
  identify: 2,
  presence: 3,
  resume: 6,
  reconnect: 7,
  requestMembers: 8,
  invalidSession: 9,
  hello: 10,
  heartbeatAck: 11,
} as const;

/** Why Discord closes a connection (docs, ibidem). */
export const closeCode = {
  unknownOpcode: 4001,
  decodeError: 4002,
  notAuthenticated: 4003,
  authenticationFailed: 4004,
  alreadyAuthenticated: 4005,
  invalidSequence: 4007,
  rateLimited: 4008,
  sessionTimedOut: 4009,
  invalidIntents: 4013,
  disallowedIntents: 4014,
} as const;

/** Intents that Commander may ask for (docs, Gateway: list of intents). */
export const intent = {
  guilds: 1 << 0,
  guildMembers: 1 << 1,
  guildPresences: 1 << 8,
  guildMessages: 1 << 9,
  guildMessageReactions: 1 << 10,
  directMessages: 1 << 12,
  directMessageReactions: 1 << 13,
  messageContent: 1 << 15,
} as const;

/** All bits that stand for an intent. */
export const everyIntent = (0b111 << 20) | (0b11111 << 16) | 0xffff | (1 << 24) | (1 << 25);
