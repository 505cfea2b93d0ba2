import { html } from 'htm/preact';
import { type ComponentChild, h } from 'preact';
import { useState } from 'preact/hooks';
import { ApiProblem, addChannel, problemOf } from './api.ts';
import { Dialog } from './dialog.ts';
import { go, loadChannels } from './session.ts';
import { change } from './state.ts';

/** Makes a channel, or opens the one of that name. */
export function ChannelDialog(): ComponentChild {
  const [problem, setProblem] = useState<string>();
  const close = () => change({ dialog: undefined });
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const name = channelName(String(new FormData(event.currentTarget as HTMLFormElement).get('name')));
    if (name === '') return setProblem('A channel needs a name of letters, digits and “-”.');
    try {
      const { channel } = await addChannel(name);
      await loadChannels();
      close();
      go(channel.name);
    } catch (error) {
      if (error instanceof ApiProblem && error.code === 'who_are_you') change({ dialog: 'name' });
      else setProblem(problemOf(error));
    }
  };
  return h(
    Dialog,
    { title: 'New channel', onClose: close },
    html`<form class="form" novalidate onSubmit=${submit}>
      <div class="dialog-body">
        <div class="field">
          <label for="new-channel">Name</label>
          <input id="new-channel" name="name" data-first maxlength="60" autocomplete="off" placeholder="releases" aria-invalid=${problem ? 'true' : undefined} aria-describedby="new-channel-hint new-channel-problem" />
          <p id="new-channel-hint" class="hint">Lower case letters, digits and “-”, up to 40.</p>
          <p id="new-channel-problem" class="problem" role="alert">${problem}</p>
        </div>
      </div>
      <footer class="dialog-foot">
        <button type="button" class="button" onClick=${close}>Cancel</button>
        <button type="submit" class="button primary">Create</button>
      </footer>
    </form>`,
  );
}

/** What somebody means by `#My releases`: `my-releases`. */
export function channelName(typed: string): string {
  return typed
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-+|-+$/g, '');
}
