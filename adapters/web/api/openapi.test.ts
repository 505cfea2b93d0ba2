import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { fakeHost } from '#tests/chat/fake-host.ts';
import { memoryChatStore } from '#tests/chat/memory-chat-store.ts';
import { type Preview, startPreview } from '#tests/chat/preview.ts';
import { createApp } from '../app.ts';
import { followChanges } from '../events.ts';
import { plainLog } from '../log.ts';

let preview: Preview;
let description: z.infer<typeof documentShape>;

const answerShape = z.object({
  description: z.string().min(1),
  content: z.record(z.string(), z.object({})).optional(),
});
const operationShape = z.looseObject({
  operationId: z.string().regex(/^[a-z][A-Za-z]+$/),
  summary: z.string().regex(/^[A-Z].{5,60}[^.]$/),
  parameters: z.array(z.object({ name: z.string(), in: z.enum(['path', 'query', 'header']) }).loose()).optional(),
  requestBody: z
    .looseObject({ content: z.record(z.string(), z.looseObject({ schema: z.looseObject({}) })) })
    .optional(),
  responses: z.record(z.string().regex(/^[1-5]\d\d$/), answerShape),
});
const documentShape = z.looseObject({
  openapi: z.literal('3.1.0'),
  info: z.looseObject({ title: z.string(), version: z.string() }),
  paths: z.record(z.string().startsWith('/'), z.partialRecord(z.enum(['get', 'post']), operationShape)),
  components: z.looseObject({ schemas: z.record(z.string(), z.looseObject({})) }),
});

beforeAll(async () => {
  preview = await startPreview();
  description = documentShape.parse(await (await fetch(`${preview.url}/api/openapi.json`)).json());
});

afterAll(() => preview.stop());

const operations = () =>
  Object.entries(description.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      name: `${method.toUpperCase()} ${path}`,
      path,
      operation,
    })),
  );

test('every route of the router is described, and nothing else', async () => {
  const store = memoryChatStore();
  const follower = await followChanges(store, plainLog);
  const passOn = { message: async () => undefined, stop: async () => undefined };
  const unused = () => Promise.reject(new Error('Nothing is stored here.'));
  const parts = {
    store,
    follower,
    passOn,
    host: fakeHost(),
    log: plainLog,
    home: '/',
    storeBytes: unused,
    names: new Map(),
  };
  const { routes } = createApp({ ...parts, allowedHosts: [], maxFileBytes: 1 });
  follower.stop();
  const real = routes
    .filter(({ method, path }) => method !== 'ALL' && path.startsWith('/api/chat/'))
    .map(({ method, path }) => `${method} ${path.replaceAll(/:(\w+)/g, '{$1}')}`);
  expect(
    operations()
      .map(({ name }) => name)
      .sort(),
  ).toEqual([...new Set(real)].sort());
  expect(real.length).toBeGreaterThanOrEqual(14);
});

test('each has a name of its own, for generated clients', () => {
  const names = operations().map(({ operation }) => operation.operationId);
  expect(new Set(names).size).toBe(names.length);
});

test('every reference leads somewhere', () => {
  const names = [...JSON.stringify(description).matchAll(/"\$ref":"([^"]+)"/g)].map(([, name = '']) => name);
  expect(names.length).toBeGreaterThan(0);
  for (const name of names) {
    const schema = /^#\/components\/schemas\/(.+)$/.exec(name)?.[1] ?? name;
    expect(Object.keys(description.components.schemas)).toContain(schema);
  }
});

test('every part of a path is a described parameter', () => {
  for (const { path, operation } of operations()) {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const described = (operation.parameters ?? []).filter((parameter) => parameter.in === 'path');
    expect(described.map(({ name }) => name).sort()).toEqual(inPath.sort());
  }
});

test('every write says what it takes, and how it says no', () => {
  for (const { name, operation } of operations().filter((each) => each.name.startsWith('POST'))) {
    expect([name, Object.keys(operation.responses)]).toEqual([
      name,
      expect.arrayContaining(['400', '401', '403', '413']),
    ]);
    expect([name, operation.requestBody !== undefined]).toEqual([name, true]);
  }
});

test('/api leads to the description', async () => {
  const response = await fetch(`${preview.url}/api`);
  expect([response.url, response.status]).toEqual([`${preview.url}/api/openapi.json`, 200]);
});
