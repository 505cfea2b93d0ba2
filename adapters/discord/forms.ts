import { z } from 'zod';
import type { AdapterStore } from '#core/chat/adapter.ts';
import type { Modal, ModalField } from '#core/chat/modal.ts';
import { keepRecent } from './recent.ts';

/**
 * Forms that people have open. Discord closes a form when it is sent and opens none in answer to it, so that one with a problem
 * is opened again by a button, with all that was filled in.
 */
export interface Forms {
  /** A person gets this form. It is known by heart at once; the answer keeps it for the next process, the newest one of each person. */
  opened(person: string, modal: Modal): () => Promise<void>;
  /** Keeps what was filled in; false when the form is not known any more. */
  keep(person: string, modalId: string, values: Readonly<Record<string, string>>): Promise<boolean>;
  /** The form as it was sent. */
  again(person: string, modalId: string): Promise<Modal | undefined>;
}

const option = z.object({ value: z.string(), label: z.string() });
const named = { name: z.string(), label: z.string() };
const yes = z.literal(true).optional();
const shape = z.object({
  id: z.string(),
  title: z.string(),
  intro: z.array(z.string()),
  submit: z.string(),
  fields: z.array(
    z.discriminatedUnion('kind', [
      z.object({
        kind: z.literal('text'),
        ...named,
        hint: z.string().optional(),
        value: z.string().optional(),
        multiline: yes,
        optional: yes,
      }),
      z.object({ kind: z.literal('select'), ...named, options: z.array(option), value: z.string().optional() }),
      z.object({ kind: z.literal('checkboxes'), ...named, options: z.array(option), values: z.array(z.string()) }),
      z.object({ kind: z.literal('file'), ...named, optional: yes }),
    ]),
  ),
});

export function createForms(store: AdapterStore): Forms {
  const open = new Map<string, Modal>();
  const keyOf = (person: string, modalId: string) => `${person} ${modalId}`;
  // One a person: whoever opens, or fills in, another one has left this.
  const shown = (person: string) => `form-open:${person}`;
  const kept = (person: string) => `form:${person}`;
  async function read(key: string, modalId: string): Promise<Modal | undefined> {
    const found = shape.safeParse(await store.get(key));
    return found.success && found.data.id === modalId ? found.data : undefined;
  }
  return {
    opened(person, modal) {
      keepRecent(open, keyOf(person, modal.id), modal);
      return () => store.set(shown(person), modal);
    },
    async keep(person, modalId, values) {
      const modal = open.get(keyOf(person, modalId)) ?? (await read(shown(person), modalId));
      if (modal === undefined) return false;
      const fields = modal.fields.map((field) => filledIn(field, values[field.name]));
      await store.set(kept(person), { ...modal, fields });
      return true;
    },
    again: (person, modalId) => read(kept(person), modalId),
  };
}

function filledIn(field: ModalField, value: string | undefined): ModalField {
  if (value === undefined || field.kind === 'file') return field;
  if (field.kind === 'checkboxes') return { ...field, values: value.split('\n').filter((each) => each !== '') };
  return { ...field, value };
}
