import type { CallLog } from './calls.ts';
import type { Clock } from './clock.ts';
import type { Delivery } from './delivery/delivery.ts';
import type { HttpFaults } from './faults.ts';
import type { Limits } from './limits.ts';
import type { ResponseUrls } from './response-urls.ts';
import type { AppSettings } from './settings.ts';
import type { Changes } from './state/changes.ts';
import type { Tokens } from './state/tokens.ts';
import type { Workspace } from './state/workspace.ts';
import type { Triggers } from './triggers.ts';

/** The whole stand-in, as its parts see each other. */
export interface Slack {
  readonly clock: Clock;
  readonly settings: AppSettings;
  readonly changes: Changes;
  readonly workspaces: Map<string, Workspace>;
  readonly tokens: Tokens;
  readonly limits: Limits;
  readonly faults: HttpFaults;
  readonly calls: CallLog;
  readonly delivery: Delivery;
  readonly triggers: Triggers;
  readonly responseUrls: ResponseUrls;
  /** `http://127.0.0.1:port` */
  readonly origin: () => string;
}
