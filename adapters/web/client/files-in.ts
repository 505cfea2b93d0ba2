import { useEffect, useState } from 'preact/hooks';
import { isDialogOpen } from './dialog.ts';
import { paneFor } from './panes.ts';

/**
 * Takes files that are dragged over the window or pasted anywhere: they go to the pane under the pointer, else to the one in
 * front. Tells whether files are being dragged, and over which pane.
 */
export function useFilesIn(): { readonly dragging: boolean; readonly over: string | undefined } {
  const [dragging, setDragging] = useState(false);
  const [over, setOver] = useState<string>();
  useEffect(() => {
    const move = (event: DragEvent) => {
      if (!hasFiles(event.dataTransfer) || isDialogOpen()) return;
      event.preventDefault();
      setDragging(true);
      setOver(paneUnder(event.target));
    };
    const leave = (event: DragEvent) => {
      // Only leaving the window itself has no element that is entered next.
      if (event.relatedTarget === null) setDragging(false);
    };
    const drop = (event: DragEvent) => {
      if (!hasFiles(event.dataTransfer)) return;
      event.preventDefault();
      setDragging(false);
      if (!isDialogOpen()) give(event.dataTransfer?.files, paneUnder(event.target));
    };
    const paste = (event: ClipboardEvent) => {
      const files = event.clipboardData?.files;
      if (files === undefined || files.length === 0 || isDialogOpen()) return;
      event.preventDefault();
      give(files, paneUnder(event.target));
    };
    const ended = new AbortController();
    const { signal } = ended;
    addEventListener('dragenter', move, { signal });
    addEventListener('dragover', move, { signal });
    addEventListener('dragleave', leave, { signal });
    addEventListener('drop', drop, { signal });
    addEventListener('paste', paste, { signal });
    return () => ended.abort();
  }, []);
  return { dragging, over: dragging ? over : undefined };
}

function give(files: FileList | undefined, pane: string | undefined): void {
  if (files !== undefined && files.length > 0) paneFor(pane)?.addFiles([...files]);
}

function hasFiles(transfer: DataTransfer | null): boolean {
  return transfer?.types.includes('Files') ?? false;
}

function paneUnder(target: EventTarget | null): string | undefined {
  return target instanceof Element
    ? (target.closest<HTMLElement>('[data-pane]')?.dataset.pane ?? undefined)
    : undefined;
}
