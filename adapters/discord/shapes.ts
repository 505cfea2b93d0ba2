import { ComponentType, type RawFile } from 'discord.js';
import type { ChatHost } from '#core/chat/adapter.ts';
import type { Card } from '#core/chat/card.ts';
import { linkWith } from '#core/chat/link.ts';
import type { Attachments } from './attach.ts';
import { drawCard, wholeCard } from './card.ts';
import { type ClassicCard, drawClassic } from './classic.ts';
import { fileLimit } from './limits.ts';

/** What a message shows, as a request asks for it, and the files that go along. */
export interface Shape {
  readonly body: object;
  readonly files: readonly RawFile[];
}

/** What a card is drawn with. */
export interface Drawing {
  readonly host: ChatHost;
  readonly card: Card;
  readonly attachments: Attachments;
  /** A number of the message's own, which Discord gives back whenever the message is read. */
  readonly marker: number;
}

/** The last line of a card that Discord refused; `marker`: of a new message, which is found by it when its answer was lost. */
export function refusedNote(marker?: number): string {
  const sign = marker === undefined ? '' : ` (${marker.toString(36)})`;
  return `-# Discord did not take this card as it usually looks.${sign}`;
}

const noButtons = '-# Its buttons are missing: say in words what you decide.';

/** The name of the file with all that a card says, when it says more than a message may. */
const wholeName = 'everything.txt';

/** The card as it should look: a container. */
export function containerShape(drawing: Drawing): Shape {
  const { card, marker } = drawing;
  const { drawn, files } = withWhole(drawing, (whole) => drawCard(card, { ...optionsOf(drawing), marker, ...whole }));
  return { body: { components: [drawn.container] }, files };
}

/** The same in a message without containers, for where Discord refuses it: with its buttons, and if it refuses these too, in words. */
export function classicShapes(drawing: Drawing, note: string): readonly Shape[] {
  const { drawn, files } = classicOf(drawing, note);
  const { content, rows } = drawn;
  const inWords = wordsOf(drawing, note, rows.length > 0);
  return [
    { body: { content, components: rows }, files },
    { body: { content: inWords, components: [] }, files: [] },
  ];
}

/** The same for a message that had a container: it never takes `content` any more, and shows no file that no component names. */
export function flatShapes(drawing: Drawing, note: string): readonly Shape[] {
  const { drawn, files } = classicOf(drawing, note);
  const { content, rows } = drawn;
  const inWords = wordsOf(drawing, note, rows.length > 0);
  const shown = files.map(({ name }) => ({ type: ComponentType.File, file: { url: `attachment://${name}` } }));
  return [
    { body: { components: [text(content), ...shown, ...rows] }, files },
    { body: { components: [text(inWords)] }, files: [] },
  ];
}

/** All that is said, in a file. */
export function wholeFile(words: string) {
  return { name: wholeName, data: Buffer.from(words), contentType: 'text/plain; charset=utf-8' };
}

function text(content: string): object {
  return { type: ComponentType.TextDisplay, content };
}

function classicOf(
  drawing: Drawing,
  note: string,
): { readonly drawn: ClassicCard; readonly files: readonly RawFile[] } {
  return withWhole(drawing, (whole) => drawClassic(drawing.card, { ...optionsOf(drawing), note, ...whole }));
}

/** Words alone: no file goes along, so each is only named. */
function wordsOf({ host, card }: Drawing, note: string, lacksButtons: boolean): string {
  const options = { linkTo: linkWith(host.address), shown: new Map() };
  return drawClassic(card, { ...options, note: lacksButtons ? `${noButtons}\n${note}` : note }).content;
}

function optionsOf({ host, attachments: { shown } }: Drawing) {
  return { linkTo: linkWith(host.address), shown };
}

/** Draws, and when something had no room once more with a file that has all of it, if one may go along. */
function withWhole<Drawn extends { readonly isShort: boolean }>(
  { card, attachments: { files, limit } }: Drawing,
  draw: (whole: { readonly whole?: string }) => Drawn,
): { readonly drawn: Drawn; readonly files: readonly RawFile[] } {
  const drawn = draw({});
  if (!drawn.isShort || files.length >= fileLimit) return { drawn, files };
  const whole = wholeFile(wholeCard(card));
  if (whole.data.length > limit) return { drawn, files };
  return { drawn: draw({ whole: wholeName }), files: [...files, whole] };
}
