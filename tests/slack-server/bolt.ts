import { App, LogLevel } from '@slack/bolt';
import type { SlackServer } from './server.ts';

/** The real client, quiet, on one Socket Mode connection to the stand-in. Not started. */
export function socketApp(server: SlackServer) {
  return new App({
    token: server.botToken,
    appToken: server.appToken,
    socketMode: true,
    logLevel: LogLevel.ERROR,
    clientOptions: { slackApiUrl: server.url, retryConfig: { retries: 0 } },
    // Bolt hands these to the socket's own client.
    installerOptions: { clientOptions: { slackApiUrl: server.url, retryConfig: { retries: 0 } } },
  });
}
