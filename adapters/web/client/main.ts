import { h, render } from 'preact';
import { App } from './app.ts';
import { titleOf } from './page-title.ts';
import { startSession } from './session.ts';
import { listenToShortcuts } from './shortcuts.ts';
import { chatState, watch } from './state.ts';

const root = document.getElementById('app');
if (root === null)
  throw new Error(
    'The page has no element with the id "app": the shell that the server sends is not the one of this client.',
  );

render(h(App, null), root);
watch(() => {
  document.title = titleOf(chatState());
});
listenToShortcuts();
void startSession();
