import { html } from 'htm/preact';
import { type ComponentChild, h } from 'preact';
import { AttachmentList, useAttachments } from './attachments.ts';

/** Stands for a file of a form that is not on the server yet; no id looks like it. */
export const notUploaded = '-';

interface FileInputProps {
  readonly name: string;
  readonly common: Record<string, unknown>;
}

/** A field for files: each is uploaded as soon as it is chosen, and the form then holds its id. */
export function FileInput({ name, common }: FileInputProps): ComponentChild {
  const attachments = useAttachments();
  const choose = (event: Event) => {
    const input = event.currentTarget as HTMLInputElement;
    attachments.add([...(input.files ?? [])]);
    // The same file can be chosen again after it was removed.
    input.value = '';
  };
  return html`<div>
    <input type="file" multiple ...${{ ...common, name: undefined }} onChange=${choose} />
    ${attachments.list.length > 0 && h(AttachmentList, { attachments })}
    ${attachments.list.map(
      ({ id, stored }) => html`<input key=${id} type="hidden" name=${name} value=${stored?.id ?? notUploaded} />`,
    )}
  </div>`;
}
