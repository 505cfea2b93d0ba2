type Json = Readonly<Record<string, unknown>>;

/** Discord says no: an HTTP status, a code of its own (docs, Opcodes and Status Codes: JSON) and where the fault is. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: number;
  readonly errors: Json | undefined;

  constructor(status: number, code: number, message: string, errors?: Json) {
    super(message);
    this.status = status;
    this.code = code;
    this.errors = errors;
  }
}

export const refusals = {
  unauthorized: () => new Refusal(401, 0, '401: Unauthorized'),
  notFound: () => new Refusal(404, 0, '404: Not Found'),
  unknownChannel: () => new Refusal(404, 10003, 'Unknown Channel'),
  unknownGuild: () => new Refusal(404, 10004, 'Unknown Guild'),
  unknownMember: () => new Refusal(404, 10007, 'Unknown Member'),
  unknownMessage: () => new Refusal(404, 10008, 'Unknown Message'),
  unknownUser: () => new Refusal(404, 10013, 'Unknown User'),
  unknownWebhook: () => new Refusal(404, 10015, 'Unknown Webhook'),
  unknownInteraction: () => new Refusal(404, 10062, 'Unknown interaction'),
  unknownCommand: () => new Refusal(404, 10063, 'Unknown application command'),
  tooManyOldEdits: () =>
    new Refusal(400, 30046, 'Maximum number of edits to messages older than 1 hour reached. Try again later'),
  tooManyCommands: () => new Refusal(400, 30032, 'Maximum number of application commands reached'),
  tooManyCommandCreates: () =>
    new Refusal(400, 30034, 'Max number of daily application command creates has been reached'),
  needsTag: () => new Refusal(400, 40067, 'A tag is required to create a forum post in this channel'),
  tooLarge: () => new Refusal(413, 40005, 'Request entity too large'),
  acknowledged: () => new Refusal(400, 40060, 'Interaction has already been acknowledged.'),
  missingAccess: () => new Refusal(403, 50001, 'Missing Access'),
  editsOthers: () => new Refusal(403, 50005, 'Cannot edit a message authored by another user'),
  empty: () => new Refusal(400, 50006, 'Cannot send an empty message'),
  refusesDirect: () => new Refusal(403, 50007, 'Cannot send messages to this user'),
  noText: () => new Refusal(400, 50008, 'Cannot send messages in a non-text channel'),
  missingPermissions: () => new Refusal(403, 50013, 'Missing Permissions'),
  wrongChannelType: () => new Refusal(400, 50024, 'Cannot execute action on this channel type'),
  expiredToken: () => new Refusal(401, 50027, 'Invalid Webhook Token'),
  archived: () => new Refusal(400, 50083, 'Thread is archived'),
  unreadableBody: () => new Refusal(400, 50109, 'The request body contains invalid JSON.'),
  replyUnreadable: () => new Refusal(400, 160002, 'Cannot reply without permission to read message history'),
  hasThread: () => new Refusal(400, 160004, 'A thread has already been created for this message'),
  locked: () => new Refusal(400, 160005, 'Thread is locked'),
  tooManyThreads: () => new Refusal(400, 160006, 'Maximum number of active threads reached'),
  unknownEmoji: () => new Refusal(400, 10014, 'Unknown Emoji'),
};

/** 50035 with one fault: `path` leads to the field. */
export function invalid(path: readonly PropertyKey[], code: string, message: string): Refusal {
  return invalidBody([{ path, code, message }]);
}

/** 50035 with every fault at its place, as Discord nests them. */
export function invalidBody(
  faults: ReadonlyArray<{
    readonly path: readonly PropertyKey[];
    readonly code: string;
    readonly message: string;
  }>,
): Refusal {
  const errors: Record<string, unknown> = {};
  for (const { path, code, message } of faults) {
    let place = errors;
    for (const step of path) {
      place[String(step)] ??= {};
      place = place[String(step)] as Record<string, unknown>;
    }
    place._errors = [...((place._errors as unknown[]) ?? []), { code, message }];
  }
  return new Refusal(400, 50035, 'Invalid Form Body', errors);
}
