import { constants, createDeflate } from 'node:zlib';
import type { WebSocket } from 'ws';

/** One connection as the Gateway speaks on it. */
export interface Line {
  send(text: string): void;
  close(code: number): void;
  /** Ends it without a close frame. */
  terminate(): void;
  isOpen(): boolean;
}

/** `compression` as asked for in the address: `zlib-stream` is one stream for the whole connection. */
export function createLine(socket: WebSocket, compression: string | null): Line {
  return {
    send: compression === 'zlib-stream' ? compressed(socket) : (text) => socket.send(text),
    close: (code) => socket.close(code),
    terminate: () => socket.terminate(),
    isOpen: () => socket.readyState === 1,
  };
}

/** Sends each payload as one frame that ends with a flush (docs, Gateway: Transport Compression). */
function compressed(socket: WebSocket): (text: string) => void {
  const deflate = createDeflate();
  let chunks: Buffer[] = [];
  deflate.on('data', (chunk: Buffer) => chunks.push(chunk));
  return (text) => {
    deflate.write(text);
    deflate.flush(constants.Z_SYNC_FLUSH, () => {
      socket.send(Buffer.concat(chunks));
      chunks = [];
    });
  };
}
