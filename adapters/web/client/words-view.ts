import { html } from 'htm/preact';
import { type ComponentChild, h } from 'preact';
import { useMemo } from 'preact/hooks';
import { CodeBlock } from './blocks/code.ts';
import { botName } from './completion.ts';
import { useChat } from './state.ts';
import { readWords, type WordPiece } from './words.ts';

/** What a person wrote, with its few marks. Every piece becomes a text node. */
export function WordsView({ text }: { text: string }): ComponentChild {
  const people = useChat((state) => state.people);
  const names = useMemo(() => new Set([botName, ...people.map(({ name }) => name.toLowerCase())]), [people]);
  const pieces = useMemo(() => readWords(text), [text]);
  return html`<div class="words" dir="auto">${pieces.map((piece) => drawPiece(piece, names))}</div>`;
}

function drawPiece(piece: WordPiece, names: ReadonlySet<string>): ComponentChild {
  switch (piece.kind) {
    case 'bold':
      return html`<strong>${piece.text}</strong>`;
    case 'code':
      return html`<code>${piece.text}</code>`;
    case 'fence':
      return h(CodeBlock, { label: undefined, text: piece.text });
    case 'link':
      return html`<a href=${piece.source} target="_blank" rel="noopener noreferrer">${piece.source}</a>`;
    case 'mention':
      return names.has(piece.source.slice(1).toLowerCase())
        ? html`<span class="mention">${piece.source}</span>`
        : piece.source;
    case 'text':
      return piece.source;
  }
}
