import { html } from 'htm/preact';
import type { ComponentChild } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { ChatFile } from '#core/chat/chat-store.ts';
import { formatBytes } from '#core/text/bytes.ts';
import { announce } from './announce.ts';
import { ApiProblem, problemOf } from './api.ts';
import { typeName } from './file-kind.ts';
import { Icon } from './icons.ts';
import { change } from './state.ts';
import { type Upload, upload } from './upload.ts';

/** A file beside the words that are being written. */
interface Attachment {
  readonly id: number;
  readonly source: File;
  /** 0 to 1. */
  readonly share: number;
  readonly stored?: ChatFile;
  readonly problem?: string;
}

export interface Attachments {
  readonly list: readonly Attachment[];
  add(files: readonly File[]): void;
  remove(id: number): void;
  retry(id: number): void;
  clear(): void;
}

let nextId = 1;

/** The files of one composer: uploaded as soon as they are added, so that sending waits for nothing. */
export function useAttachments(): Attachments {
  const [list, setList] = useState<readonly Attachment[]>([]);
  const running = useRef(new Map<number, Upload>());
  const alter = (id: number, parts: Partial<Attachment>) =>
    setList((now) => now.map((one) => (one.id === id ? { ...one, ...parts } : one)));

  const begin = ({ id, source }: Attachment) => {
    const under = upload(source, (share) => alter(id, { share }));
    running.current.set(id, under);
    under.done
      .then(
        (stored) => {
          alter(id, { stored, share: 1 });
          announce(`${source.name} is uploaded.`);
        },
        (error: unknown) => {
          alter(id, { problem: problemOf(error) });
          if (error instanceof ApiProblem && error.code === 'who_are_you') change({ dialog: 'name' });
        },
      )
      .finally(() => running.current.delete(id));
  };
  useEffect(() => () => cancelAll(running.current), []);

  return {
    list,
    add: (files) => {
      const added = files.map((source): Attachment => ({ id: nextId++, source, share: 0 }));
      setList((now) => [...now, ...added]);
      added.forEach(begin);
    },
    remove: (id) => {
      running.current.get(id)?.cancel();
      setList((now) => now.filter((one) => one.id !== id));
    },
    retry: (id) => {
      const failed = list.find((one) => one.id === id);
      if (failed === undefined) return;
      alter(id, { problem: undefined, share: 0 });
      begin(failed);
    },
    clear: () => setList([]),
  };
}

function cancelAll(running: ReadonlyMap<number, Upload>): void {
  for (const under of running.values()) under.cancel();
}

export function AttachmentList({ attachments }: { attachments: Attachments }): ComponentChild {
  return html`<ul class="attachments" aria-label="Files to send">
    ${attachments.list.map(
      ({ id, source, share, stored, problem }) => html`<li key=${id} class=${`attachment ${problem ? 'broken' : ''}`}>
        <span class="chip-icon" aria-hidden="true">${typeName({ name: source.name, mediaType: source.type }).slice(0, 4)}</span>
        <span class="chip-words">
          <bdi class="chip-name" title=${source.name}>${source.name}</bdi>
          <span class=${problem ? 'problem' : 'chip-facts'}>${problem ?? formatBytes(source.size)}</span>
          ${!stored && !problem && html`<progress max="1" value=${share} aria-label=${`Uploading ${source.name}`}></progress>`}
        </span>
        ${
          problem &&
          html`<button type="button" class="quiet" aria-label=${`Upload ${source.name} again`} title="Try again" onClick=${() => attachments.retry(id)}>
            <${Icon} name="retry" />
          </button>`
        }
        <button
          type="button"
          class="quiet"
          aria-label=${stored || problem ? `Remove ${source.name}` : `Cancel the upload of ${source.name}`}
          onClick=${() => attachments.remove(id)}
        >
          <${Icon} name="close" />
        </button>
      </li>`,
    )}
  </ul>`;
}
