import type { Cdn } from './cdn.ts';
import type { Message } from './state/message.ts';

type Json = Readonly<Record<string, unknown>>;

/** The components of a message as Discord answers them: numbered, with defaults filled in, files resolved. */
export function componentsJson(cdn: Cdn, message: Message): readonly Json[] {
  let number = 0;
  const media = ({ url }: { readonly url: string }): Json => {
    const name = /^attachment:\/\/(.+)$/.exec(url)?.[1];
    const attachment = message.attachments.find((one) => one.name === name);
    if (attachment === undefined) {
      return { id: message.id, url, proxy_url: url, width: null, height: null, content_type: null };
    }
    const address = cdn.urlOf(attachment);
    return {
      id: attachment.id,
      url: address,
      proxy_url: address,
      width: null,
      height: null,
      content_type: attachment.mediaType,
      attachment_id: attachment.id,
    };
  };
  const shown = (component: Json): Json => {
    number += 1;
    const { id: given, ...rest } = withoutNull(component);
    const base = { ...rest, id: given ?? number };
    const fill = fillers[rest.type as number];
    return fill === undefined
      ? base
      : { ...base, ...fill(rest, { shown, media, sizeOf: (url) => sizeOf(message, url) }) };
  };
  return message.components.map(shown);
}

interface Fill {
  readonly shown: (component: Json) => Json;
  readonly media: (media: { readonly url: string }) => Json;
  readonly sizeOf: (url: string) => { readonly name: string | null; readonly size: number | null };
}

const children = (component: Json, { shown }: Fill): Json => ({
  components: ((component.components ?? []) as readonly Json[]).map(shown),
});

const select = (component: Json): Json => ({
  min_values: component.min_values ?? 1,
  max_values: component.max_values ?? 1,
});

/** What Discord adds, by the component's type (docs, Component Reference). */
const fillers: Readonly<Record<number, (component: Json, fill: Fill) => Json>> = {
  1: children,
  3: (component) => ({
    ...select(component),
    options: ((component.options ?? []) as readonly Json[]).map(withoutNull),
  }),
  5: select,
  6: select,
  7: select,
  8: select,
  9: (component, fill) => ({
    ...children(component, fill),
    accessory: fill.shown(component.accessory as Json),
  }),
  11: (component, { media }) => ({
    media: media(component.media as { url: string }),
    description: component.description ?? null,
    spoiler: component.spoiler ?? false,
  }),
  12: (component, { media }) => ({
    items: (component.items as readonly Json[]).map((item) => ({
      media: media(item.media as { url: string }),
      description: item.description ?? null,
      spoiler: item.spoiler ?? false,
    })),
  }),
  13: (component, { media, sizeOf: named }) => ({
    file: media(component.file as { url: string }),
    ...named((component.file as { url: string }).url),
    spoiler: component.spoiler ?? false,
  }),
  14: (component) => ({ spacing: component.spacing ?? 1, divider: component.divider ?? true }),
  17: (component, fill) => ({
    ...children(component, fill),
    accent_color: component.accent_color ?? null,
    spoiler: component.spoiler ?? false,
  }),
};

function sizeOf(message: Message, url: string): { readonly name: string | null; readonly size: number | null } {
  const attachment = message.attachments.find(({ name }) => url === `attachment://${name}`);
  return { name: attachment?.name ?? null, size: attachment?.bytes.length ?? null };
}

function withoutNull(value: Json): Json {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== null && field !== undefined));
}
