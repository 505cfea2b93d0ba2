import type { ChatHost, InteractionReply } from '#core/chat/adapter.ts';
import { linkWith } from '#core/chat/link.ts';
import type { Modal } from '#core/chat/modal.ts';
import type { Doubts } from './doubts.ts';
import { drawPage } from './page.ts';
import type { People } from './people.ts';
import type { ApiOf } from './workspaces.ts';

export interface HomeParts {
  readonly apiOf: ApiOf;
  readonly people: People;
  readonly doubts: Doubts;
}

export interface Homes {
  /** Draws a person's own page anew. Resolves when it shows what holds at the time of the call, or something newer. */
  show(host: ChatHost, team: string, user: string): Promise<void>;
}

/** People's own pages. Each is drawn by one call after the other, so that none shows something older over something newer. */
export function createHomes({ apiOf, people, doubts }: HomeParts): Homes {
  const drawing = new Map<string, Promise<void>>();
  /** Drawings that have not begun: whoever asks meanwhile is served by them. */
  const next = new Map<string, Promise<void>>();

  function show(host: ChatHost, team: string, user: string): Promise<void> {
    const place = `home:${team}/${user}`;
    const coming = next.get(place);
    if (coming !== undefined) return coming;
    const before = drawing.get(place) ?? Promise.resolve();
    const work = before
      .catch(() => undefined)
      .then(() => {
        next.delete(place);
        drawing.set(place, work);
        return draw(host, team, user, place);
      })
      .finally(() => {
        if (drawing.get(place) === work) drawing.delete(place);
      });
    next.set(place, work);
    return work;
  }

  async function draw(host: ChatHost, team: string, user: string, place: string): Promise<void> {
    const cards = await host.home(await people.find(team, user));
    const blocks = drawPage(cards, linkWith(host.address));
    await doubts.write(place, JSON.stringify(blocks), () =>
      apiOf(team).call('views.publish', { user_id: user, view: { type: 'home', blocks } }),
    );
  }

  return { show };
}

/** What came of a press on a page where nothing can be said to one person alone: in a form of its own, unless the page shows it. */
export function formOf(reply: InteractionReply): Modal | undefined {
  if (reply.kind === 'modal') return reply.modal;
  if (reply.kind !== 'notice' || reply.tone === 'success') return undefined;
  return { id: 'notice', title: 'Commander', intro: [reply.text], submit: 'Close', fields: [] };
}
