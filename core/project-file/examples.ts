/** How each key may be written, for messages about a wrong or missing one. */
const examples = new Map<string, string>([
  ['runbooks', 'runbooks: { test: { summary: Run the tests, steps: [{ name: Test, run: npm test }] } }'],
  ['name', 'name: Run the tests'],
  ['summary', 'summary: Runs all tests'],
  ['aliases', 'aliases: [test, run the tests]'],
  ['routes', 'routes: [login, sign in]'],
  ['inputs', 'inputs: { version: { pattern: "[0-9.]+" } }'],
  ['steps', 'steps: [{ name: Test, run: npm test }]'],
  ['verify', 'verify: [npm test]'],
  ['priority', 'priority: 50'],
  ['scope', 'scope: [src, docs]'],
  ['concurrency', 'concurrency: 1'],
  ['risk', 'risk: medium'],
  ['why', 'why: So that nothing broken is released'],
  ['run', 'run: npm test'],
  ['shell', 'shell: bash'],
  ['command', 'command: npm'],
  ['args', 'args: [version, "{{version}}"]'],
  ['env', 'env: { CI: "true" }'],
  ['cwd', 'cwd: packages/site'],
  ['timeout', 'timeout: 10m'],
  ['retry', 'retry: { limit: 3, backoff: 5s, on: transient }'],
  ['limit', 'limit: 3'],
  ['backoff', 'backoff: 5s'],
  ['on', 'on: [transient, 75]'],
  ['output', 'output: database is locked'],
  ['approve', 'approve: true'],
  ['reversible', 'reversible: false'],
  ['safe_to_repeat', 'safe_to_repeat: false'],
  ['outputs', 'outputs: ["dist/*.zip"]'],
  ['checkpoint', 'checkpoint: before the release'],
  ['expect', 'expect: The tests pass'],
  ['type', 'type: string'],
  ['required', 'required: false'],
  ['default', 'default: "1.0"'],
  ['pattern', String.raw`pattern: '\d+\.\d+\.\d+'`],
  ['options', 'options: [pdf, html]'],
  ['min', 'min: 1'],
  ['max', 'max: 10'],
  ['limits', 'limits: { concurrency: 2, memory: 2g }'],
  ['memory', 'memory: 2g'],
  ['approvals', 'approvals: { people: 2, not_requester: true }'],
  ['budget', 'budget: { cost: 20, time: 8h }'],
  ['cost', 'cost: 20'],
  ['tokens', 'tokens: 5000000'],
  ['time', 'time: 8h'],
  ['people', 'people: 2'],
  ['not_requester', 'not_requester: true'],
]);

/** How the key that a path leads to, or the list that it leads into, may be written. */
export function exampleOf(path: readonly (string | number)[]): string | undefined {
  const last = path.findLast((part) => typeof part === 'string');
  // The names of runbooks, inputs and variables are no keys of ours.
  const parent = path.at(path.lastIndexOf(last ?? '') - 1);
  const own = path.length > 1 && (parent === 'runbooks' || parent === 'inputs' || parent === 'env');
  return own ? undefined : examples.get(String(last));
}
