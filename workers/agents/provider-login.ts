import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { ChosenProvider } from '#core/agents/catalogue.ts';
import type { AgentSpec } from '#core/agents/settings.ts';
import { parseYaml } from '../yaml/parse-yaml.ts';

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * The provider and the model that an agent of any provider uses, and where its key is, in words; `undefined` where one of the two is
 * not chosen, so that it can not work, whatever keys there are. Its own environment beats its file.
 */
export function providerInUse(
  { env: told, secrets, model: wanted }: AgentSpec,
  chosen: ChosenProvider,
  env: Variables,
): string | undefined {
  const { HOME: home = '/' } = env;
  const given = (name: string) => told[name] ?? (secrets.includes(name) ? env[name] : undefined);
  const file = readChoice(join(home, chosen.file));
  const provider = given(chosen.variable) ?? file.active_provider ?? file.GOOSE_PROVIDER;
  if (provider === undefined) return undefined;
  const model = wanted ?? given(chosen.model) ?? file.providers[provider]?.model ?? file.GOOSE_MODEL;
  if (model === undefined || model === '') return undefined;
  const key = chosen.keys[provider];
  const kept = existsSync(join(home, chosen.keyFile)) ? `a key in ~/${chosen.keyFile}` : 'no key that can be seen here';
  const held = key !== undefined && (given(key) ?? '') !== '' ? key : kept;
  return `the provider ${provider} with ${model}, and ${held}`;
}

const entry = z.object({ model: z.string().optional() }).catch({});

const choice = z.object({
  active_provider: z.string().optional().catch(undefined),
  providers: z.record(z.string(), entry).catch({}),
  // As it was written before there were several.
  GOOSE_PROVIDER: z.string().optional().catch(undefined),
  GOOSE_MODEL: z.string().optional().catch(undefined),
});

function readChoice(file: string): z.infer<typeof choice> {
  const parsed = existsSync(file) ? parseYaml(readFileSync(file, 'utf8')) : undefined;
  const read = choice.safeParse(parsed?.ok ? parsed.value : {});
  return read.success ? read.data : { providers: {} };
}
