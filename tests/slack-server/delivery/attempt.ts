/** Slack gives an app 3 seconds for everything (docs.slack.dev). Milliseconds. */
export const slackPatience = 3000;

/** One payload on its way to the app. */
export interface Shipment {
  readonly kind: 'events_api' | 'interactive' | 'slash_commands';
  readonly payload: Readonly<Record<string, unknown>>;
  /** 0 for the first attempt. */
  readonly retry: number;
  readonly reason: string;
}

export type Attempt =
  | { readonly acknowledged: true; readonly body: unknown }
  | { readonly acknowledged: false; readonly reason: string };

/** A way to the app: Socket Mode or HTTP. */
export interface Transport {
  /** Resolves when the app has acknowledged, refused, or let its time pass. Never rejects. */
  ship(shipment: Shipment): Promise<Attempt>;
}
