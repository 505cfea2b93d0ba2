import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { settingNames } from '#bot/settings.ts';

const service = z.looseObject({
  image: z.string().optional(),
  environment: z.record(z.string(), z.union([z.string(), z.number()])).default({}),
  command: z.array(z.string()).optional(),
  volumes: z.array(z.string()).default([]),
  ports: z.array(z.string()).default([]),
});
const composeShape = z.strictObject({
  services: z.record(z.string(), service),
  volumes: z.record(z.string(), z.null()),
});

const compose = composeShape.parse(parse(readFileSync('deploy/compose.yaml', 'utf8'), { merge: true }));
const dockerfile = readFileSync('Dockerfile', 'utf8');
const ours = Object.entries(compose.services).filter(([, { image }]) => image === 'commander');

describe('the compose file', () => {
  it('sets only what Commander reads', () => {
    expect(ours.map(([name]) => name)).toEqual(['commander', 'worker']);
    for (const [, { environment }] of ours)
      expect(settingNames).toEqual(expect.arrayContaining(Object.keys(environment)));
  });

  it('starts files that are there, shares the data, and opens the port to this machine only', () => {
    for (const [, { command = [], volumes, ports }] of ours) {
      for (const file of command.slice(1).filter((each) => !each.startsWith('--'))) {
        expect([file, existsSync(file)]).toEqual([file, true]);
      }
      expect(volumes).toEqual(['data:/data']);
      for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:/);
    }
    expect(Object.keys(compose.volumes)).toEqual(['data', 'database']);
  });
});

describe('the Dockerfile', () => {
  const lines = (word: string) =>
    [...dockerfile.matchAll(new RegExp(`^${word} (.*)$`, 'gm'))].map(([, rest = '']) => rest);

  it('sets only what Commander reads, and is not root', () => {
    const names = lines('ENV').flatMap((line) => [...line.matchAll(/(\w+)=/g)].map(([, name = '']) => name));
    expect([...settingNames, 'NODE_ENV', 'NODE_COMPILE_CACHE']).toEqual(expect.arrayContaining(names));
    expect(lines('USER')).toEqual(['10001']);
  });

  it('brings the Node and the folders that npm start has', () => {
    const { devDependencies } = z
      .object({ devDependencies: z.object({ node: z.string() }) })
      .parse(JSON.parse(readFileSync('package.json', 'utf8')));
    expect(lines('FROM')).toEqual([`node:${devDependencies.node.split('.').slice(0, 2).join('.')}-bookworm-slim`]);
    const copied = lines('COPY').flatMap((line) => line.split(' ').slice(0, -1));
    const kept = readFileSync('.dockerignore', 'utf8').matchAll(/^!(.*)$/gm);
    expect(copied.sort()).toEqual([...kept].map(([, name]) => name).sort());
    expect(copied).toEqual(expect.arrayContaining(['core', 'db', 'workers', 'adapters', 'bot']));
  });
});
