import { afterEach, expect, test, vi } from 'vitest';
import { runWhy } from '../../source/cli/looking/run-why.ts';
import type { Lookout } from '../../source/cli/looking/whom.ts';
import { refused, told } from '../../source/traces/proc/proc-files.ts';
import { inRecv, type MadeProcess, madeUpProc, plainFacts, tcpRow } from '../traces/made-up-proc.ts';

afterEach(() => vi.restoreAllMocks());

const client: MadeProcess = { pid: 20, threads: [{ syscall: inRecv(3) }], fds: { 3: 'socket:[201]' } };
const self: MadeProcess = { pid: 99, name: 'sockbench', threads: [{ syscall: 'running' }], fds: {} };

const lookout = (server: MadeProcess, over: Partial<Lookout> = {}): Lookout => {
  const tcp = {
    '': [tcpRow({ from: 8000, to: 5000, inode: 101 }), tcpRow({ from: 5000, to: 8000, inode: 201 })],
  };
  const proc = madeUpProc({ processes: [server, client, self], tcp });
  const list = (path: string) => proc.list(path === 'self/task' ? '99/task' : path);
  const own = { platform: 'linux', arch: 'x64', pid: 99, uid: 1000 };
  return { ...own, proc: { ...proc, list }, facts: plainFacts, ...over };
};

const server: MadeProcess = { pid: 10, threads: [{ syscall: inRecv(4) }], fds: { 4: 'socket:[101]' } };

/** The exit status, and what was printed. */
const why = async (words: readonly string[], from: Lookout) => {
  const heard = { out: '', err: '' };
  vi.spyOn(process.stdout, 'write').mockImplementation(text => {
    heard.out += text;
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation(text => {
    heard.err += text;
    return true;
  });
  const code = await runWhy(words, {}, from);
  vi.restoreAllMocks();
  return { code, ...heard };
};

const nothing = { ...madeUpProc({ processes: [] }), list: () => refused('gone') };

test.each([
  ['macOS', { platform: 'darwin', proc: nothing }, /only Linux has: this is darwin/],
  ['Windows', { platform: 'win32', proc: nothing }, /only Linux has: this is win32/],
  ['another processor', { arch: 'riscv64' }, /known for x64 and arm64: this is riscv64/],
  ['a Linux without /proc', { proc: nothing }, /\/proc is not mounted here: mount -t proc proc \/proc/],
])('%s: one sentence, exit 2', async (_, over, message) => {
  const { code, out, err } = await why(['10'], lookout(server, over));
  expect(err).toMatch(message);
  expect({ code, out, lines: err.trim().split('\n').length }).toEqual({ code: 2, out: '', lines: 1 });
});

test('both in recv: exit 3; named by its pid, its port and its name', async () => {
  for (const word of ['10', ':8000', 'python3']) {
    const { code, out } = await why([word], lookout(server));
    expect(out).toContain('DEADLOCK: python3 (pid 10) in recvfrom');
    expect(code).toBe(3);
  }
});

test("Yama hides a call: the kernel's wait and the sockets are told, nothing certain, and the way out", async () => {
  const fds = { 3: '/dev/null', 4: 'socket:[101]', 5: 'socket:[300]' };
  const hidden = { ...server, threads: [{ syscall: null, wchan: 'wait_woken' }], fds };
  const { code, out, err } = await why(['10'], lookout(hidden));
  expect(out).toContain('thread 10: is in a socket wait (wait_woken) on one of fd 4, 5');
  expect(out).not.toContain('DEADLOCK');
  expect(err).toMatch(/kernel\.yama\.ptrace_scope.*: sudo sockbench why 10\n$/);
  expect(code).toBe(0);
});

test("another person's process: exit 2, by its pid and by its port", async () => {
  const others = { ...server, uid: 0, fds: null };
  expect(await why(['10'], lookout(others))).toMatchObject({
    code: 2,
    err: expect.stringMatching(/10: python3 runs as uid 0, .*: sudo sockbench why 10\n$/),
  });
  expect(await why([':8000'], lookout(others))).toMatchObject({
    code: 2,
    err: expect.stringMatching(
      /:8000: whoever holds it is another user's process: sudo sockbench why :8000\n$/,
    ),
  });
});

/** The same with files of /proc besides. */
const withFiles = (from: Lookout, files: Readonly<Record<string, string>>): Lookout => {
  const read = (path: string) => (path in files ? told(files[path]!) : from.proc.read(path));
  return { ...from, proc: { ...from.proc, read } };
};

test("a thread's number stands for its process", async () => {
  const status = 'Name:\tworker\nState:\tS (sleeping)\nTgid:\t10\nVmSize:\t9000 kB\n';
  const { code, out } = await why(['11'], withFiles(lookout(server), { '11/status': status }));
  expect(out).toContain('thread 10 in recvfrom(fd 4, 4KiB): waits for python3 (pid 20) to send');
  expect(code).toBe(3);
});

test.each([
  ['has ended', 'State:\tZ (zombie)\nTgid:\t10\n', /10: .* has ended; its parent, pid 1, has not yet asked/],
  ["is the kernel's", 'State:\tS (sleeping)\nTgid:\t10\nKthread:\t1\n', /10: this is a thread of the kernel/],
  ["is an older kernel's", 'State:\tS (sleeping)\nTgid:\t10\n', /10: this is a thread of the kernel/],
])('a number whose process %s: one sentence, exit 2', async (_, lines, message) => {
  const status = `Name:\tsome\n${lines}PPid:\t1\n`;
  const { code, out, err } = await why(['10'], withFiles(lookout(server), { '10/status': status }));
  expect(err).toMatch(message);
  expect({ code, out, lines: err.trim().split('\n').length }).toEqual({ code: 2, out: '', lines: 1 });
});

test('what not even root is told', async () => {
  const root = lookout({ ...server, fds: null }, { uid: 0 });
  expect((await why(['10'], root)).err).toMatch(/does not let you look into it: not even root may, here\n$/);
  expect((await why([':8000'], root)).err).toMatch(/:8000: no process that is seen here holds it/);
});

test('a name with what a terminal obeys, as prctl takes it, is found as it is', async () => {
  const odd = lookout({ ...server, name: 'a\\nb', argv: ['/opt/x y/srv', 'z'] });
  for (const word of ['a\nb', '/opt/x y/srv', 'srv', 'z']) expect((await why([word], odd)).code).toBe(3);
  expect((await why([''], odd)).err).toBe(
    'sockbench why: an empty word names no process: write a PID, a NAME or :PORT\n',
  );
});

test('nobody asked for, and nobody in a call', async () => {
  const idle = { ...server, threads: [{ syscall: 'running' }] };
  const from = lookout(idle, { uid: 4 });
  expect(await why([], from)).toEqual({
    code: 0,
    out: 'No process of yours is in a call on a socket.\n',
    err: '',
  });
});
