type Json = Readonly<Record<string, unknown>>;

/** A registered command, as it was sent. `type`: 1 slash, 2 on a person, 3 on a message. */
export interface Command {
  readonly id: string;
  readonly version: string;
  readonly type: 1 | 2 | 3;
  readonly name: string;
  readonly guildId?: string;
  readonly body: Json;
}
