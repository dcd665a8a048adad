import { expect, test } from 'vitest';
import { targetsOf } from '../../source/traces/looks/look-targets.ts';
import { createLooks } from '../../source/traces/looks/looker.ts';
import { observe, takeLook } from '../../source/traces/looks/observe.ts';
import { seenSockets } from '../../source/traces/looks/seen-sockets.ts';
import { lookAt } from '../../source/traces/proc/machine.ts';
import type { ProcFiles } from '../../source/traces/proc/proc-files.ts';
import type { KernelSocket } from '../../source/traces/proc/socket-world.ts';
import { waitOf } from '../../source/traces/verdict/thread-waits.ts';
import { touchesOf } from '../../source/traces/verdict/touches.ts';
import {
  inEpoll,
  inRecv,
  look,
  type MadeMachine,
  type MadeProcess,
  madeUpProc,
  plainFacts,
  tcpRow,
} from './made-up-proc.ts';

/** Two that read from each other, and one of them has three sockets more. */
const machine: MadeMachine = {
  processes: [
    {
      pid: 10,
      threads: [{ syscall: inRecv(4) }],
      fds: { 3: 'socket:[100]', 4: 'socket:[101]', 5: 'socket:[102]', 6: 'socket:[103]', 7: 'socket:[300]' },
    },
    { pid: 20, threads: [{ syscall: inRecv(3) }], fds: { 3: 'socket:[201]', 9: 'socket:[202]' } },
  ],
  tcp: {
    '': [
      tcpRow({ from: 8000, to: 0, inode: 100 }),
      tcpRow({ from: 8000, to: 5000, inode: 101 }),
      tcpRow({ from: 8000, to: 5001, inode: 102 }),
      tcpRow({ from: 5000, to: 8000, inode: 201 }),
      tcpRow({ from: 5001, to: 8000, inode: 202 }),
    ],
  },
  udp: [tcpRow({ from: 9000, to: 0, inode: 103 })],
  unix: ['00000000fdf2946d: 00000003 00000000 00000000 0001 03 300'],
};

/** All that is asked of /proc, in the order of asking. */
const heard = (proc: ProcFiles, asked: string[]): ProcFiles => {
  const hear =
    <T>(ask: (path: string) => T) =>
    (path: string): T => {
      asked.push(path);
      return ask(path);
    };
  return {
    ...proc,
    read: hear(proc.read),
    list: hear(proc.list),
    link: hear(proc.link),
    links: hear(proc.links),
  };
};

test('a verdict asks nothing twice in a look, and only Unix sockets for descriptors on their way', async () => {
  const asked: string[] = [];
  const proc = heard(madeUpProc(machine), asked);
  const again = () => lookAt(proc, plainFacts, 'x64', 10);
  const first = again();
  expect(targetsOf(first, '10', { pid: 1, uid: 0 })).toEqual({ ok: true, pids: [10] });
  const seen = await observe(first, [10], async () => {
    expect(asked).toEqual([...new Set(asked)]);
    asked.length = 0;
    return again();
  });
  expect(seen.knots.map(({ kind }) => kind)).toEqual(['deadlock']);
  expect(asked).toEqual([...new Set(asked)]);
  expect(asked.filter(path => path.includes('fdinfo'))).toEqual(['10/fdinfo/7']);
  expect(asked.filter(path => /\/fd(?:\/|$)/.test(path))).toEqual(['10/fd', '20/fd']);
});

/** The tables of sockets that a look at these processes has read. */
const tablesRead = (made: MadeMachine, pids: readonly number[]): string[] => {
  const asked: string[] = [];
  takeLook(lookAt(heard(madeUpProc(made), asked), plainFacts, 'x64', pids[0]!), pids);
  return asked.filter(path => path.includes('/net/')).map(path => path.replace(/.*\/net\//, ''));
};

test('of the tables of sockets those are read that what was looked for can be in', () => {
  const [first, second] = machine.processes;
  const only = (process: MadeProcess, fds: MadeProcess['fds']) => ({ ...process, fds });
  const two = [only(first!, { 4: 'socket:[101]' }), only(second!, { 3: 'socket:[201]' })];
  expect(tablesRead({ ...machine, processes: two }, [10])).toEqual(['tcp']);
  const withUnix = [only(first!, { 4: 'socket:[101]', 7: 'socket:[300]' }), two[1]!];
  expect(tablesRead({ ...machine, processes: withUnix }, [10])).toEqual(['tcp', 'unix']);
  const withUdp = [only(first!, { 4: 'socket:[101]', 6: 'socket:[103]' }), two[1]!];
  expect(tablesRead({ ...machine, processes: withUdp }, [10])).toEqual([
    'tcp',
    'unix',
    'tcp6',
    'udp',
    'udp6',
  ]);
});

/** The same, but that the first waits for three of its sockets in an epoll. */
const withEpoll: MadeMachine = {
  ...machine,
  processes: machine.processes.map(one =>
    one.pid === 10
      ? {
          ...one,
          threads: [{ syscall: inEpoll(8) }],
          fds: { ...one.fds, 8: 'anon_inode:[eventpoll]' },
          fdinfo: {
            8: [3, 4, 5]
              .map(fd => `tfd: ${fd} events: 19 data: ${fd} pos:0 ino:${fd + 61} sdev:9\n`)
              .join(''),
          },
        }
      : one,
  ),
};

test('of what an epoll waits for each is found by its number, and all others are passed over', () => {
  const seen = lookAt(madeUpProc(withEpoll), plainFacts, 'x64', 10);
  const descriptors = () => {
    throw new Error('all of them are gone through');
  };
  const [thread] = seen.threads(10);
  const touches = touchesOf({ ...seen, descriptors }, thread!);
  expect(touches!.map(({ descriptor }) => descriptor!.inode)).toEqual([100, 101, 102]);
});

test('whoever looks does not ask what its own epoll waits for; of another it does', () => {
  const filesAsked = (self: number) => {
    const asked: string[] = [];
    const proc = heard(madeUpProc(withEpoll), asked);
    const options = { proc, facts: plainFacts, processor: 'x64', withUnix: false, now: () => 0 } as const;
    createLooks({ ...options, self }, [10])();
    return asked.filter(path => path === '10/fdinfo/8');
  };
  expect(filesAsked(10)).toEqual([]);
  expect(filesAsked(1)).toEqual(['10/fdinfo/8']);
});

test('whether a process has an io_uring is asked once, whatever its threads are', () => {
  const withRing: MadeMachine = {
    ...machine,
    processes: machine.processes.map(one =>
      one.pid === 20 ? { ...one, fds: { ...one.fds, 10: 'anon_inode:[io_uring]' } } : one,
    ),
  };
  for (const [made, doubt] of [
    [machine, null],
    [withRing, 'io_uring'],
  ] as const) {
    const seen = look(made);
    const [thread] = seen.threads(20);
    expect(waitOf(seen, thread!).doubt).toBe(doubt);
    const descriptors = () => {
      throw new Error('all of them are gone through again');
    };
    expect(waitOf({ ...seen, descriptors }, thread!).doubt).toBe(doubt);
  }
});

test('the listener of Unix sockets is not looked for among all of them for each', () => {
  let looks = 0;
  const unixSocket = (inode: number, state: string): KernelSocket => ({
    inode,
    transport: 'unix',
    get state() {
      looks++;
      return state;
    },
    type: 'stream',
    local: '/run/a',
    remote: '',
    ends: null,
    port: 0,
    shut: 0,
    peer: { kind: 'none' },
    rcvQ: 0,
    sndQ: 0,
    timer: 'none',
    timerMs: 0,
    retransmits: 0,
    drops: 0,
  });
  const count = 100;
  const accepted = Array.from({ length: count }, (_, index) => unixSocket(1000 + index, 'ESTAB'));
  const among = new Map([...accepted, unixSocket(999, 'LISTEN')].map(socket => [socket.inode, socket]));
  const seen = seenSockets(look(machine), [10], null, among);
  expect(seen.sockets.filter(({ listener }) => listener === 999).length).toBe(count);
  expect(looks).toBeLessThanOrEqual(10 * among.size);
});
