import { describe, expect, test } from 'vitest';
import { createTraced } from '../../../source/cli/tracing/trace-teller.ts';
import { inet } from '../../../source/core/addresses/endpoint.ts';
import { formatCall } from '../../../source/core/language/line.ts';
import { formatOutcome } from '../../../source/core/words/outcome-text.ts';
import type { ThreadCall } from '../../../source/traces/proc/thread-call.ts';
import type { BesideStrace } from '../../../source/traces/strace/beside.ts';
import { createMerge } from '../../../source/traces/strace/merge.ts';
import type { Moment } from '../../../source/traces/strace/moments.ts';
import { createStraceReader } from '../../../source/traces/strace/reader.ts';
import type { Step, StepOf } from '../../../source/traces/strace/steps.ts';
import type { FoundSocket } from '../../../source/traces/strace/traced-sockets.ts';
import { createTranslator } from '../../../source/traces/strace/translator.ts';

const nothing: BesideStrace = {
  ownerOf: () => null,
  socketOf: () => null,
  callOf: () => null,
  epollOf: () => [],
};

/** Lines without their times, which count up by a millisecond. */
const stepsOf = (lines: string, beside: Partial<BesideStrace> = {}): Step[] => {
  const translator = createTranslator({ ...nothing, ...beside }, createTraced().names);
  const reader = createStraceReader();
  const timed = lines
    .trim()
    .split('\n')
    .map((line, at) => line.trim().replace(/^(\d+) /, `$1 1000.${String(at + 1).padStart(3, '0')} `));
  translator.add(7, 'started', 1_000_000);
  // A line at a time, as strace writes: what begins in one is in flight until another.
  return timed.flatMap(line => translator.take(reader.take(Buffer.from(`${line}\n`))));
};

const told = (steps: readonly Step[]): string[] =>
  steps.flatMap(step => {
    if (step.kind === 'process') return [`${step.actor} ${step.origin} ${step.pid} ${step.parent}`.trim()];
    if (step.kind !== 'end') return [];
    return [`${step.thread} ${formatCall(step.call)} = ${formatOutcome(step.outcome, step.call)}`];
  });

const ends = (steps: readonly Step[]): StepOf<'end'>[] => steps.filter(step => step.kind === 'end');

const address = (port: number) =>
  `{sa_family=AF_INET, sin_port=htons(${port}), sin_addr=inet_addr("127.0.0.1")}`;

const server = `7 socket(AF_INET, SOCK_STREAM|SOCK_CLOEXEC, IPPROTO_IP) = 3<socket:[100]> <0.0>
7 bind(3<socket:[100]>, ${address(80)}, 16) = 0 <0.0>
7 listen(3<socket:[100]>, 5) = 0 <0.0>
7 accept4(3<socket:[100]>, ${address(9000)}, [16], SOCK_CLOEXEC) = 4<socket:[101]> <0.0>`;

test('a server: its calls as Python names them, its sockets by process and descriptor', () => {
  const lines = `${server}
7 recvfrom(4<socket:[101]>, "hi\\n\\0", 100, 0, NULL, NULL) = 4 <0.0>
7 read(4<socket:[101]>, 0x7ffd, 100) = -1 EAGAIN (Resource temporarily unavailable) <0.0>
7 write(1<pipe:[5]>, "out", 3) = 3 <0.0>
7 writev(4<socket:[101]>, [{iov_base="ab", iov_len=2}, {iov_base="c", iov_len=1}], 2) = 3 <0.0>
7 shutdown(4<socket:[101]>, SHUT_WR) = 0 <0.0>
7 close(4<socket:[101]>) = 0 <0.0>`;
  expect(told(stepsOf(lines))).toEqual([
    'p1 started 7',
    'p1/7 socket AF_INET SOCK_STREAM = p1.3',
    'p1/7 p1.3.bind 127.0.0.1:80 = ok',
    'p1/7 p1.3.listen 5 = ok',
    'p1/7 p1.3.accept = p1.4 from 127.0.0.1:9000',
    'p1/7 p1.4.recv 100 = "hi\\n\\0"',
    'p1/7 p1.4.recv 100 = EAGAIN BlockingIOError [Errno 11] Resource temporarily unavailable',
    'p1/7 p1.4.send "abc" = 3',
    'p1/7 p1.4.shutdown SHUT_WR = ok',
    'p1/7 p1.4.close = ok',
  ]);
});

test('a call in flight: its size is what the kernel says, and without that it waits for its end', () => {
  const blocked = `${server}
7 recvfrom(4<socket:[101]>,  <unfinished ...>`;
  const begins = (beside: Partial<BesideStrace>) =>
    stepsOf(blocked, beside).filter(({ kind }) => kind === 'begin');
  expect(begins({})).toEqual([]);
  const call = { kind: 'recv', name: 'recvfrom', fd: 4, size: 77, flags: 0, limit: null } as const;
  expect(begins({ callOf: () => call })).toMatchObject([
    { call: { name: 'recv', on: 'p1.4', size: 77 }, deadline: null, thread: 'p1/7' },
  ]);
});

test('a thread that is about to wait, and runs still when it is asked about, is asked about again', () => {
  const call = { kind: 'recv', name: 'recvfrom', fd: 4, size: 77, flags: 0, limit: null } as const;
  let now: ThreadCall = { kind: 'running' };
  const translator = createTranslator({ ...nothing, callOf: () => now }, createTraced().names);
  const reader = createStraceReader();
  const take = (lines: string) => translator.take(reader.take(Buffer.from(lines)));
  const begins = (steps: readonly Step[]) => steps.filter(({ kind }) => kind === 'begin');
  translator.add(7, 'started', 1_000_000);
  const timed = `${server}\n7 recvfrom(4<socket:[101]>,  <unfinished ...>\n`.replace(/^7 /gm, '7 1000.5 ');
  expect(begins(take(timed))).toEqual([]);
  expect(translator.owes()).toBe(true);
  expect(begins(take(''))).toEqual([]);
  now = call;
  expect(begins(take(''))).toMatchObject([{ at: 1_000_500, call: { name: 'recv', on: 'p1.4', size: 77 } }]);
  expect(translator.owes()).toBe(false);
  expect(begins(take(''))).toEqual([]);
});

test('a timeout of the program is a poll, and SO_RCVTIMEO is the deadline of a receive', () => {
  const steps = stepsOf(`${server}
7 setsockopt(4<socket:[101]>, SOL_SOCKET, SO_RCVTIMEO_OLD, "\\2\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0", 16) = 0 <0.0>
7 recvmsg(4<socket:[101]>, {msg_name=NULL, msg_iov=[{iov_base="x", iov_len=8}]}, 0 <unfinished ...>
7 <... recvmsg resumed>) = 1 <0.1>
7 poll([{fd=4<socket:[101]>, events=POLLIN|POLLOUT}, {fd=0<pipe:[9]>, events=POLLIN}], 2, 500 <unfinished ...>
7 <... poll resumed>) = 0 (Timeout) <0.5>`);
  const begins = steps.filter(step => step.kind === 'begin');
  expect(begins.map(({ at, deadline }) => (deadline ?? 0) - at)).toEqual([2000, 500]);
  expect(begins[1]!.call).toEqual({
    name: 'poll',
    on: 'p1',
    wants: [
      { on: 'p1.4', reads: true, writes: true },
      { on: 'fd0', reads: true, writes: false },
    ],
    timeout: 500,
  });
});

test('a call whose end comes with its beginning is told once', () => {
  const lines = `7 1.0 accept4(3<socket:[100]>,  <unfinished ...>
7 1.1 <... accept4 resumed>${address(9000)}, [16], 0) = 4<socket:[101]> <0.1>
`;
  const translator = createTranslator(nothing, createTraced().names);
  translator.add(7, 'started', 0);
  const reader = createStraceReader();
  translator.take(
    reader.take(Buffer.from('7 0.5 socket(AF_INET, SOCK_STREAM, IPPROTO_IP) = 3<socket:[100]> <0.0>\n')),
  );
  const steps = translator.take(reader.take(Buffer.from(lines)));
  expect(steps.map(({ kind }) => kind)).toEqual(['end', 'socket']);
  expect(steps[0]).toMatchObject({ began: 1000, seen: false });
});

test('what was put into an epoll by other ways than epoll_ctl is what the kernel says', () => {
  const steps = stepsOf(
    `${server}
7 epoll_create1(EPOLL_CLOEXEC) = 9<anon_inode:[eventpoll]> <0.0>
7 epoll_pwait(9<anon_inode:[eventpoll]>, [], 1024, 0, NULL, 8) = 0 <0.0>`,
    {
      epollOf: (pid, fd) =>
        pid === 7 && fd === 9 ? [{ fd: 4, reads: true, writes: false, inode: 101 }] : [],
    },
  );
  expect(told(steps).at(-1)).toBe('p1/7 p1.poll "p1.4 r" 0 = ok (none is ready)');
});

test('select and epoll wait for what was put into their sets', () => {
  const steps = stepsOf(`${server}
7 pselect6(5, [3<socket:[100]> 4<socket:[101]>], [4<socket:[101]>], [], {tv_sec=0, tv_nsec=500000000}, NULL) = 1 (in [3]) <0.0>
7 epoll_create1(EPOLL_CLOEXEC) = 5<anon_inode:[eventpoll]> <0.0>
7 epoll_ctl(5<anon_inode:[eventpoll]>, EPOLL_CTL_ADD, 3<socket:[100]>, {events=EPOLLIN, data={u32=3, u64=3}}) = 0 <0.0>
7 epoll_ctl(5<anon_inode:[eventpoll]>, EPOLL_CTL_ADD, 4<socket:[101]>, {events=EPOLLOUT, data={u32=4, u64=4}}) = 0 <0.0>
7 epoll_wait(5<anon_inode:[eventpoll]>, [{events=EPOLLIN, data={u32=3, u64=3}}], 2, -1) = 1 <0.0>
7 close(4<socket:[101]>) = 0 <0.0>
7 epoll_wait(5<anon_inode:[eventpoll]>, [], 2, 0) = 0 <0.0>`);
  expect(ends(steps).flatMap(({ call }) => (call.name === 'poll' ? [call] : []))).toEqual([
    {
      name: 'poll',
      on: 'p1',
      timeout: 500,
      wants: [
        { on: 'p1.3', reads: true, writes: false },
        { on: 'p1.4', reads: true, writes: true },
      ],
    },
    {
      name: 'poll',
      on: 'p1',
      timeout: null,
      wants: [
        { on: 'p1.3', reads: true, writes: false },
        { on: 'p1.4', reads: false, writes: true },
      ],
    },
    { name: 'poll', on: 'p1', timeout: 0, wants: [{ on: 'p1.3', reads: true, writes: false }] },
  ]);
});

/** The newest holders of each socket. */
const holders = (steps: readonly Step[]): Record<string, string> =>
  Object.fromEntries(
    steps.flatMap(step =>
      step.kind === 'socket'
        ? [[step.socket.name, step.holders.map(({ actor, fd }) => `${actor}:${fd}`).join(' ')]]
        : [],
    ),
  );

describe('who has a socket', () => {
  test('a fork has all, each closes its own, and the next connection gets another name', () => {
    const steps = stepsOf(`${server}
7 clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|SIGCHLD, child_tidptr=0x7f) = 8 <0.0>
7 close(4<socket:[101]>) = 0 <0.0>
8 close(3<socket:[100]>) = 0 <0.0>
7 accept4(3<socket:[100]>, ${address(9001)}, [16], SOCK_CLOEXEC) = 4<socket:[102]> <0.0>
8 close(4<socket:[101]>) = 0 <0.0>
8 exit_group(0) = ?
8 +++ exited with 0 +++`);
    expect(holders(steps)).toEqual({ 'p1.3': 'p1:3', 'p1.4': 'p2:4', 'p1.4b': 'p1:4' });
    const calls = ends(steps).map(({ call, thread }) => `${thread} ${call.on}.${call.name}`);
    expect(calls.at(-1)).toBe('p2/8 p1.4.close');
    expect(calls.filter(call => call.endsWith('close'))).toHaveLength(1);
    expect(steps.at(-1)).toMatchObject({ kind: 'gone', actor: 'p2', code: 0 });
  });

  test('a child that is heard of before its clone has ended', () => {
    const steps = stepsOf(`${server}
7 clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|SIGCHLD, child_tidptr=0x7f <unfinished ...>
8 recvfrom(4<socket:[101]>, "x", 5, 0, NULL, NULL) = 1 <0.0>
7 <... clone resumed>) = 8 <0.1>`);
    expect(told(steps)).toContain('p2 forked 8 p1');
    expect(ends(steps).at(-1)).toMatchObject({ thread: 'p2/8', call: { on: 'p1.4' } });
  });

  test('a child that has ended before its clone has is there once', () => {
    const steps = stepsOf(`${server}
7 clone(child_stack=NULL, flags=CLONE_CHILD_CLEARTID|SIGCHLD, child_tidptr=0x7f <unfinished ...>
8 close(4<socket:[101]>) = 0 <0.0>
8 +++ exited with 0 +++
7 <... clone resumed>) = 8 <0.1>`);
    const lives = steps.filter(({ kind }) => kind === 'process' || kind === 'gone');
    expect(lives.map(({ kind }) => kind)).toEqual(['process', 'process', 'gone']);
  });

  test('a thread is its process', () => {
    const steps = stepsOf(`${server}
7 clone3({flags=CLONE_VM|CLONE_FILES|CLONE_THREAD, exit_signal=0} => {parent_tid=[9]}, 88) = 9 <0.0>
9 close(4<socket:[101]>) = 0 <0.0>
9 +++ exited with 0 +++`);
    expect(ends(steps).at(-1)).toMatchObject({ thread: 'p1/9', call: { name: 'close', on: 'p1.4' } });
    expect(steps.some(({ kind }) => kind === 'gone')).toBe(false);
  });

  test('execve closes what was made to be closed', () => {
    const steps = stepsOf(`${server}
7 dup2(4<socket:[101]>, 0<pipe:[5]>) = 0<socket:[101]> <0.0>
7 fcntl(3<socket:[100]>, F_DUPFD, 10) = 10<socket:[100]> <0.0>
7 fcntl(10<socket:[100]>, F_SETFD, FD_CLOEXEC) = 0 <0.0>
7 execve("/bin/cat", ["cat"], 0x7ffc6b9731a0 /* 39 vars */) = 0 <0.0>`);
    expect(holders(steps)).toEqual({ 'p1.3': '', 'p1.4': 'p1:0' });
  });

  test('dup3, close_range and a descriptor that became a file', () => {
    const steps = stepsOf(`${server}
7 dup3(4<socket:[101]>, 9, O_CLOEXEC) = 9<socket:[101]> <0.0>
7 dup(4<socket:[101]>) = 5<socket:[101]> <0.0>
7 close_range(4, 6, 0) = 0 <0.0>
7 read(3</tmp/x>, "", 5) = 0 <0.0>`);
    expect(holders(steps)).toEqual({ 'p1.3': '', 'p1.4': 'p1:9' });
  });

  test('one that was inherited is what the kernel says of it', () => {
    const found: FoundSocket = {
      family: 'AF_INET6',
      type: 'SOCK_DGRAM',
      local: inet('::1', 53),
      peer: null,
      listening: false,
    };
    const steps = stepsOf('7 recvfrom(6<socket:[55]>, "q", 512, 0, NULL, NULL) = 1 <0.0>', {
      socketOf: inode => (inode === 55 ? found : null),
    });
    expect(steps[1]).toMatchObject({ kind: 'socket', socket: { name: 'p1.6', family: 'AF_INET6' } });
    expect(ends(steps)).toMatchObject([{ call: { name: 'recv', on: 'p1.6' } }]);
  });

  test('nothing is told of other families', () => {
    expect(ends(stepsOf('7 sendto(6<socket:[55]>, "q", 1, 0, NULL, 0) = 1 <0.0>'))).toEqual([]);
  });
});

test('bytes that strace cut off are counted, and a repeat of them is not made up', () => {
  const steps = stepsOf(`${server}
7 sendto(4<socket:[101]>, "abc"..., 50000, 0, NULL, 0) = 20000 <0.0>
7 recvfrom(4<socket:[101]>, "abcd"..., 9000, 0, NULL, NULL) = 9000 <0.0>`);
  expect(ends(steps).slice(-2)).toMatchObject([
    {
      call: { name: 'send', data: { kind: 'dropped', size: 50_000 } },
      outcome: { kind: 'count', count: 20_000 },
    },
    { call: { name: 'recv', size: 9000 }, outcome: { kind: 'data', dropped: 8996 } },
  ]);
});

test('a datagram is sent to an address and comes from one', () => {
  const steps = stepsOf(`7 socket(AF_INET, SOCK_DGRAM, IPPROTO_IP) = 3<socket:[1]> <0.0>
7 sendto(3<socket:[1]>, "q", 1, 0, ${address(53)}, 16) = 1 <0.0>
7 recvfrom(3<socket:[1]>, "a", 512, 0, ${address(53)}, [128 => 16]) = 1 <0.0>
7 recvfrom(3<socket:[1]>, "b", 512, 0, NULL, NULL) = 1 <0.0>`);
  expect(ends(steps).slice(1)).toMatchObject([
    { call: { name: 'sendto', address: inet('127.0.0.1', 53) } },
    { call: { name: 'recvfrom' }, outcome: { from: inet('127.0.0.1', 53) } },
    { call: { name: 'recv' } },
  ]);
});

test('a call ends unseen where its thread ends in it', () => {
  const steps = stepsOf(`${server}
7 accept4(3<socket:[100]>,  <unfinished ...>
7 +++ killed by SIGKILL +++`);
  expect(steps.slice(-2)).toMatchObject([
    { kind: 'end', outcome: { kind: 'unseen' } },
    { kind: 'gone', signal: 'SIGKILL', code: null },
  ]);
});

describe('several straces', () => {
  const signal = (tid: number, at: number): Moment => ({ kind: 'signal', tid, at, signal: 'SIGUSR1' });
  const tids = (moments: readonly Moment[]) => moments.map(({ tid }) => tid);

  test('are merged by time', () => {
    const merge = createMerge<Moment>(2);
    merge.add(0, [signal(1, 100), signal(3, 120)]);
    expect(merge.take(101)).toEqual([]);
    merge.add(1, [signal(2, 110)]);
    expect(tids(merge.take(111))).toEqual([1, 2]);
    expect(tids(merge.take(139))).toEqual([]);
    expect(tids(merge.take(140))).toEqual([3]);
  });

  test('one that says nothing, or has ended, holds up none', () => {
    const merge = createMerge<Moment>(2);
    merge.add(0, [signal(1, 100)]);
    merge.close(1);
    expect(tids(merge.take(100))).toEqual([1]);
  });

  test('a stream has reached the time that it has told of, until it ends', () => {
    const merge = createMerge<Moment>(2);
    expect(merge.reached(0)).toBe(null);
    merge.add(0, [signal(1, 100), signal(2, 90)]);
    expect(merge.reached(0)).toBe(100);
    merge.close(0);
    expect(merge.reached(0)).toBe(null);
  });

  test('each keeps its order', () => {
    const merge = createMerge<Moment>(1);
    merge.add(0, [signal(1, 100), signal(2, 90)]);
    expect(tids(merge.take(200))).toEqual([1, 2]);
  });
});
