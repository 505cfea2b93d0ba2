import { html } from 'htm/preact';
import type { ComponentChild } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { problemOf } from './api.ts';

/** Lines that show what a file is; all of it is one download away. */
const linesShown = 60;

type Reading = { readonly text: string; readonly rest: number } | { readonly problem: string } | undefined;

/** The beginning of a text file, fetched when it is asked for. */
export function TextPreview({ address, name }: { address: string; name: string }): ComponentChild {
  const [reading, setReading] = useState<Reading>();
  useEffect(() => {
    const ended = new AbortController();
    void read(address, ended.signal).then((result) => {
      if (!ended.signal.aborted) setReading(result);
    });
    return () => ended.abort();
  }, [address]);
  if (reading === undefined) return html`<p class="preview-note">Loading…</p>`;
  if ('problem' in reading) return html`<p class="preview-note problem" role="alert">${reading.problem}</p>`;
  return html`<div class="preview">
    <pre tabindex="0" aria-label=${`Beginning of ${name}`}><code>${reading.text}</code></pre>
    ${reading.rest > 0 && html`<p class="preview-note">${reading.rest} more lines: download the file to read them.</p>`}
  </div>`;
}

async function read(address: string, signal: AbortSignal): Promise<Reading> {
  try {
    const response = await fetch(address, { signal });
    if (!response.ok) return { problem: `The file could not be read (${response.status}).` };
    const lines = (await response.text()).split('\n');
    return { text: lines.slice(0, linesShown).join('\n'), rest: Math.max(0, lines.length - linesShown) };
  } catch (error) {
    return { problem: `The file could not be read: ${problemOf(error)}` };
  }
}
