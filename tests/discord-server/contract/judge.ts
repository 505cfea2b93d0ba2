import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';
import type { Reply, Route } from '../http/route.ts';
import type { Contract, Violation } from './contract.ts';

type Json = Readonly<Record<string, unknown>>;

/** Where the description lies: `DISCORD_OPENAPI`, else beside the repository. */
function descriptionPath(): string {
  return (
    process.env.DISCORD_OPENAPI ?? fileURLToPath(new URL('../../../../shared/discord-openapi.json', import.meta.url))
  );
}

/** Judges every request and answer by Discord's OpenAPI description, if it is there. */
export function createContract(): Contract {
  const path = descriptionPath();
  if (!existsSync(path)) return skipped(`No description at ${path}; name one in DISCORD_OPENAPI`);
  const judge = judgeOf(path);
  const violations: Violation[] = [];
  const checked = new Map<string, number>();
  const check = (
    side: Violation['side'],
    route: Route,
    value: unknown,
    validate: ValidateFunction | undefined,
  ): void => {
    const name = `${route.method} ${route.path}`;
    checked.set(`${side} ${name}`, (checked.get(`${side} ${name}`) ?? 0) + 1);
    if (validate === undefined || validate(value)) return;
    const problem = (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`).join('; ');
    violations.push({ side, route: name, problem, value: structuredClone(value) });
  };
  return {
    state: 'checked',
    why: path,
    violations,
    checked,
    checkRequest: (route, body) => {
      if (body !== undefined) check('request', route, body, judge.request(route));
    },
    checkAnswer(route, reply) {
      // What a proxy in front of Discord answers is not described.
      if (typeof reply.body !== 'string') check('answer', route, wire(reply.body), judge.answer(route, reply));
    },
  };
}

/** As it goes over the wire. */
function wire(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

function skipped(why: string): Contract {
  const nothing = (): void => {};
  return { state: 'skipped', why, violations: [], checked: new Map(), checkRequest: nothing, checkAnswer: nothing };
}

interface Judge {
  request(route: Route): ValidateFunction | undefined;
  answer(route: Route, reply: Reply): ValidateFunction | undefined;
}

const judges = new Map<string, Judge>();

/** Reading the description and compiling its schemas takes time: once a process, each schema when it is first used. */
function judgeOf(path: string): Judge {
  const known = judges.get(path);
  if (known !== undefined) return known;
  const description = JSON.parse(readFileSync(path, 'utf8')) as { readonly paths: Readonly<Record<string, Json>> };
  const ajv = new Ajv2020({ strict: false, allErrors: false, formats });
  ajv.addSchema(description, 'discord');
  const compiled = new Map<string, ValidateFunction | undefined>();
  const validatorAt = (pointer: readonly string[]): ValidateFunction | undefined => {
    const key = pointer.map((step) => step.replaceAll('~', '~0').replaceAll('/', '~1')).join('/');
    if (!compiled.has(key)) {
      const there = pointer.reduce<unknown>((place, step) => (place as Json | undefined)?.[step], description);
      compiled.set(key, there === undefined ? undefined : ajv.compile({ $ref: `discord#/${encodeURI(key)}` }));
    }
    return compiled.get(key);
  };
  const judge: Judge = {
    request: ({ method, path: route }) =>
      validatorAt(['paths', route, method.toLowerCase(), 'requestBody', 'content', 'application/json', 'schema']),
    answer({ method, path: route }, { status, body }) {
      if (status === 429) return validatorAt(['components', 'schemas', 'RatelimitedResponse']);
      // Not ErrorResponse: it wants numbers as codes of single fields, which are words (docs, Reference: Error Messages).
      if (status >= 400) return validatorAt(['components', 'schemas', 'Error']);
      const operation = description.paths[route]?.[method.toLowerCase()] as { readonly responses?: Json } | undefined;
      // A route or a status that Discord does not describe is never right.
      if (operation?.responses?.[status] === undefined) return ajv.compile(false) as ValidateFunction;
      const schema = [
        'paths',
        route,
        method.toLowerCase(),
        'responses',
        String(status),
        'content',
        'application/json',
        'schema',
      ];
      return body === undefined ? undefined : validatorAt(schema);
    },
  };
  judges.set(path, judge);
  return judge;
}

const formats = {
  snowflake: /^\d{1,20}$/,
  nonce: true,
  int32: true,
  int64: true,
  double: true,
  'date-time': /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/,
  uri: (text: string) => URL.canParse(text),
} as const;
