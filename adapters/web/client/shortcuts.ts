import { isDialogOpen } from './dialog.ts';
import { paneFor } from './panes.ts';
import { closeThread } from './session.ts';
import { change, chatState } from './state.ts';

/**
 * The keys that work everywhere: Ctrl or Cmd with K jumps, Esc leaves what is in front, F6 goes to the next pane. Words that are
 * typed where nothing takes them go to the composer.
 */
export function listenToShortcuts(): void {
  addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      if (!isDialogOpen()) change({ dialog: 'jump' });
    } else if (event.key === 'Escape' && !isDialogOpen()) {
      leaveFront();
    } else if (event.key === 'F6' && !isDialogOpen()) {
      event.preventDefault();
      focusNextPane(event.shiftKey ? -1 : 1);
    } else if (event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) {
      focusComposer(event.key);
    }
  });
}

/** The composer of the pane that is being read takes the focus before the browser writes what is typed. Space scrolls. */
function focusComposer(key: string): void {
  const reading = document.activeElement;
  if (key === ' ' || isDialogOpen() || reading?.matches('input, textarea, select, button, a')) return;
  paneFor(reading?.closest<HTMLElement>('[data-pane]')?.dataset.pane)?.focus();
}

function leaveFront(): void {
  const { menuOpen, place } = chatState();
  if (menuOpen) change({ menuOpen: false });
  else if (place.thread !== undefined) {
    const opener = place.thread;
    closeThread();
    focusRoot(opener);
  }
}

/** The focus goes back to the message whose thread was left, or to the composer. */
function focusRoot(rootId: string): void {
  const message = document.querySelector(`[data-message="${CSS.escape(rootId)}"]`);
  const overview = message?.querySelector<HTMLElement>('.overview');
  if (overview) {
    overview.focus({ preventScroll: true });
    overview.scrollIntoView({ block: 'nearest' });
  } else paneFor(undefined)?.focus();
}

/** Channel list, channel, thread, and around. */
function focusNextPane(step: 1 | -1): void {
  const stops = [...document.querySelectorAll<HTMLElement>('.channels .current a, .pane .composer textarea')].filter(
    (stop) => stop.checkVisibility({ visibilityProperty: true }),
  );
  const now = stops.findIndex((stop) => stop.closest('nav, .pane')?.contains(document.activeElement));
  stops[(now + step + stops.length) % stops.length]?.focus();
}
