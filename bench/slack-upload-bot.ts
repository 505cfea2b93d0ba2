import { readFile } from 'node:fs/promises';
import { createSlackAdapter } from '#adapters/slack/adapter.ts';
import { heardHost } from '#tests/chat/heard-host.ts';
import { memoryStore } from '#tests/chat/memory-store.ts';
import { showCard } from '#tests/chat/show-card.ts';

// The bot of `slack-upload.ts`, a process of its own: puts one large file into a thread and says how much memory that took.
const { SLACK_BOT_TOKEN = '', SLACK_APP_TOKEN, SLACK_API_URL, BENCH_BYTES = '0' } = process.env;
const size = Number(BENCH_BYTES);
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const piece = Buffer.alloc(64 * 1024, 'x');

async function* open() {
  for (let left = size; left > 0; left -= piece.length) yield left < piece.length ? piece.subarray(0, left) : piece;
}

const host = Object.assign(heardHost(), {
  output: async () => ({ name: 'large.bin', mediaType: 'application/octet-stream', size, open }),
});
const settings = { botToken: SLACK_BOT_TOKEN, appToken: SLACK_APP_TOKEN, apiUrl: SLACK_API_URL };
const adapter = createSlackAdapter({ settings, store: memoryStore(), log: silent });
host.understand = async (body) => adapter.understand?.(body);
await adapter.start(host);
process.send?.('ready');
const [{ thread } = never()] = await host.until(1);

/** Proportional set size in bytes: what this process alone takes. */
async function memory(): Promise<number> {
  const text = await readFile('/proc/self/smaps_rollup', 'utf8');
  return Number(/^Pss:\s+(\d+)/m.exec(text)?.[1]) * 1024;
}

function never(): never {
  throw new Error('nothing was heard');
}

const before = await memory();
let most = before;
const look = setInterval(async () => {
  most = Math.max(most, await memory());
}, 50);
const file = { outputId: 'o1', name: 'large.bin', mediaType: 'x/y', size, version: 1, href: '/o1' };
const begun = performance.now();
await showCard(
  adapter,
  thread,
  { key: 'k', tone: 'success', title: ['Done'], blocks: [{ kind: 'files', files: [file] }], summary: 'Done' },
  '0190a000-0000-7000-8000-00000000000a',
);
clearInterval(look);
process.send?.({ before, most, tookMs: performance.now() - begun });
