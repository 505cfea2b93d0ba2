import { html } from 'htm/preact';
import type { ComponentChild } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { announce } from './announce.ts';
import { Icon } from './icons.ts';

/** A button that copies a text and says that it did, or that the browser forbids it. */
export function CopyButton({ text, label }: { text: string; label: string }): ComponentChild {
  const [result, setResult] = useState<'copied' | 'failed'>();
  useEffect(() => {
    const timer = result && setTimeout(() => setResult(undefined), 2000);
    return () => clearTimeout(timer);
  }, [result]);
  const copy = () => {
    void copyText(text).then((done) => {
      setResult(done ? 'copied' : 'failed');
      announce(done ? 'Copied.' : 'The browser did not allow copying.');
    });
  };
  return html`<button type="button" class="quiet copy" aria-label=${label} title=${label} onClick=${copy}>
    <${Icon} name=${result === 'copied' ? 'check' : result === 'failed' ? 'cross' : 'copy'} />
  </button>`;
}

/** Puts a text on the clipboard; whether it worked. On plain http (a phone in the same network) only the old way exists. */
async function copyText(text: string): Promise<boolean> {
  try {
    if (navigator.clipboard !== undefined) {
      await navigator.clipboard.writeText(text);
      return true;
    }
  } catch {
    // Refused: the old way may still be allowed.
  }
  return copyBySelection(text);
}

function copyBySelection(text: string): boolean {
  const focused = document.activeElement;
  const area = document.createElement('textarea');
  area.value = text;
  area.className = 'unseen';
  document.body.append(area);
  area.select();
  const done = document.execCommand('copy');
  area.remove();
  if (focused instanceof HTMLElement) focused.focus();
  return done;
}
