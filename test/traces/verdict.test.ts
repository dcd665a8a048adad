import { describe, expect, test } from 'vitest';
import type { SocketFacts } from '../../source/core/model/socket-facts.ts';
import { observe } from '../../source/traces/looks/observe.ts';
import {
  inAccept,
  inFutex,
  inPoll,
  inRecv,
  inSend,
  inSleep,
  look,
  type MadeMachine,
  type MadeProcess,
  noTimes,
  plainFacts,
  tcpRow,
} from './made-up-proc.ts';

/** What two looks conclude: the kinds of knots, each with its threads. */
const verdict = async (
  machine: MadeMachine,
  { facts = plainFacts, later = machine, processor = 'x64' }: Partial<Options> = {},
) => {
  const [first] = machine.processes;
  const seen = await observe(look(machine, facts, processor), [first!.pid], async () =>
    look(later, facts, processor),
  );
  return seen.knots.map(({ kind, cycle }) => `${kind} ${[...cycle].sort().join(' ')}`);
};

type Options = {
  readonly facts: SocketFacts;
  readonly later: MadeMachine;
  readonly processor: 'x64' | 'arm64';
};

const server = (over: Partial<MadeProcess> = {}): MadeProcess => ({
  pid: 10,
  threads: [{ syscall: inRecv(4) }],
  fds: { 3: 'socket:[100]', 4: 'socket:[101]' },
  ...over,
});
const client = (over: Partial<MadeProcess> = {}): MadeProcess => ({
  pid: 20,
  threads: [{ syscall: inRecv(3) }],
  fds: { 3: 'socket:[201]' },
  ...over,
});

const listener = tcpRow({ from: 8000, to: 0, inode: 100 });
const rows = (a = {}, b = {}) => ({
  '': [
    listener,
    tcpRow({ from: 8000, to: 5000, inode: 101, ...a }),
    tcpRow({ from: 5000, to: 8000, inode: 201, ...b }),
  ],
});

const both = 'deadlock 10/10 20/20';

describe('DEADLOCK', () => {
  test('both in recv', async () => {
    expect(await verdict({ processes: [server(), client()], tcp: rows() })).toEqual([both]);
  });

  test('both in send, both windows closed', async () => {
    const full = { rcvQ: 9000, sndQ: 5000, timer: '04' };
    const processes = [
      server({ threads: [{ syscall: inSend(4) }] }),
      client({ threads: [{ syscall: inSend(3) }] }),
    ];
    expect(await verdict({ processes, tcp: rows(full, full) })).toEqual([both]);
    expect(await verdict({ processes, tcp: rows(full, { ...full, timer: '01' }) })).toEqual([]);
    expect(await verdict({ processes, tcp: rows(full, { ...full, rcvQ: 0 }) })).toEqual([]);
  });

  test('read from the numbers of arm64', async () => {
    const syscall = (fd: number) =>
      `207 0x${fd} 0xffff8e030c50 0xa 0x0 0x0 0x0 0xffffca4b22c90 0xffff8607de7828`;
    const processes = [
      server({ threads: [{ syscall: syscall(4) }] }),
      client({ threads: [{ syscall: syscall(3) }] }),
    ];
    expect(await verdict({ processes, tcp: rows() }, { processor: 'arm64' })).toEqual([both]);
  });

  test('a thread that waits for the lock of a stuck one stands behind it', async () => {
    const threads = [{ syscall: inRecv(4) }, { tid: 11, syscall: inFutex() }];
    expect(await verdict({ processes: [server({ threads }), client()], tcp: rows() })).toEqual([
      'deadlock 10/10 10/11 20/20',
    ]);
  });

  test('a poll of both ends, without a timeout', async () => {
    const memory = () => new Uint8Array([4, 0, 0, 0, 1, 0, 0, 0]);
    const processes = [server({ threads: [{ syscall: inPoll(1, -1) }], memory }), client()];
    expect(await verdict({ processes, tcp: rows() })).toEqual([both]);
  });

  test('an epoll of the one connection', async () => {
    const threads = [
      { syscall: '232 0x5 0x7f0000001000 0x10 0xffffffff 0x0 0x0 0x7ffca4b22c90 0x7f8607de7828' },
    ];
    const fds = { 3: 'socket:[100]', 4: 'socket:[101]', 5: 'anon_inode:[eventpoll]' };
    const one = 'tfd:        4 events:       19 data:  4  pos:0 ino:65 sdev:9\n';
    const two = `${one}tfd:        3 events:       19 data:  3  pos:0 ino:64 sdev:9\n`;
    const withEpoll = (text: string) => ({
      processes: [server({ threads, fds, fdinfo: { 5: text } }), client()],
      tcp: rows(),
    });
    expect(await verdict(withEpoll(one))).toEqual([both]);
    expect(await verdict(withEpoll(two))).toEqual([]);
  });

  test('the connection waits in the queue of a listener whose only thread is stuck', async () => {
    const second = client({ pid: 30, fds: { 3: 'socket:[301]' } });
    const tcp = {
      '': [
        ...rows()[''],
        tcpRow({ from: 8000, to: 5001, inode: 0 }),
        tcpRow({ from: 5001, to: 8000, inode: 301 }),
      ],
    };
    const seen = await observe(look({ processes: [second, server(), client()], tcp }), [30], async () =>
      look({ processes: [second, server(), client()], tcp }),
    );
    expect(seen.knots).toEqual([{ kind: 'deadlock', cycle: ['10/10', '20/20'], behind: ['30/30'] }]);
  });
});

describe('never DEADLOCK', () => {
  const suspected = 'suspected 10/10 20/20';

  test('one of them sleeps', async () => {
    const sleeping = client({ threads: [{ syscall: inSleep }] });
    expect(await verdict({ processes: [server(), sleeping], tcp: rows() })).toEqual([]);
  });

  test('a poll with a timeout, as settimeout makes it', async () => {
    const memory = () => new Uint8Array([3, 0, 0, 0, 1, 0, 0, 0]);
    const patient = client({ threads: [{ syscall: inPoll(1, 5000) }], memory });
    expect(await verdict({ processes: [server(), patient], tcp: rows() })).toEqual(['until 10/10 20/20']);
  });

  test('SO_RCVTIMEO', async () => {
    const facts = { ...plainFacts, timesOf: () => ({ ...noTimes, receiveMs: 5000 }) };
    expect(await verdict({ processes: [server(), client()], tcp: rows() }, { facts })).toEqual([
      'until 10/10 20/20',
    ]);
  });

  test('TCP_USER_TIMEOUT, while bytes are unsent', async () => {
    const facts = { ...plainFacts, timesOf: () => ({ ...noTimes, userMs: 5000 }) };
    const full = { rcvQ: 9000, sndQ: 5000, timer: '04' };
    const processes = [
      server({ threads: [{ syscall: inSend(4) }] }),
      client({ threads: [{ syscall: inSend(3) }] }),
    ];
    expect(await verdict({ processes, tcp: rows(full, full) }, { facts })).toEqual(['until 10/10 20/20']);
  });

  test('timeouts that could not be asked for', async () => {
    const facts = { ...plainFacts, timesOf: () => null };
    expect(await verdict({ processes: [server(), client()], tcp: rows() }, { facts })).toEqual([suspected]);
  });

  test('a handler of SIGALRM', async () => {
    expect(await verdict({ processes: [server({ handles: [14] }), client()], tcp: rows() })).toEqual([
      suspected,
    ]);
  });

  test('a handler of SIGCHLD counts while there is a child', async () => {
    const parent = server({ handles: [17] });
    const child: MadeProcess = { pid: 40, parent: 10, threads: [{ syscall: inSleep }], fds: {} };
    expect(await verdict({ processes: [parent, client()], tcp: rows() })).toEqual([both]);
    expect(await verdict({ processes: [parent, client(), child], tcp: rows() })).toEqual([suspected]);
  });

  test.each([
    ['accepts', inAccept(3)],
    ['sleeps', inSleep],
    ['runs', 'running'],
    ['waits for a lock, for a time', inFutex(0x7f0000001000)],
  ])('another thread of a holder %s', async (what, syscall) => {
    const threads = [{ syscall: inRecv(4) }, { tid: 11, syscall }];
    const found = await verdict({ processes: [server({ threads }), client()], tcp: rows() });
    expect(found).toEqual([what.startsWith('waits') ? 'until 10/10 10/11 20/20' : suspected]);
  });

  test('a holder of another user', async () => {
    const hidden = client({ fds: null });
    expect(await verdict({ processes: [server(), hidden], tcp: rows() })).toEqual([]);
  });

  test('a child of a holder that cannot be looked at', async () => {
    const child: MadeProcess = { pid: 40, parent: 20, threads: [{ syscall: null }], fds: null };
    expect(await verdict({ processes: [server(), client(), child], tcp: rows() })).toEqual([]);
  });

  test('a descriptor in flight: of nobody, or besides a holder', async () => {
    expect(
      await verdict({ processes: [server(), client({ fds: { 3: 'socket:[999]' } })], tcp: rows() }),
    ).toEqual([]);
    const courier: MadeProcess = {
      pid: 40,
      threads: [{ syscall: inSleep }],
      fds: { 7: 'socket:[700]' },
      fdinfo: { 7: 'pos:\t0\nscm_fds: 1\n' },
    };
    expect(await verdict({ processes: [server(), client(), courier], tcp: rows() })).toEqual([suspected]);
  });

  test('a socket that no process has open, on which one of several threads may be', async () => {
    const threads = [{ syscall: inRecv(4) }, { tid: 11, syscall: inFutex() }];
    const stranger: MadeProcess = { pid: 40, threads: [{ syscall: null }], fds: null };
    const machine = (loose: string, processes: readonly MadeProcess[]): MadeMachine => ({
      processes,
      tcp: { '': [...rows()[''], loose] },
    });
    const own = tcpRow({ from: 8000, to: 5001, inode: 999 });
    const others = own.replace(' 1000 ', ' 1001 ');
    const several = [server({ threads }), client()];
    expect(await verdict(machine(own, [server(), client()]))).toEqual([both]);
    expect(await verdict(machine(own, several))).toEqual(['suspected 10/10 10/11 20/20']);
    expect(await verdict(machine(own, [...several, stranger]))).toEqual(['suspected 10/10 10/11 20/20']);
    expect(await verdict(machine(others, [...several, stranger]))).toEqual(['deadlock 10/10 10/11 20/20']);
    const before = tcpRow({ from: 8000, to: 5001, inode: 998 });
    expect(await verdict(machine(before, several), { later: machine(own, several) })).toEqual([
      'deadlock 10/10 10/11 20/20',
    ]);
  });

  test('syscall denied, as Yama does', async () => {
    const threads = [{ syscall: null, wchan: 'wait_woken' }];
    expect(await verdict({ processes: [server({ threads }), client()], tcp: rows() })).toEqual([]);
  });

  test('bytes that wait, are on their way, or an end', async () => {
    const processes = [server(), client()];
    expect(await verdict({ processes, tcp: rows({ rcvQ: 1 }) })).toEqual([]);
    expect(await verdict({ processes, tcp: rows({}, { sndQ: 1 }) })).toEqual([]);
    expect(await verdict({ processes, tcp: rows({ state: '08', rcvQ: 1 }, { state: '05' }) })).toEqual([]);
  });

  test('below the low-water mark a byte is nothing', async () => {
    const facts = { ...plainFacts, timesOf: () => ({ ...noTimes, lowWater: 10 }) };
    expect(await verdict({ processes: [server(), client()], tcp: rows({ rcvQ: 9 }) }, { facts })).toEqual([
      both,
    ]);
  });

  test('a peer on another machine', async () => {
    const tcp = { '': [tcpRow({ from: 8000, to: 5000, inode: 101, peerHost: '0100000A' })] };
    expect(await verdict({ processes: [server()], tcp })).toEqual([]);
  });

  test('a lock that several processes share', async () => {
    const shared = inFutex().replace('0x189', '0x109');
    const threads = [{ syscall: inRecv(4) }, { tid: 11, syscall: shared }];
    const maps = (kind: string) => `7f0000000000-7f0000010000 rw-${kind} 00000000 00:00 0\n`;
    const machine = (kind: string) => ({
      processes: [server({ threads, maps: maps(kind) }), client()],
      tcp: rows(),
    });
    expect(await verdict(machine('s'))).toEqual([suspected]);
    expect(await verdict(machine('p'))).toEqual(['deadlock 10/10 10/11 20/20']);
  });

  test('a process with an io_uring', async () => {
    const fds = { 3: 'socket:[201]', 9: 'anon_inode:[io_uring]' };
    expect(await verdict({ processes: [server(), client({ fds })], tcp: rows() })).toEqual([suspected]);
  });

  test('a thread that has run between the looks', async () => {
    let looks = 0;
    const moving = (): MadeMachine => ({
      processes: [server({ threads: [{ syscall: inRecv(4), switches: looks++ }] }), client()],
      tcp: rows(),
    });
    const seen = await observe(look(moving()), [10], async () => look(moving()));
    expect({ knots: seen.knots, looks: seen.looks }).toEqual({ knots: [], looks: 6 });
  });
});

test('a peer in another network namespace is found by its addresses, but not on loopback', async () => {
  const [near, far] = ['0200000A', '0300000A'];
  const tcp = (ours: string, theirs: string) => ({
    '': [tcpRow({ from: 8000, to: 5000, inode: 101, host: ours, peerHost: theirs })],
    box: [tcpRow({ from: 5000, to: 8000, inode: 201, host: theirs, peerHost: ours })],
  });
  const processes = [server(), client({ namespace: 'box' })];
  expect(await verdict({ processes, tcp: tcp(near, far) })).toEqual([both]);
  expect(await verdict({ processes, tcp: tcp('0100007F', '0100007F') })).toEqual([]);
});
