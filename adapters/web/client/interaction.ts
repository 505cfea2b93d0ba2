import { useEffect, useRef, useState } from 'preact/hooks';
import type { InteractionReply } from '#core/chat/adapter.ts';
import type { ChatMessage } from '#core/chat/chat-store.ts';
import type { Modal } from '#core/chat/modal.ts';
import { ApiProblem, pressButton, problemOf, submitForm } from './api.ts';
import { change } from './state.ts';

export interface Notice {
  readonly tone: 'success' | 'warning' | 'danger';
  readonly text: string;
}

export interface OpenForm {
  readonly modal: Modal;
  readonly problems: Readonly<Record<string, string>>;
  /** What is wrong with the whole of it: it did not reach the server, or was refused. */
  readonly problem?: string;
  readonly sending: boolean;
}

/** What goes on between a person and one card: at most one press at a time, its notice, and the form that it opened. */
export interface Interaction {
  /** The action whose press is under way. */
  readonly busy: string | undefined;
  /** The action that was pressed last: a notice stands near its button. */
  readonly last: string | undefined;
  readonly notice: Notice | undefined;
  readonly form: OpenForm | undefined;
  press(action: string): void;
  submit(values: Readonly<Record<string, string>>): void;
  closeForm(): void;
  dismiss(): void;
}

/** A press that was taken shows in the card as soon as the thread is brought up to date; until then (at most so many ms) it stays busy. */
const takenPatience = 3000;
/** How long (ms) good news stays; what went wrong stays until it is dismissed. */
const noticeTime = 6000;

/** The interaction with the card of `message`. */
export function useInteraction(message: ChatMessage): Interaction {
  const [busy, setBusy] = useState<string>();
  const [last, setLast] = useState<string>();
  const [form, setForm] = useState<OpenForm>();
  const [notice, show] = useNotice();
  const after = useTimers();
  useEffect(() => setBusy(undefined), [message.cursor]);

  const take = (reply: InteractionReply) => {
    if (reply.kind === 'problems') {
      setForm((open) => open && { ...open, problems: reply.problems, problem: undefined, sending: false });
      return;
    }
    setForm(reply.kind === 'modal' ? { modal: reply.modal, problems: {}, sending: false } : undefined);
    if (reply.kind === 'notice') show(reply);
    if (reply.kind === 'done') after(takenPatience, () => setBusy(undefined));
    else setBusy(undefined);
  };
  const press = (action: string) => {
    if (busy !== undefined) return;
    setBusy(action);
    setLast(action);
    show(undefined);
    pressButton(message.id, action).then(take, (error: unknown) => {
      setBusy(undefined);
      show({ tone: 'danger', text: problemOf(error) });
      askName(error);
    });
  };
  const submit = (values: Readonly<Record<string, string>>) => {
    if (form === undefined || form.sending) return;
    setForm({ ...form, problems: {}, problem: undefined, sending: true });
    submitForm(message.id, form.modal, values).then(take, (error: unknown) => {
      setForm((open) => open && { ...open, problem: problemOf(error), sending: false });
      askName(error);
    });
  };
  return {
    busy,
    last,
    notice,
    form,
    press,
    submit,
    closeForm: () => setForm(undefined),
    dismiss: () => show(undefined),
  };
}

/** A notice that goes by itself when it is good news. */
function useNotice(): [Notice | undefined, (next: Notice | undefined) => void] {
  const [notice, setNotice] = useState<Notice>();
  const after = useTimers();
  const show = (next: Notice | undefined) => {
    setNotice(next);
    if (next?.tone === 'success') after(noticeTime, () => setNotice((shown) => (shown === next ? undefined : shown)));
  };
  return [notice, show];
}

function askName(error: unknown): void {
  if (error instanceof ApiProblem && error.code === 'who_are_you') change({ dialog: 'name' });
}

/** Timers that end with the component. */
function useTimers(): (wait: number, act: () => void) => void {
  const running = useRef(new Set<ReturnType<typeof setTimeout>>());
  useEffect(() => () => running.current.forEach(clearTimeout), []);
  return (wait, act) => {
    const timer = setTimeout(() => {
      running.current.delete(timer);
      act();
    }, wait);
    running.current.add(timer);
  };
}
