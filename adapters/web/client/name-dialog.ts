import { html } from 'htm/preact';
import { type ComponentChild, h } from 'preact';
import { useState } from 'preact/hooks';
import { problemOf } from './api.ts';
import { Dialog } from './dialog.ts';
import { takeName } from './session.ts';
import { change, useChat } from './state.ts';

/** Asks for a name: all that this chat wants to know of anybody. One click is enough. */
export function NameDialog(): ComponentChild {
  const me = useChat((state) => state.me);
  const [problem, setProblem] = useState<string>();
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget as HTMLFormElement).get('name')).trim();
    if (name === '') return setProblem('A name is needed, so that others know who speaks.');
    await takeName(name).catch((error: unknown) => setProblem(problemOf(error)));
  };
  const first = me === null || me === undefined;
  return h(
    Dialog,
    {
      title: first ? 'Welcome to Commander' : 'Your name',
      onClose: () => change({ dialog: undefined }),
      ...(first ? { mustAnswer: true } : {}),
    },
    html`<form class="form" novalidate onSubmit=${submit}>
      <div class="dialog-body">
        <p>${first ? 'What should others call you here? There is no account and no password.' : 'What should others call you from now on?'}</p>
        <div class="field">
          <label for="my-name">Name</label>
          <input id="my-name" name="name" data-first maxlength="60" autocomplete="nickname" dir="auto" defaultValue=${me?.name ?? 'you'} aria-invalid=${problem ? 'true' : undefined} aria-describedby="my-name-problem" />
          <p id="my-name-problem" class="problem" role="alert">${problem}</p>
        </div>
      </div>
      <footer class="dialog-foot"><button type="submit" class="button primary">${first ? 'Start chatting' : 'Save'}</button></footer>
    </form>`,
  );
}
