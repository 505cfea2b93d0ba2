import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sandboxMissing } from '#tests/missing.ts';
import { createSandboxFixture, type SandboxFixture } from './sandbox-fixture.ts';

let machine: SandboxFixture;

beforeAll(async () => {
  machine = await createSandboxFixture();
});
afterAll(() => machine.remove());

const base = () => machine.base;

/** Succeeds when it hears "hello" from there. */
const hears = (options: string) =>
  `$NODE -e 'require("node:net").connect(${options}).on("data",()=>process.exit(0)).on("error",()=>process.exit(1));setTimeout(()=>process.exit(1),3000)'`;

/** Each ends with 0 when it got what it wanted. `alsoOutside`: it is known to work without a sandbox. */
const alsoOutside: readonly string[] = [
  'grep another $B/data/secret',
  'grep another $B/data/other/file',
  'ls $B/data/other',
  'grep private $B/home/.ssh/key',
  'grep password $B/home/.unheard-of',
  'tr "\\0" "\\n" < /proc/$VICTIM_PID/environ | grep correct-horse',
  'test -d /proc/$VICTIM_PID',
  'cat /proc/[0-9]*/environ | tr "\\0" "\\n" | grep correct-horse',
  'kill -0 $VICTIM_PID',
  'echo x > $B/data/other/new',
  'echo x > $B/data/attachment',
  'ln $B/data/secret linked',
  'ln -s $B/data/secret link && grep another link',
  'echo x > $B/outside-was-here',
  'echo "{}" > $B/home/.agent/settings.json',
  'mv $B/home/.agent/settings.json $B/home/.agent/moved',
  'mkdir $B/home/.agent/hooks && touch $B/home/.agent/hooks/x && ls $B/home/.agent/hooks && exec false',
  hears('+process.env.PORT,"127.0.0.1"'),
  hears('process.env.B+"/outside.sock"'),
  hears('{path:"\\0commander-"+process.env.ABSTRACT}'),
];

/** What would harm the machine, or is not known to work on each, is tried inside alone. */
const insideAlone: readonly string[] = [
  'echo x > /etc/commander-was-here',
  'echo x > /usr/bin/commander-was-here',
  'cat /etc/shadow',
  'cat /root/.bashrc',
  'ls /var/lib/*',
  'ls /run/* ; test -e /run/docker.sock -o -e /var/run/docker.sock',
  'ls /sys/kernel',
  'echo core > /proc/sys/kernel/core_pattern',
  'exec 3> /proc/sys/kernel/core_pattern',
  'echo 1 > /proc/sys/vm/drop_caches',
  'echo b > /proc/sysrq-trigger',
  'cat /dev/kmsg',
  'test -e /dev/mem -o -e /dev/sda -o -e /dev/kvm -o -e /dev/fuse',
  'head -c 1 /proc/kcore',
  'mount -t tmpfs none /mnt',
  'mount -o remount,rw /usr',
  'mount --bind / /tmp',
  'umount /usr',
  'unshare --user true',
  'unshare --user --map-root-user mount -t tmpfs none /tmp',
  'unshare --net true',
  'unshare --mount true',
  'nsenter --target 1 --mount true',
  'chroot / true',
  'mknod $B/data/work/device b 8 0',
  'grep -v "0000000000000000" /proc/self/status | grep "^Cap"',
  'grep -q "NoNewPrivs:.0" /proc/self/status',
  'setpriv --reuid 0 true',
  'chown 0 /proc/self/cwd/file 2>/dev/null || (touch file && chown 0 file)',
  'su -c true < /dev/null',
  'cp /bin/sh suid && chmod u+s suid && ./suid -p -c "test $(id -u) = 0"',
  'test "$(id -u)" = 0',
  'ulimit -c unlimited',
  'prlimit --pid $$ --nproc=100000',
  'nice -n -5 true && test "$(nice -n -5 nice)" -lt 0',
  hears('5432,"127.0.0.1"'),
  hears('80,"169.254.169.254"'),
  hears('443,"1.1.1.1"'),
  `$NODE -e 'require("node:dns").lookup("example.org",(e)=>process.exit(e?1:0))'`,
  `$NODE -e 'const a=[];for(;;)a.push(Buffer.alloc(1e8,1))' 2>/dev/null`,
  'head -c 5G /dev/zero > /tmp/large && test $(stat -c %s /tmp/large) -gt 4500000000',
  'i=0; while [ $i -lt 100 ]; do sleep 9 & i=$((i+1)); done 2>/dev/null; test $(ls -d /proc/[0-9]* | wc -l) -gt 90',
  '$NODE -e \'const f=require("node:fs");for(let i=0;i<9000;i++)f.openSync("/dev/null")\' 2>/dev/null',
];

describe.skipIf(sandboxMissing())('a sandbox (skipped where bubblewrap does not work)', () => {
  it.concurrent.each([...alsoOutside, ...insideAlone])('holds against %j', async (script) => {
    const { exitCode, stdout } = await machine.inside(script);
    expect(exitCode, stdout).not.toBe(0);
  });

  it('shows Commander’s own tools for agents with all that they need', async () => {
    const tools = fileURLToPath(new URL('../mcp/tools.ts', import.meta.url));
    const { stdout } = await machine.inside(
      `$NODE -e 'import("${tools}").then(({ tools }) => console.log(typeof tools))'`,
    );
    expect(stdout).toBe('object');
  });

  it('knows who works in it', async () => {
    const { stdout } = await machine.inside('$NODE -p "os.userInfo().uid" && whoami && id -gn');
    const [uid, ...names] = stdout.split('\n');
    expect(Number(uid)).toBeGreaterThan(0);
    expect(names).toEqual([expect.stringMatching(/^[a-z]/), expect.stringMatching(/^[a-z]/)]);
  });

  it.concurrent.each(alsoOutside.filter((script) => !/echo|mv|mkdir|ln/.test(script)))(
    'is what holds against %j: without it that works',
    async (script) => expect((await machine.outside(script)).exitCode).toBe(0),
  );
});

describe.skipIf(sandboxMissing())('after all that', () => {
  it('nothing was done to the machine', async () => {
    expect(existsSync('/etc/commander-was-here')).toBe(false);
    expect(existsSync('/usr/bin/commander-was-here')).toBe(false);
    expect((await readdir(base())).sort()).toEqual(['data', 'home', 'outside.sock', 'tools']);
    expect(await readdir(join(base(), 'data/other'))).toEqual(['file']);
    expect(await readFile(join(base(), 'data/attachment'), 'utf8')).toBe('attached');
    expect(await readFile(join(base(), 'home/.agent/settings.json'), 'utf8')).toBe('{}');
    expect((await readdir(join(base(), 'home/.agent'))).sort()).toEqual(['log', 'login', 'sessions', 'settings.json']);
  });
});

describe.skipIf(sandboxMissing())('a sandboxed program', () => {
  it('sees what is hidden of its folder as empty, and can not change it', async () => {
    const path = join(base(), 'data/work');
    await mkdir(join(path, '.obeyed'));
    await writeFile(join(path, '.obeyed/settings'), 'allow all');
    await writeFile(join(path, '.env'), 'ALLOW=all');
    const hidden = [
      { path: join(path, '.obeyed'), kind: 'folder' },
      { path: join(path, '.env'), kind: 'file' },
    ] as const;
    const seen = 'cd $B/data/work && ls -A .obeyed && cat .env';
    expect(await machine.inside(seen, { hidden })).toMatchObject({ stdout: '', exitCode: 0 });
    const changes = ['echo x > .obeyed/new', 'rm -r .obeyed', 'mv .obeyed other', 'rm .env', 'umount .obeyed'].join(
      ' || ',
    );
    expect((await machine.inside(`cd $B/data/work && (${changes})`, { hidden })).exitCode).not.toBe(0);
    expect(await readFile(join(path, '.obeyed/settings'), 'utf8')).toBe('allow all');
    expect(await readFile(join(path, '.env'), 'utf8')).toBe('ALLOW=all');
  });

  it('is the same user every time, and never root', async () => {
    const { stdout } = await machine.inside('id -u');
    expect(stdout).toBe(process.getuid?.() === 0 ? '64000' : String(process.getuid?.()));
  });

  it('lets the work folder, the login and the sessions be written, and forgets what is new beside them', async () => {
    const script = 'echo x > made && echo y > $B/home/.agent/login && echo z > $B/home/.agent/sessions/1';
    expect((await machine.inside(`${script} && echo n > $B/home/.agent/new && echo n > $B/home/x`)).exitCode).toBe(0);
    expect(await readFile(join(base(), 'data/work/made'), 'utf8')).toBe('x\n');
    expect(await readFile(join(base(), 'home/.agent/login'), 'utf8')).toBe('y\n');
    expect(await readFile(join(base(), 'home/.agent/sessions/1'), 'utf8')).toBe('z\n');
    expect(existsSync(join(base(), 'home/.agent/new'))).toBe(false);
    const others = 'grep nothing $B/home/.agent.json && echo starts-evil > $B/home/.agent.json';
    expect((await machine.inside(`${others} && mkdir $B/home/.agent/log`)).exitCode).toBe(0);
    expect((await machine.inside('echo evil > $B/home/.agent/log/snapshot.sh')).exitCode).not.toBe(0);
    expect(await readFile(join(base(), 'home/.agent.json'), 'utf8')).toBe('starts nothing');
    expect(await readFile(join(base(), 'home/.agent/log/snapshot.sh'), 'utf8')).toBe('true');
    expect(existsSync(join(base(), 'home/x'))).toBe(false);
  });

  it('shows what came with the request, and has what programs need', async () => {
    const script =
      'cat $B/data/attachment && echo && git init --quiet /tmp/g && $NODE -e "console.log(6*7)" && ls -d /dev/null';
    const { stdout } = await machine.inside(script);
    expect(stdout).toBe('attached\n42\n/dev/null');
  });

  it('ends with everything that was started in it', async () => {
    await machine.inside('setsid sleep 4242 >/dev/null 2>&1 & exit 0');
    expect((await machine.outside("ps -eo args | grep -x 'sleep 4242'")).stdout).toBe('');
  });
});
