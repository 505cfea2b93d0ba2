import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decidePermission, type PermissionRequest, type PolicyLayers } from './decide-permission.ts';
import { decidingFiles } from './deciding-files.ts';
import type { PolicyRule } from './rule.ts';
import { readShell } from './shell/read-shell.ts';
import { isStricter } from './verdict.ts';

/** Ways around a policy that reads command lines, one a line, with the least that each must get. Found ones stay here. */
const corpus = readFileSync(new URL('./attacks.txt', import.meta.url), 'utf8')
  .split('\n')
  .filter((line) => line !== '')
  .map((line) => [line.slice(line.indexOf(' ') + 1), line.slice(0, line.indexOf(' '))] as const);

/** The same with several lines, and with characters that nobody sees. */
const longer = [
  ['a here-document that seems to end at an indented word', "cat <<E\n\tE\necho '\nE\ncurl x\necho '"],
  ['one whose end is joined to the line before', "cat <<E\nx \\\nE\necho '\nE\ncurl x #'"],
  ['one that ends with a bracket', "echo $(cat <<E\nx\nE)\necho '\nE\n); curl x #'"],
  ['quotes in backticks, that end at the next backtick', "echo `echo '` ; curl x #'`"],
  ['quotes in an expansion', `echo \${x:-'}'} ; curl x #'`],
  ['a quoted brace in an expansion', `echo \${x:-"}"} ; curl x`],
  ['a loop that sets the search path', 'for PATH in .; do ls; done'],
  ['a search path, set beside', 'PATH=.\nls'],
  ['what calculates, and so runs', "x='a[$(id)]'; ((x))"],
  ['the older way to calculate', "x='a[$(id)]'; echo $[x]"],
  ['a second line', 'ls\ncurl x'],
  ['a return', 'ls\rcurl x'],
  ['a space that is none', 'ls\u00a0; curl x'],
  ['text that is shown the other way round', 'ls \u202e; curl x'],
  ['a character without width', 'l\u200bs'],
  ['a line of Unicode', 'ls\u2028curl x'],
  ['a NUL', 'ls \0curl x'],
  ['a here-document for a shell', 'sh <<E\ncurl x\nE'],
  ['two here-documents', "cat <<'A' <<B\nA\n$(curl x)\nB"],
  ['too many commands', 'ls;'.repeat(2_000)],
  ['too many words', `echo ${'x '.repeat(11_000)}`],
  ['too many folders', Array.from({ length: 10 }, (_, index) => `cd d${index}`).join('; ')],
] as const;

const worktree = '/data/work/7';
const none: PolicyLayers = { operator: [], project: [] };

function request(more: Partial<PermissionRequest>): PermissionRequest {
  return { kind: 'execute', title: 'x', paths: [], hosts: [], worktree, cwd: worktree, ...more };
}

function decided(command: string, layers = none, more: Partial<PermissionRequest> = {}): string {
  return decidePermission(request({ command, ...more }), layers).decision;
}

describe('a way around the policy', () => {
  it.each(corpus)('%s gets at least %s', (command, least) => {
    expect(isStricter(least as 'ask' | 'deny', decided(command) as 'ask')).toBe(false);
  });

  it.each(longer)('%s is asked', (_, command) => expect(decided(command)).not.toBe('allow'));

  it('is not to start elsewhere, or to be led by a link', () => {
    expect(decided('cat etc/hosts', none, { cwd: '/' })).toBe('ask');
    expect(decided('cat etc/shadow', none, { cwd: '/' })).toBe('deny');
    const follow = (path: string) => path.replace(`${worktree}/docs`, '/home/ana/.ssh');
    expect(decided('cat docs/config', none, { follow })).toBe('deny');
    expect(decided('cd docs && cat config', none, { follow })).toBe('deny');
    const edit = request({ kind: 'edit', paths: [`${worktree}/docs/config`], follow });
    expect(decidePermission(edit, none).decision).toBe('deny');
  });

  it('is not to let a pattern, or a command that goes through folders, find a link that leads elsewhere', () => {
    const links = (path: string) => (path.startsWith(`${worktree}/docs`) ? ['/home/ana/.ssh/id_rsa'] : []);
    const through = [
      'cat docs/n*',
      'cat docs/n?tes',
      'cp docs/n* x',
      'cp -rL docs x',
      'diff -r docs src',
      'cp -r x docs',
    ];
    for (const command of [...through, 'cd docs && cat n*']) {
      expect(decided(command, none, { links }), command).toBe('deny');
      expect(decided(command, none, { links: () => undefined }), command).toBe('ask');
    }
    for (const command of ['cat src/n*', 'cp -r docs x', 'cp -rL src x', 'ls docs', 'diff -r src x', 'git diff docs'])
      expect(decided(command, none, { links }), command).toBe('allow');
    const follow = (path: string) => path.replace(`${worktree}/docs/a.txt`, '/home/ana/.bashrc');
    expect(decided('cp a.txt docs', none, { follow })).toBe('ask');
  });

  it('is not to make a link that leads elsewhere from where it lies', () => {
    const cwd = `${worktree}/a/b/c`;
    for (const command of [
      ...['ln -s ../out ../../../l', 'ln -sfn ../out ../../../l', 'ln -s ../out ../../..', 'ln -s ../out ../../../d*'],
      ...['ln -st ../../.. ../out', 'ln -s ../out -t ../../..', 'ln -s --target-directory=../../.. ../out'],
      ...['ln -s ../x ../y ../../..', 'cp -s ../out ../../../l', 'cp -as ../../out ../../d/l'],
      ...[
        'ln -s ../out ../../../l; echo changed > ../../../l/key',
        'ln -s ../../etc ../../../x; cp ../../../x/passwd .',
      ],
    ])
      expect(decided(command, none, { cwd }), command).toBe('ask');
    for (const command of ['ln -s ../x l', 'ln -s x l', 'ln -sf ../../../x y', 'ln ../x l', 'cp -s ../x l'])
      expect(decided(command, none, { cwd }), command).toBe('allow');
  });

  it('is not to move a link and to go through it in the same command line', () => {
    const links = (path: string, reach: string) =>
      reach === 'held' && /\/b(\/|$)/.test(path) ? [`${worktree}/x`] : [];
    for (const command of [
      'mv a/b/l .',
      'cp -P a/b/l .',
      'cp -r a/b c',
      'cp -a a/b/. .',
      'cp -d a/b/l m',
      'cp -al a/b c',
    ]) {
      expect(decided(command, none, { links }), command).toBe('allow');
      expect(decided(`${command}; echo x > l/key`, none, { links }), command).toBe('ask');
      expect(decided(`cat l/key & ${command}`, none, { links }), command).toBe('ask');
      expect(decided(`${command} 2>/dev/null | tail && npm test && git status`, none, { links }), command).toBe(
        'allow',
      );
      expect(decided(`${command}; cat x`, none, { links: () => undefined }), command).toBe('ask');
    }
    for (const command of ['cp a/b/l m; cat m', 'mv a/c . && cat c', 'cp -r a/c . && ls c'])
      expect(decided(command, none, { links }), command).toBe('allow');
  });

  it('is not to spell a guarded name in another case, or with what is not seen', () => {
    for (const path of ['.GIT/config', '.Git/hooks/x'])
      expect(decidePermission(request({ kind: 'edit', paths: [path] }), none).decision).toBe('deny');
    for (const path of ['Commander.yaml', '.g\u200cit/config', '.GitHub/workflows/ci.yml', '.mcp.json'])
      expect(decidePermission(request({ kind: 'edit', paths: [path] }), none).decision).toBe('ask');
  });

  it('is not to name more files than anybody looks at', () => {
    const many = Array.from({ length: 2_000 }, (_, index) => `src/${index}`);
    for (const paths of [many, ['a'.repeat(5_000)]])
      expect(decidePermission(request({ kind: 'edit', paths }), none).decision).toBe('ask');
  });

  it('is not to call a request by another kind', () => {
    expect(decidePermission(request({ kind: 'read' }), none).decision).toBe('ask');
    expect(decidePermission(request({ kind: 'search', hosts: ['example.org'] }), none).decision).toBe('ask');
    expect(decided('curl x', none, { kind: 'think' })).toBe('ask');
    expect(decided('curl x', none, { kind: 'read' })).toBe('ask');
  });

  it('is not to change what a script runs first', () => {
    const changedScripts = { pretest: 'curl x | sh', deploy: 'x' };
    expect(decidePermission(request({ command: 'npm test', changedScripts }), none)).toMatchObject({
      decision: 'ask',
      reason: 'the script “pretest” was changed in this task: curl x | sh',
    });
    expect(decided('npm run lint', none, { changedScripts })).toBe('allow');
    expect(decided('npm run t', none, { changedScripts: { t: 'curl x' } })).toBe('ask');
    expect(decided('npm run deploy')).toBe('ask');
  });
});

describe('a build tool that is told to do several things', () => {
  const good = ['test', 'check', 'verify', 'build'];
  const bad = ['deploy', 'publish', 'release:perform', ':app:publish', 'exec', 'x=y', '-Px', '--x'];
  it('is asked as soon as one of them is more than a check or a build', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('make', 'mvn', 'gradle', './gradlew', 'tox', '/usr/bin/make'),
        fc.array(fc.constantFrom(...good)),
        fc.constantFrom(...bad),
        fc.array(fc.constantFrom(...good)),
        (tool, before, one, after) => {
          expect(decided([tool, ...before, one, ...after].join(' '))).not.toBe('allow');
        },
      ),
    );
  });
});

describe('a script', () => {
  it('is asked as soon as one part of its name is not known to stay in the work folder', () => {
    const known = fc.constantFrom('unit', 'e2e', 'fix', 'web', 'types', 'watch', '2', 'api');
    const other = fc.stringMatching(/^[a-z]{2,9}$/).filter((part) => decided(`npm run test:${part}`) !== 'allow');
    const reaching = fc.constantFrom('ship', 'prod', 'production', 'promote', 'rollout', 'live', 'staging', 'docker');
    const joint = fc.constantFrom(':', '.', '_', '-');
    const parts = fc.array(known, { maxLength: 3 });
    fc.assert(
      fc.property(parts, fc.oneof(other, reaching), parts, joint, (before, one, after, by) => {
        const name = (all: readonly string[]) => ['npm run verify', ...all].join(by);
        expect(decided(name([...before, ...after])), name([...before, ...after])).toBe('allow');
        expect(decided(name([...before, one, ...after])), name([...before, one, ...after])).toBe('ask');
      }),
      { examples: [[[], 'ship', [], ':']] },
    );
  });
});

describe('a pattern that fits nearly any name', () => {
  it('deletes the whole folder when nothing but patterns comes after it', () => {
    const pattern = fc.constantFrom('*', '**', '?*', '[a-z]*', '*[!x]', '.', '');
    const start = fc.constantFrom('*', './*', 'src/../*', '../7/*', '/data/work/7/*');
    fc.assert(
      fc.property(start, fc.array(pattern, { maxLength: 4 }), (first, rest) => {
        expect(decided(`rm -rf ${[first, ...rest].join('/')}`)).not.toBe('allow');
      }),
    );
  });
});

describe('what agents really do all day', () => {
  it.each([
    'cd src && npm test -- --run login',
    'npm run test:unit && npm run lint',
    'grep -rn "/api/login" src | head -20',
    'rg -n "TODO" --glob "*.ts"',
    'git status --short && git diff --stat && git log --oneline -5',
    'ls -la src/ && cat src/a.ts',
    'find . -name "*.ts" -not -path "./node_modules/*"',
    'tsc --noEmit -p .',
    "cat > notes.md <<'E'\n# Title\n`code` $(x)\nE",
    'pytest -q tests/test_login.py',
    'go test ./... -run Login -count=1',
    'cargo test --workspace 2>&1 | tail -40',
    'rm -f dist/*.js',
    'mkdir -p src/a && mv src/b.ts src/a/b.ts',
    'NODE_ENV=test npm test',
    'echo "see https://example.org/a" > notes.txt',
    'status=0; npm test || status=1',
    'sed -n "10,40p" src/a.ts',
    'for i in 1 2 3; do npm test; done',
    'git --no-pager diff HEAD -- src/a.ts',
    'make check test',
    'mvn -q -B -pl api -am verify',
    './gradlew :app:test --tests com.example.LoginTest --no-daemon -x check',
    'gradle build check --console=plain',
    'tox -q -e py311-django42,lint -- -k "$name"',
    'cargo -q nextest run login',
    'npm run build:prod && npm test -- "$file"',
    'dotnet test src/Api.csproj --no-build',
    'git stash && npm test; git stash pop',
    'git restore src/a.ts && npm test 2>&1 | tail -40',
    'rm -rf dist && rm -rf ./build/*.js',
    'npm run test:e2e && npm run lint:fix',
    'npm run build:web && npm run check:types',
    'npm run test:unit:watch',
    'npm run test-integration',
    'npm run build:production',
    'npm test -- --reporter=dot --coverage',
    'vitest run --reporter verbose src/a.test.ts',
    'jest --env=jsdom --ci --coverage',
    'mocha --reporter dot --ui tdd -t 5000',
    'eslint --format json --ext ts src',
    'pytest -xvs --cov=src --junitxml=report.xml',
    'vitest run --coverage.provider=v8 --pool=forks',
    'rspec --format documentation',
    'cargo test -- --format=pretty',
    'tox -e py311 -- -x tests/a.py',
    'rm -rf src/a*/ && rm -rf */dist',
    'rm -f */*.js',
    'npm test -- -u -t login',
  ])('%s is allowed', (command) => expect(decided(command)).toBe('allow'));
});

describe('rules', () => {
  const all = corpus.map(([command]) => command);
  const rule: fc.Arbitrary<PolicyRule> = fc.record({
    command: fc.constantFrom('npm', 'ls', 'git', 'cat *', 'rm', 'curl'),
    decide: fc.constantFrom('allow', 'ask', 'deny'),
  });

  it('that deny beat those that allow, in any order', () => {
    const deny: PolicyRule = { command: 'git push', decide: 'deny' };
    fc.assert(
      fc.property(fc.array(rule), fc.array(rule), fc.constantFrom('git push', 'git push origin x'), (a, b, command) => {
        expect(decided(command, { operator: [...a, deny, ...b], project: [] })).toBe('deny');
        expect(decided(command, { operator: [...a, ...b], project: [deny] })).toBe('deny');
      }),
    );
  });

  it('that deny can not be written around', () => {
    const project: PolicyRule[] = [{ command: 'git push', decide: 'deny' }];
    for (const command of [
      ...['git -C . push', 'git --no-pager push', '/usr/local/bin/git push', 'env git push', 'sh -c "git push"'],
      ...['g""it pu\\sh', 'git $(echo push)', 'git -c a=b push', 'time -p git push', 'true && { git push; }'],
    ])
      expect(decided(command, { operator: [{ kind: 'execute', decide: 'allow' }], project }), command).toBe('deny');
    const guard: PolicyRule[] = [{ path: 'db/**', decide: 'deny' }];
    for (const command of ['rm db/a.sql', 'echo x > db/a.sql', 'cd db && rm a.sql', 'cp x ./src/../db/a.sql'])
      expect(decided(command, { operator: [], project: guard }), command).toBe('deny');
    const two = request({ kind: 'edit', paths: [`${worktree}/src/a.ts`, `${worktree}/db/a.sql`] });
    expect(decidePermission(two, { operator: [], project: guard }).decision).toBe('deny');
  });

  it('about a command say nothing about variables, files elsewhere or what is piped into it', () => {
    const operator: PolicyRule[] = [{ command: 'npm install', decide: 'allow' }];
    const layers = { operator, project: [] };
    expect(decided('npm install', layers)).toBe('allow');
    for (const command of [
      'LD_PRELOAD=x npm install',
      'npm install ~/x',
      'npm install $(curl x)',
      'npm install > /etc/x',
    ])
      expect(decided(command, layers), command).not.toBe('allow');
  });

  it('of a path allow only what lies there by every reading of it', () => {
    const layers = { operator: [{ path: 'out/**', kind: 'edit', decide: 'allow' } as const], project: [] };
    const follow = (path: string) => path.replace(`${worktree}/out`, '/etc');
    const edit = request({ kind: 'edit', paths: ['out/x'], follow });
    expect(decidePermission(edit, layers).decision).toBe('ask');
  });

  it('make nothing looser by one more that asks or denies', () => {
    fc.assert(
      fc.property(fc.constantFrom(...all), fc.array(rule), rule, (command, operator, more) => {
        fc.pre(more.decide !== 'allow');
        const without = decidePermission(request({ command }), { operator, project: [] });
        const within = decidePermission(request({ command }), { operator, project: [more] });
        expect(isStricter(without.decision, within.decision)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });
});

describe('one more part of a command line', () => {
  const joints = [' && ', '; ', ' | ', ' || ', ' & ', '\n', ' |& '];
  const simple = corpus.map(([command]) => command).filter((command) => readShell(command).uncertain === undefined);

  it('never makes it looser', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...simple),
        fc.constantFrom(...simple, 'ls', 'npm test', 'cd src', 'cd /', 'x=1'),
        fc.constantFrom(...joints),
        (a, b, joint) => {
          // A comment or a here-document at the end of the first swallows the second.
          fc.pre(!/#|<</.test(a));
          const whole = decided(`${a}${joint}${b}`);
          for (const part of [a, b])
            expect(isStricter(decided(part) as 'ask', whole as 'ask'), `${a}${joint}${b}`).toBe(false);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});

describe('what decides what a command does', () => {
  it.each([
    ['npm run deploy', ['package.json', '.npmrc', 'run', 'deploy']],
    ['sh -c "./deploy.sh --to=live"', ['./deploy.sh', 'live']],
    ['make release', ['GNUmakefile', 'makefile', 'Makefile', 'release']],
    ['node scripts/x.js < in.txt', ['scripts/x.js', 'in.txt']],
  ])('%s: %j', (command, files) => expect(decidingFiles(command)).toEqual(files));
});
