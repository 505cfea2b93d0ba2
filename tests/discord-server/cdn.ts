import { createHmac, randomBytes } from 'node:crypto';
import type { Clock } from '#tests/slack-server/clock.ts';
import type { Attachment } from './state/message.ts';

/** Files with signed addresses that expire (docs, Reference: Signed Attachment CDN URLs). */
export interface Cdn {
  /** A fresh address; every payload carries one. */
  urlOf(attachment: Attachment): string;
  add(attachment: Attachment): void;
  /** The file behind an address; `undefined` when it is unknown, forged or expired. */
  find(url: URL): Attachment | undefined;
  /** The files behind these are gone (ephemeral ones, deleted messages). */
  forget(id: string): void;
}

export function createCdn(clock: Clock, life: number, origin: () => string): Cdn {
  const secret = randomBytes(16);
  const files = new Map<string, Attachment>();
  const sign = (path: string, expires: string, issued: string): string =>
    createHmac('sha256', secret).update(`${path} ${expires} ${issued}`).digest('hex');
  return {
    urlOf(attachment) {
      const path = `/cdn/attachments/${attachment.channelId}/${attachment.id}/${encodeURIComponent(attachment.name)}`;
      const issued = Math.floor(clock.now() / 1000).toString(16);
      const expires = Math.floor((clock.now() + life) / 1000).toString(16);
      return `${origin()}${path}?ex=${expires}&is=${issued}&hm=${sign(path, expires, issued)}&`;
    },
    add: (attachment) => void files.set(attachment.id, attachment),
    find(url) {
      const [expires = '', issued = '', signature = ''] = ['ex', 'is', 'hm'].map(
        (key) => url.searchParams.get(key) ?? '',
      );
      if (sign(url.pathname, expires, issued) !== signature) return undefined;
      if (Number.parseInt(expires, 16) * 1000 < clock.now()) return undefined;
      return files.get(url.pathname.split('/')[4] ?? '');
    },
    forget: (id) => void files.delete(id),
  };
}
