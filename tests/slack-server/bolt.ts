import { App, LogLevel, SocketModeReceiver } from '@slack/bolt';
import { WebClient } from '@slack/web-api';
import type { SlackServer } from './server.ts';

/** No repeats: a test sees every failure. */
function clientOptions(server: SlackServer) {
  return { slackApiUrl: server.url, retryConfig: { retries: 0 }, logLevel: LogLevel.ERROR };
}

/** The real Web API client with the bot's token. */
export function botClient(server: SlackServer): WebClient {
  return new WebClient(server.botToken, { ...clientOptions(server), rejectRateLimitedCalls: true, logger: silent });
}

/**
 * One Socket Mode connection. Bolt waits `clientPingTimeout` (5 s unless changed) before it comes again after a refresh, which
 * would be a long time in a test.
 */
export function socketReceiver(server: SlackServer): SocketModeReceiver {
  return new SocketModeReceiver({
    appToken: server.appToken,
    clientPingTimeout: 1000,
    logger: silent,
    installerOptions: { clientOptions: clientOptions(server) },
  });
}

/** The real app on one Socket Mode connection to the stand-in. Not started. */
export function socketApp(server: SlackServer, receiver = socketReceiver(server)): App {
  return new App({
    token: server.botToken,
    receiver,
    logger: silent,
    clientOptions: clientOptions(server),
  });
}

/** The real app behind HTTP, on a port of its own. Not started. */
export function httpApp(server: SlackServer): App {
  return new App({
    token: server.botToken,
    signingSecret: server.signingSecret,
    logger: silent,
    clientOptions: clientOptions(server),
  });
}

/** Ends an app: Bolt resolves while its socket still closes. */
export async function stopApp(app: App, server: SlackServer): Promise<void> {
  await app.stop();
  await server.driver.waitFor('the closed sockets', () => server.faults.sockets.count() === 0);
}

/** Failures are provoked here: what Bolt says of them would only be noise. */
export const silent = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => LogLevel.ERROR,
  setName: () => undefined,
};
