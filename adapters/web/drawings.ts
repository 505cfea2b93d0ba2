import { isHeavyDrawing } from '#core/run/heavy-drawing.ts';

/** A larger drawing (bytes) is looked at by who opens it, not by everybody who comes by. */
const drawingBytes = 1024 * 1024;

interface Drawing {
  readonly mediaType: string;
  /** Bytes. */
  readonly size: number;
}

/**
 * Whether a file is not given to a request: a drawing (SVG) that a page would show as a picture, and that would keep the browser
 * busy. It could not be opened again then, with all that stands beside it. To save it is another request.
 */
export async function isRefusedDrawing(
  request: Request,
  { mediaType, size }: Drawing,
  open: () => AsyncIterable<Uint8Array>,
): Promise<boolean> {
  // What browsers of all kinds ask for a picture with (Fetch standard, “fetch a request”, step of the `Accept` header).
  const wantsPicture = request.headers.get('accept')?.startsWith('image/') === true;
  if (!wantsPicture || mediaType !== 'image/svg+xml') return false;
  if (size > drawingBytes) return true;
  const chunks: Uint8Array[] = [];
  for await (const chunk of open()) chunks.push(chunk);
  return isHeavyDrawing(Buffer.concat(chunks).toString());
}

/** What the request is told; the file stays one download away. */
export const refusedDrawing = 'This drawing would keep a browser busy. It can be saved.';
