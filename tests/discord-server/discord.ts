import type { Clock } from '#tests/slack-server/clock.ts';
import type { Changes } from '#tests/slack-server/state/changes.ts';
import type { CallLog } from './calls.ts';
import type { Cdn } from './cdn.ts';
import type { Contract } from './contract/contract.ts';
import type { HttpFaults } from './faults.ts';
import type { Gateway } from './gateway/gateway.ts';
import type { Limits } from './limits.ts';
import type { Settings } from './settings.ts';
import type { Command } from './state/command.ts';
import type { Interaction } from './state/interaction.ts';
import type { World } from './state/world.ts';

/** The whole stand-in, as its parts see each other. */
export interface Discord {
  readonly clock: Clock;
  readonly settings: Settings;
  readonly world: World;
  readonly cdn: Cdn;
  readonly changes: Changes;
  readonly gateway: Gateway;
  readonly limits: Limits;
  readonly faults: HttpFaults;
  readonly calls: CallLog;
  readonly contract: Contract;
  /** By id. */
  readonly interactions: Map<string, Interaction>;
  readonly commands: CommandTable;
  /** The token that is good now; Discord resets it when a bot identifies too often. */
  readonly credentials: { token: string };
  /** `http://127.0.0.1:port` */
  origin(): string;
}

export interface CommandTable {
  readonly global: Map<string, Command>;
  readonly guild: Map<string, Command>;
  /** Commands created today in the guild. */
  created: number;
}
