import { readdir, readFile } from 'node:fs/promises';

/** Requests that are no calls of the Web API, by the stand-in's names, and the source that makes them. */
const others = { 'answers.ts': 'response_url', 'downloads.ts': 'download', 'uploads.ts': 'upload' } as const;

/** Every method of the Web API that the adapter's sources name, in order. */
export async function calledMethods(): Promise<readonly string[]> {
  const method =
    /(?:'|client\.)((?:agents|apps|auth|chat|conversations|files|oauth|reactions|users|views)\.[A-Za-z0-9.]+)['(]/g;
  const found = (await sources()).flatMap(([, text]) => [...text.matchAll(method)].map(([, name]) => name ?? ''));
  return [...new Set(found)].sort();
}

/** The same, with the other requests that go to Slack. @throws where a source makes one that has no name here. */
export async function allRequests(): Promise<readonly string[]> {
  const fetching = (await sources()).flatMap(([name, text]) => (/\bfetch\(/.test(text) ? [name] : []));
  const named = fetching.map((name) => {
    if (name in others) return others[name as keyof typeof others];
    throw new Error(`${name} asks for something that no row of the tests is about`);
  });
  return [...(await calledMethods()), ...named].sort();
}

async function sources(): Promise<ReadonlyArray<readonly [name: string, text: string]>> {
  const folder = new URL('.', import.meta.url);
  const names = (await readdir(folder)).filter((name) => name.endsWith('.ts') && !/\.test\.ts$|^testing/.test(name));
  return Promise.all(names.map(async (name) => [name, await readFile(new URL(name, folder), 'utf8')] as const));
}
