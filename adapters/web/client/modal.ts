import { html } from 'htm/preact';
import { type ComponentChild, h } from 'preact';
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { ModalField } from '#core/chat/modal.ts';
import { Dialog } from './dialog.ts';
import { FileInput, notUploaded } from './file-input.ts';
import type { OpenForm } from './interaction.ts';
import { Rich } from './rich.ts';

interface FormProps {
  readonly form: OpenForm;
  readonly onSubmit: (values: Readonly<Record<string, string>>) => void;
  readonly onClose: () => void;
}

/** A form that a button opened. Problems stand at their fields, and the first of them gets the focus. */
export function FormDialog({ form, onSubmit, onClose }: FormProps): ComponentChild {
  const { modal, sending } = form;
  const [missing, setMissing] = useState<Readonly<Record<string, string>>>({});
  const element = useRef<HTMLFormElement>(null);
  const problems = { ...missing, ...form.problems };
  const count = Object.keys(problems).length;
  useLayoutEffect(() => {
    if (count > 0) element.current?.querySelector<HTMLElement>('[aria-invalid="true"]')?.focus();
  }, [count, form.problems, missing]);
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    const values = valuesOf(modal.fields, new FormData(event.currentTarget as HTMLFormElement));
    const absent = missingOf(modal.fields, values);
    setMissing(absent);
    if (Object.keys(absent).length === 0) onSubmit(values);
  };
  return h(
    Dialog,
    { title: modal.title, onClose },
    html`<form ref=${element} class="form" novalidate onSubmit=${submit}>
      <div class="dialog-body">
        ${(modal.introPieces ?? modal.intro.map((line) => [line])).map((text) => html`<p dir="auto"><${Rich} text=${text} /></p>`)}
        ${modal.fields.map((field, index) => h(FieldView, { key: field.name, field, problem: problems[field.name], first: index === 0 }))}
        ${form.problem && html`<p class="problem" role="alert">${form.problem}</p>`}
      </div>
      <footer class="dialog-foot">
        ${modal.fields.length > 0 && html`<button type="button" class="button" onClick=${onClose}>Cancel</button>`}
        <button type="submit" class="button primary" aria-disabled=${sending} data-first=${modal.fields.length === 0 || undefined}>
          ${sending && html`<span class="spinner" aria-hidden="true"></span>`}${modal.submit}
        </button>
      </footer>
    </form>`,
  );
}

/** What a form holds: texts as they are, checkboxes as their chosen values, files as their ids, one a line. */
export function valuesOf(fields: readonly ModalField[], data: FormData): Record<string, string> {
  return Object.fromEntries(fields.map(({ name }) => [name, data.getAll(name).map(String).join('\n')]));
}

/** The sentence for each text or file that must be there and is not. */
export function missingOf(
  fields: readonly ModalField[],
  values: Readonly<Record<string, string>>,
): Record<string, string> {
  const problems = fields.map((field) => [field.name, problemWith(field, values[field.name] ?? '')] as const);
  return Object.fromEntries(problems.flatMap(([name, problem]) => (problem === undefined ? [] : [[name, problem]])));
}

function problemWith(field: ModalField, value: string): string | undefined {
  if (field.kind === 'text') {
    return !field.optional && value.trim() === '' ? `Please fill in “${field.label}”.` : undefined;
  }
  if (field.kind !== 'file') return undefined;
  if (value.split('\n').includes(notUploaded)) return 'Wait until every file is uploaded, or remove it.';
  return !field.optional && value === '' ? `Please add “${field.label}”.` : undefined;
}

interface FieldProps {
  readonly field: ModalField;
  readonly problem: string | undefined;
  readonly first: boolean;
}

function FieldView({ field, problem, first }: FieldProps): ComponentChild {
  const id = useId();
  const hint = field.kind === 'text' ? field.hint : undefined;
  const described = [hint && `${id}-hint`, problem && `${id}-problem`].filter(Boolean).join(' ') || undefined;
  const common = {
    'data-first': first || undefined,
    id,
    name: field.name,
    'aria-invalid': problem ? 'true' : undefined,
    'aria-describedby': described,
  };
  const notes = html`${hint && html`<p id=${`${id}-hint`} class="hint" dir="auto">${hint}</p>`}
  ${problem && html`<p id=${`${id}-problem`} class="problem" dir="auto">${problem}</p>`}`;
  if (field.kind === 'checkboxes') {
    return html`<fieldset class="field" aria-describedby=${described}>
      <legend dir="auto">${field.label}</legend>
      ${field.options.map(
        (option, index) => html`<label class="choice">
          <input
            type="checkbox"
            name=${field.name}
            value=${option.value}
            defaultChecked=${field.values.includes(option.value)}
            aria-invalid=${problem ? 'true' : undefined}
            data-first=${(first && index === 0) || undefined}
          />
          <span dir="auto">${option.label}</span>
        </label>`,
      )}
      ${notes}
    </fieldset>`;
  }
  return html`<div class="field">
    <label for=${id} dir="auto">
      ${field.label}${field.kind !== 'select' && field.optional && html`<span class="optional"> optional</span>`}
    </label>
    ${inputOf(field, common)}
    ${notes}
  </div>`;
}

function inputOf(field: Exclude<ModalField, { kind: 'checkboxes' }>, common: Record<string, unknown>): ComponentChild {
  switch (field.kind) {
    case 'select':
      return selectOf(field, common);
    case 'file':
      return h(FileInput, { name: field.name, common });
    case 'text':
      return textOf(field, common);
  }
}

function selectOf(field: Extract<ModalField, { kind: 'select' }>, common: Record<string, unknown>): ComponentChild {
  return html`<select ...${common}>
    ${field.value === undefined && html`<option value="">Choose…</option>`}
    ${field.options.map(
      ({ value, label }) => html`<option value=${value} selected=${value === field.value}>${label}</option>`,
    )}
  </select>`;
}

function textOf(field: Extract<ModalField, { kind: 'text' }>, common: Record<string, unknown>): ComponentChild {
  const must = { 'aria-required': field.optional ? undefined : 'true' };
  if (field.multiline)
    return html`<textarea rows="4" dir="auto" ...${common} ...${must} defaultValue=${field.value ?? ''}></textarea>`;
  return html`<input type="text" dir="auto" autocomplete="off" ...${common} ...${must} defaultValue=${field.value ?? ''} />`;
}
