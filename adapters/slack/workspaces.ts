import { PostRefused } from '#core/chat/adapter.ts';
import type { Installation, InstallationStore } from '#core/chat/installations.ts';
import type { AdapterLog } from '#core/chat/platform.ts';
import { type Api, createApi } from './api.ts';
import { slackError } from './failures.ts';
import type { Exchange } from './oauth.ts';

/** The Web API of a workspace, with the workspace's own token and pace. */
export type ApiOf = (team: string) => Api;

/** The bot in a workspace. */
export interface Presence {
  /** The workspace's id. */
  readonly team: string;
  readonly botUser: string;
  /** Where people reach the workspace, ending with `/`. */
  readonly address: string;
}

/** The workspaces that the bot is in: one with a token of its own, or all that added it. */
export interface Workspaces {
  readonly apiOf: ApiOf;
  /** Looks up those that there are. @throws when one can't be used; the message says why. */
  start(): Promise<void>;
  /** `undefined` where the bot is not installed. Whatever reaches the bot of a single workspace is of that one. */
  find(team: string | undefined): Promise<Presence | undefined>;
  /** The ids of all that the bot is in. */
  teams(): Promise<readonly string[]>;
  /** Says, once connected, where people reach the bot now. */
  greeting(): string;
  /** The address of a workspace that was used before. */
  addressOf(team: string): string;
  /** Takes over a new installation. */
  add(installation: Installation): Promise<void>;
  /** Slack says that the app was removed. Such news can be late: the token itself decides. */
  removed(team: string): Promise<void>;
  close(): void;
}

export interface WorkspaceParts {
  readonly apiUrl: string | undefined;
  /** One try of a call, in milliseconds. */
  readonly callMs: number;
  /** The rest after a token's renewal failed, in milliseconds. */
  readonly renewAgainMs: number;
  readonly log: AdapterLog;
  /** Tells the operator. */
  readonly tell: (sentence: string) => void;
}

/** A token that ends sooner than this is renewed first, in milliseconds. */
const renewBeforeMs = 10 * 60_000;

/** Leads to a workspace whose address is not known here. */
const anyAddress = 'https://slack.com/';

/** The one workspace of a bot token. `presence` is known once Slack was asked. */
export function oneWorkspace(
  botToken: string,
  presence: () => Presence | undefined,
  { apiUrl, callMs, log, tell }: WorkspaceParts,
): Workspaces {
  const api = createApi({ token: async () => botToken, refused: async () => 'gone', apiUrl, callMs, log });
  return {
    apiOf: () => api,
    start: async () => undefined,
    find: async () => presence(),
    teams: async () => [presence()?.team ?? []].flat(),
    greeting: () => `Slack is connected: ${presence()?.address ?? anyAddress}`,
    addressOf: () => presence()?.address ?? anyAddress,
    add: () => Promise.reject(new Error('With SLACK_BOT_TOKEN there is one workspace.')),
    async removed() {
      if (!(await isRefused(api))) return;
      tell('Commander was removed from its Slack workspace: install the app again and give its new SLACK_BOT_TOKEN.');
    },
    close: api.close,
  };
}

/** All workspaces that added the bot; each with the token that is stored for it, renewed before it ends. */
export function manyWorkspaces(
  installations: InstallationStore,
  exchange: Exchange,
  { apiUrl, callMs, renewAgainMs, log, tell, installPage }: WorkspaceParts & { readonly installPage: string },
): Workspaces {
  const known = new Map<string, Installation>();
  const apis = new Map<string, Api>();
  /** One renewal at a time here; the store sees to the other processes. */
  const renewals = new Map<string, Promise<Installation | undefined>>();
  /** When a renewal that failed is tried again, in milliseconds since 1970. */
  const rests = new Map<string, number>();

  async function look(team: string): Promise<Installation | undefined> {
    const found = await installations.find(team);
    if (found === undefined) known.delete(team);
    else known.set(team, found);
    return found;
  }

  function renew(team: string, stale: string): Promise<Installation | undefined> {
    const under = renewals.get(team) ?? renewOnce(team, stale).finally(() => renewals.delete(team));
    renewals.set(team, under);
    return under;
  }

  async function renewOnce(team: string, stale: string): Promise<Installation | undefined> {
    const renewed = await installations.renew(team, stale, exchange.renew);
    if (renewed === undefined) known.delete(team);
    else known.set(team, renewed);
    return renewed;
  }

  async function token(team: string): Promise<string> {
    const found = known.get(team) ?? (await look(team));
    if (found === undefined) {
      throw new PostRefused(`Commander is not installed in this workspace (${team}): its install page adds it again.`);
    }
    const { expiresAt } = found;
    const now = Date.now();
    if (expiresAt === undefined || expiresAt - renewBeforeMs > now || (rests.get(team) ?? 0) > now) return found.token;
    try {
      return (await renew(team, found.token))?.token ?? found.token;
    } catch (error) {
      // Slack may be away for a moment: the old token counts until its end.
      rests.set(team, now + renewAgainMs);
      log.warn({ error, workspace: found.name }, 'a token could not be renewed; it is tried again soon');
      return found.token;
    }
  }

  async function refused(team: string, stale: string, reason: string): Promise<'renewed' | 'gone'> {
    const before = known.get(team);
    if (reason === 'token_expired' && before?.refreshToken !== undefined) {
      const renewed = await renew(team, stale).catch((error: unknown) => {
        // An earlier renewal was done and its answer never came: nobody has what came after it.
        if (slackError(error) !== 'invalid_refresh_token') throw error;
        return undefined;
      });
      if (renewed === undefined) await forget(team, stale, 'its token has ended and can not be renewed');
      return renewed !== undefined && renewed.token !== stale ? 'renewed' : 'gone';
    }
    // Another process may have stored a newer one.
    const now = await look(team);
    if (now !== undefined && now.token !== stale) return 'renewed';
    await forget(team, stale, 'the app was removed');
    return 'gone';
  }

  /** Forgets the installation whose token ended; one that somebody made meanwhile stays. */
  async function forget(team: string, token: string, why: string): Promise<void> {
    const name = known.get(team)?.name ?? team;
    known.delete(team);
    if (!(await installations.remove(team, token))) return;
    log.warn({ workspace: name, why }, 'Commander is not in a workspace any more');
    tell(`Commander is not in the Slack workspace “${name}” any more (${why}): ${installPage} adds it again.`);
  }

  function apiOf(team: string): Api {
    const made =
      apis.get(team) ??
      createApi({
        token: () => token(team),
        refused: (stale, reason) => refused(team, stale, reason),
        apiUrl,
        callMs,
        log,
      });
    apis.set(team, made);
    return made;
  }

  return {
    apiOf,
    async start() {
      for (const team of await installations.places()) await look(team);
    },
    async find(team) {
      const found = team === undefined ? undefined : (known.get(team) ?? (await look(team)));
      return found === undefined ? undefined : { team: found.place, botUser: found.botUser, address: found.address };
    },
    teams: installations.places,
    greeting() {
      const names = [...known.values()].map(({ name }) => `“${name}”`).join(', ');
      return `Slack is connected${names === '' ? '' : ` to ${names}`}; workspaces add Commander at ${installPage}`;
    },
    addressOf: (team) => known.get(team)?.address ?? anyAddress,
    async add(installation) {
      await installations.save(installation);
      known.set(installation.place, installation);
    },
    async removed(team) {
      // Asking is enough: a token that counts no longer takes its installation along.
      if ((await look(team)) !== undefined) await isRefused(apiOf(team));
    },
    close() {
      for (const api of apis.values()) api.close();
    },
  };
}

async function isRefused(api: Api): Promise<boolean> {
  try {
    await api.call('auth.test', {});
    return false;
  } catch (error) {
    if (slackError(error) === undefined && !(error instanceof PostRefused)) throw error;
    return true;
  }
}
