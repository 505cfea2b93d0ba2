import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sandboxMissing } from '#tests/missing.ts';
import type { Script } from '#tests/stub-agent/script.ts';
import { stubAgent } from '#tests/stub-agent/stub-agent.ts';
import { createRunFixture, newTask, type RunFixture, step, verify } from '../run/run-fixture.ts';

let fixture: RunFixture;
beforeEach(async () => {
  fixture = await createRunFixture();
});
afterEach(() => fixture.remove());

/** The scripted agent in a sandbox: what it needs is shown there, and what it remembers is forgotten. */
function walledAgent(script: Script) {
  const program = ['../../tests/stub-agent', '../compiled-code.ts'];
  const read = [...program.map((path) => fileURLToPath(new URL(path, import.meta.url))), fixture.source];
  return stubAgent(fixture.source, script, { said: { sandbox: 'auto', read }, state: '/tmp/stub-state' });
}

/** What an agent can write into a test, so that the test does it: each ends with 0 when it got what it wanted. */
const attempts = [
  'cat ../../../secret',
  'echo x > ../../../made',
  'ls ../../../repositories/*/refs',
  `kill -0 ${process.pid}`,
  `tr '\\0' '\\n' < /proc/${process.pid}/environ | grep -q PATH`,
];

describe.skipIf(sandboxMissing())('checks of what an agent in a sandbox wrote', () => {
  it('run in a sandbox too, in which git works, and its home is none that anything outside obeys', async () => {
    await mkdir(fixture.home, { recursive: true });
    await writeFile(join(fixture.home, 'secret'), 'of another task');
    const text = attempts.map((each, index) => `if ${each}; then echo reached ${index}; exit 1; fi`).join('\n');
    const agent = { id: 'stub', name: 'Stub', prompt: 'do it' };
    const task = newTask(
      [
        step('work', [], { agent, steerable: true }),
        step('later', ['sh', '-c', 'test ! -e "$HOME/.npmrc" && touch ran']),
      ],
      {
        verify: [
          verify('tests', ['sh', 'test.sh']),
          verify('home', ['grep', 'evil', '.npmrc']),
          verify('git', ['grep', 'README.md', 'history']),
        ],
      },
    );
    const poison = 'echo "script-shell=/tmp/evil" > "$HOME/.npmrc"; cp "$HOME/.npmrc" .npmrc';
    const git = 'git log --oneline > history && git diff --stat >> history';
    const script: Script = [
      [{ write: { path: 'test.sh', text } }, { run: ['sh', '-c', poison] }, { run: ['sh', '-c', git] }],
    ];
    await fixture.run(task, { agents: [walledAgent(script)] });
    expect(task.state.verification?.checks).toMatchObject([
      { name: 'tests', passed: true },
      { name: 'home', passed: true },
      { name: 'git', passed: true },
    ]);
    expect(task.state.status).toBe('completed');
  });
});
