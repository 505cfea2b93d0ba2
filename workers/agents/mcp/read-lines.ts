import type { Socket } from 'node:net';

/**
 * Calls `take` with each line of a socket, without its newline. Only `\n` ends a line: the separators of Unicode, which a reader of
 * consoles takes for ends of lines too, stand in JSON as they are. Who sends a line of more than `limit` characters is hung up on.
 */
export function readLines(socket: Socket, limit: number, take: (line: string) => void): void {
  let held = '';
  socket.setEncoding('utf8');
  socket.on('data', (piece: string) => {
    const lines = (held + piece).split('\n');
    held = lines.pop() ?? '';
    for (const line of lines) if (line.length <= limit) take(line);
    if (held.length > limit || lines.some((line) => line.length > limit)) socket.destroy();
  });
}
