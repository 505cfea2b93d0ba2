import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { type Files, readIfThere, writePrivate } from './files.ts';

/** The port of the last start when it is still free, else another free one, remembered for the next. */
export async function choosePort(files: Files): Promise<number> {
  // A file that can't be read (root's, from another time) only means that the port changes.
  const remembered = Number(await readIfThere(files.port).catch(() => undefined));
  if (Number.isInteger(remembered) && remembered > 0 && remembered < 65_536 && (await claim(remembered)))
    return remembered;
  const free = await claim(0);
  if (free === undefined) throw new Error('The system has no free TCP port on 127.0.0.1.');
  await writePrivate(files.port, `${free}\n`);
  return free;
}

/** Listens for a moment; port 0 lets the system choose. Undefined when the port is taken. */
async function claim(port: number): Promise<number | undefined> {
  const server = createServer();
  try {
    server.listen(port, '127.0.0.1');
    await once(server, 'listening');
    return (server.address() as AddressInfo).port;
  } catch (error) {
    // EACCES: ports below 1024 for a normal user.
    if (['EADDRINUSE', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  } finally {
    server.close();
  }
}
