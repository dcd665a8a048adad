import { describe, expect, test } from 'vitest';
import type { News } from '../../source/core/model/looks.ts';
import { createLooks } from '../../source/traces/looks/looker.ts';
import type { ProcFiles } from '../../source/traces/proc/proc-files.ts';
import {
  inPoll,
  inRecv,
  inSend,
  inSleep,
  type MadeMachine,
  type MadeProcess,
  type MadeThread,
  madeUpProc,
  plainFacts,
  tcpRow,
} from './made-up-proc.ts';

/** Looks at a machine that is another one each time, a tenth of a second apart. */
const takenAt = (machine: MadeMachine, pids: readonly number[] = [11]) => {
  let at = 0;
  let now: ProcFiles = madeUpProc(machine);
  let later: ProcFiles | null = null;
  const proc: ProcFiles = {
    read: path => {
      const found = now.read(path);
      if (later && /task\/11\/status$/.test(path)) now = later;
      return found;
    },
    list: path => now.list(path),
    link: path => now.link(path),
    links: path => now.links(path),
    memory: (pid, address, length) => now.memory(pid, address, length),
  };
  const options = {
    proc,
    facts: plainFacts,
    processor: 'x64',
    self: 1,
    withUnix: true,
    now: () => at,
  } as const;
  const look = createLooks(options, pids);
  /** `then`: what the machine is once a thread's status was read. */
  return (next?: MadeMachine, then?: MadeMachine) => {
    if (next) now = madeUpProc(next);
    later = then ? madeUpProc(then) : null;
    at += 100;
    return look();
  };
};

/** What they tell. */
const looksAt = (machine: MadeMachine, pids?: readonly number[]) => {
  const look = takenAt(machine, pids);
  return (next?: MadeMachine, then?: MadeMachine): News | null => look(next, then).news;
};

const self: MadeProcess = { pid: 1, name: 'sockbench', threads: [{ syscall: 'running' }], fds: {} };

const one = (thread: MadeThread, rest: Partial<MadeProcess> = {}): MadeProcess => ({
  pid: 11,
  threads: [thread],
  fds: { 3: 'socket:[30]' },
  ...rest,
});

const other = (thread: MadeThread, rest: Partial<MadeProcess> = {}): MadeProcess => ({
  pid: 12,
  threads: [thread],
  fds: { 4: 'socket:[40]' },
  ...rest,
});

const rows = (mine = {}, theirs = {}) => ({
  '': [tcpRow({ from: 1, to: 2, inode: 30, ...mine }), tcpRow({ from: 2, to: 1, inode: 40, ...theirs })],
});

const machine = (processes: readonly MadeProcess[], tcp = rows()): MadeMachine => ({
  processes: [self, ...processes],
  tcp,
});

const pollMemory = (): Uint8Array => Uint8Array.from([3, 0, 0, 0, 1, 0, 0, 0]);

describe('looks at processes', () => {
  test('the first tells who there is, their sockets and who has the other ends', () => {
    const look = looksAt(machine([one({ syscall: inRecv(3) }), other({ syscall: inSleep })]));
    const news = look();
    expect(news?.processes.map(({ pid, asked }) => [pid, asked])).toEqual([
      [11, true],
      [12, false],
    ]);
    expect(news?.sockets.map(({ inode, state, holders }) => [inode, state, holders])).toEqual([
      [30, 'ESTAB', [{ pid: 11, fd: 3 }]],
      [40, 'ESTAB', [{ pid: 12, fd: 4 }]],
    ]);
    expect(news?.calls).toEqual([]);
  });

  test('a call is told once it stood in two, since the first of them, and not again', () => {
    const look = looksAt(machine([one({ syscall: inRecv(3) }), other({ syscall: inSleep })]));
    look();
    const news = look();
    expect(news?.calls).toEqual([
      {
        pid: 11,
        tid: 11,
        since: 100,
        deadline: null,
        arguments: { name: 'recv', inode: 30, size: 4096, flags: [] },
        needs: [{ fd: 3, inode: 30, act: 'send', other: 40, by: [12], free: null }],
      },
    ]);
    expect(news?.threads.map(({ pid, does }) => [pid, does])).toEqual([
      [11, 'call'],
      [12, 'sleep'],
    ]);
    for (let looks = 0; looks < 20; looks++) expect(look()).toBeNull();
  });

  test('calls shorter than a look are not told', () => {
    let switches = 0;
    const next = () =>
      machine([one({ syscall: inRecv(3), switches: switches++ }), other({ syscall: inSleep })]);
    const look = looksAt(next());
    look();
    for (let looks = 0; looks < 20; looks++) expect(look(next())?.calls ?? []).toEqual([]);
  });

  test('the next look is wanted soon where a thread has come into a call, and where two wait for each other', () => {
    const both = (switches: number) =>
      machine([one({ syscall: inRecv(3), switches }), other({ syscall: inSleep })]);
    const look = takenAt(both(1));
    expect([look().within, look().within]).toEqual([10, 500]);
    expect([look(both(2)).within, look(both(3)).within]).toEqual([10, 500]);
    const knot = machine([one({ syscall: inRecv(3), switches: 3 }), other({ syscall: inRecv(4) })]);
    const taken = [look(knot), look()];
    expect(taken.map(({ within }) => within)).toEqual([10, 500]);
    expect(taken.map(({ news }) => news?.knots?.length ?? 0)).toEqual([0, 1]);
  });

  test('a thread that has run meanwhile is in another call', () => {
    const at = (switches: number) =>
      machine([one({ syscall: inRecv(3), switches }), other({ syscall: inSleep })]);
    const look = looksAt(at(1));
    look();
    look();
    expect(look(at(2))?.over).toEqual([{ pid: 11, tid: 11 }]);
    expect(look()?.calls.map(({ since }) => since)).toEqual([300]);
  });

  test('a poll that this program may end as well is no knot: curl polls a pair of sockets of its own, too', () => {
    const polls = Uint8Array.from([3, 0, 0, 0, 1, 0, 0, 0, 5, 0, 0, 0, 1, 0, 0, 0]);
    const fds = { 3: 'socket:[30]', 5: 'socket:[50]', 6: 'socket:[51]' };
    const client = one({ syscall: inPoll(2, -1) }, { fds, memory: () => polls });
    const server = (pid: number): MadeProcess => ({ ...other({ syscall: inSleep }), pid });
    const tcp = {
      '': [...rows()[''], tcpRow({ from: 3, to: 4, inode: 50 }), tcpRow({ from: 4, to: 3, inode: 51 })],
    };
    const knotsOf = (processes: readonly MadeProcess[], pids: readonly number[]) => {
      const look = looksAt({ processes, tcp }, pids);
      look();
      return look()?.knots;
    };
    // Of two others it is said that they wait for each other, and who may end it.
    expect(knotsOf([self, client, server(12)], [11, 12])).toMatchObject([
      { certain: false, mayEnd: [{ pid: 12 }] },
    ]);
    expect(knotsOf([server(1), client], [1, 11])).toBeNull();
  });

  test('a poll that a signal stops and lets go on is one call, since when it began', () => {
    const polling = (thread: Partial<MadeThread>) =>
      machine([
        one({ syscall: inPoll(1, -1), ...thread }, { memory: pollMemory }),
        other({ syscall: inSleep }),
      ]);
    const look = looksAt(polling({}));
    look();
    expect(look()?.calls).toMatchObject([
      { since: 100, arguments: { name: 'poll', wants: [{ fd: 3, inode: 30, reads: true, writes: false }] } },
    ]);
    const stopped = look(polling({ state: 'T', switches: 8 }));
    expect(stopped).toMatchObject({ over: [], calls: [], threads: [{ does: 'stopped' }] });
    const restarted = inPoll(1, -1).replace(/^7 /, '219 ');
    const going = [1, 2, 3].map(() => look(polling({ syscall: restarted, switches: 9 })));
    expect(going.flatMap(news => news?.over ?? [])).toEqual([]);
    expect(going.flatMap(news => news?.calls ?? [])).toEqual([]);
    expect(going.flatMap(news => news?.threads ?? [])).toMatchObject([{ does: 'call' }]);
  });

  describe('a look that falls between a signal and what it does', () => {
    const polling = (thread: Partial<MadeThread>, rest: Partial<MadeProcess> = {}) =>
      machine([
        one({ syscall: inPoll(1, -1), ...thread }, { memory: pollMemory, ...rest }),
        other({ syscall: inSleep }),
      ]);
    const onProcessor = { state: 'R', syscall: 'running' };
    const restarted = { syscall: inPoll(1, -1).replace(/^7 /, '219 '), switches: 9 };
    const told = (...states: readonly MadeMachine[]) => {
      const look = looksAt(polling({}));
      look();
      look();
      const news = states.map(state => look(state));
      return {
        over: news.flatMap(each => each?.over ?? []).length,
        calls: news.flatMap(each => each?.calls ?? []).length,
        does: news.flatMap(each => each?.threads ?? []).map(({ does }) => does),
      };
    };
    const stopped = polling({ state: 'T', switches: 8 });
    const stays = { over: 0, calls: 0, does: ['stopped', 'call'] };

    test.each(['SIGSTOP 19', 'SIGTSTP 20', 'SIGTTIN 21'])('%s has yet to be taken', named => {
      const pending = [Number(named.split(' ')[1])];
      const stopping = polling({ ...onProcessor, pending });
      expect(told(stopping, stopping, stopped, polling(restarted), polling(restarted))).toEqual(stays);
    });

    test('it was let go on, and waits for a processor', () => {
      const going = polling({ ...onProcessor, switches: 8 });
      expect(told(stopped, going, polling(restarted), polling(restarted))).toEqual(stays);
    });

    test('it was let go on, and waits for a processor for many looks, before it goes on and amid that', () => {
      const held = polling({ state: 'T', switches: 8, ran: 500 });
      const going = (ran: number) => polling({ ...onProcessor, switches: 8, ran });
      const again = polling(restarted);
      expect(told(held, going(500), going(500), going(9_500), going(9_500), again, again)).toEqual(stays);
      expect(told(held, going(500), going(500), going(5_000_500)).over).toBe(1);
    });

    const receiving = (thread: Partial<MadeThread>) =>
      machine([one({ syscall: inRecv(3), ...thread }), other({ syscall: inSleep })]);
    const held = receiving({ state: 'T', switches: 8 });
    const going = receiving({ switches: 9 });
    /** Of one that has stood in a receive: what the looks at these machines tell, each with what it is once a status was read. */
    const toldOf = (...looks: readonly (readonly [MadeMachine, MadeMachine?])[]) => {
      const look = looksAt(receiving({}));
      look();
      look();
      const news = looks.map(([at, then]) => look(at, then));
      return {
        over: news.flatMap(each => each?.over ?? []).length,
        does: news.flatMap(each => each?.threads ?? []).map(({ does }) => does),
      };
    };

    const aboutTo = receiving({ ...onProcessor, pending: [19] });
    test.each<readonly [string, MadeMachine, MadeMachine]>([
      ['was about to be stopped in one', aboutTo, aboutTo],
      ['was about to be stopped at the beginning of one, and was at its end', aboutTo, held],
    ])('it %s, and goes on with its receive in the next', (_, at, then) => {
      expect(toldOf([at, then], [going], [going], [going])).toEqual({ over: 0, does: ['stopped', 'call'] });
    });

    /** After them a whole look is due, which reads threads twice. */
    const quiet = Array.from({ length: 4 }, () => [receiving({})] as const);

    test('it was in its receive at the beginning of a look, and stopped at its end', () => {
      const news = toldOf(...quiet, [receiving({}), held], [going], [going], [going]);
      expect(news).toEqual({ over: 0, does: ['stopped', 'call'] });
    });

    test('it was stopped between two readings, and goes on with its poll by the second', () => {
      const look = looksAt(polling({}));
      look();
      look();
      const news = [1, 2, 3, 4, 5, 6].map(() => look(polling({}), polling(restarted)));
      expect(news.flatMap(each => each?.over ?? [])).toEqual([]);
    });

    test('it was in another receive at the beginning of a look, and stopped at its end: its call is over', () => {
      const news = toldOf(...quiet, [going, receiving({ state: 'T', switches: 10 })]);
      expect(news).toEqual({ over: 1, does: ['running', 'stopped'] });
    });

    test('it was let go on, and waits for something else than a processor: its call is over', () => {
      const stopping = receiving({ state: 'T', switches: 8, ran: 500 });
      const writing = receiving({ state: 'D', syscall: 'running', switches: 8, ran: 60_500 });
      expect(toldOf([stopping], [writing], [writing]).over).toBe(1);
    });

    test.each([
      ['once it was let go on', held, receiving({ switches: 208 })],
      ['before it was stopped', receiving({ state: 'T', switches: 207 }), receiving({ switches: 208 })],
    ])('it has been in many calls %s: its call is over', (_, first, second) => {
      expect(toldOf([first], [second]).over).toBe(1);
    });

    test('it has been in many polls besides being stopped: its call is over', () => {
      expect(told(polling({ ...restarted, switches: 208 })).over).toBe(1);
    });

    test('it was let go on, and has run for long: its call is over', () => {
      const stopping = receiving({ state: 'T', switches: 8, ran: 500 });
      expect(toldOf([stopping], [receiving({ ...onProcessor, switches: 8, ran: 80_000_500 })]).over).toBe(1);
    });

    test('a poll and an epoll under their own names are others than those that were stopped (signal(7))', () => {
      const epoll = (thread: Partial<MadeThread>) =>
        machine([
          one(
            { syscall: '232 0x5 0x7f00 0x10 0x2710 0x0 0x0 0x7ffca4b22c90 0x7f8607de7828', ...thread },
            {
              fds: { 3: 'socket:[30]', 5: 'anon_inode:[eventpoll]' },
              fdinfo: { 5: 'tfd: 3 events: 1 data: 3  pos:0 ino:1e sdev:9\n' },
            },
          ),
          other({ syscall: inSleep }),
        ]);
      for (const waiting of [polling, epoll]) {
        const look = looksAt(waiting({}));
        look();
        look();
        const news = [look(waiting({ state: 'T', switches: 8 })), look(waiting({ switches: 9 }))];
        expect(news.map(each => each?.over.length)).toEqual([0, 1]);
      }
    });

    test('a debugger stops another thread of its process: its call is over', () => {
      const threads = [onProcessor, { ...onProcessor, tid: 14, state: 't' }];
      const traced = machine([{ ...one(onProcessor), threads }, other({ syscall: inSleep })]);
      expect(toldOf([traced], [going]).over).toBe(1);
    });

    test('another thread of its process is about to be stopped: it stands', () => {
      const threads = [onProcessor, { ...onProcessor, tid: 14, pending: [19] }];
      const stopping = machine([{ ...one(onProcessor), threads }, other({ syscall: inSleep })]);
      expect(toldOf([stopping]).over).toBe(0);
    });

    test('it has taken the signal, and is stopped a moment later', () => {
      const look = looksAt(polling({}));
      look();
      look();
      const news = look(polling({ ...onProcessor, switches: 7 }), stopped);
      expect(news).toMatchObject({ over: [], threads: [{ does: 'stopped' }] });
    });

    test('it is stopped as another thread of its process is already', () => {
      const half = machine([
        { ...one(onProcessor), threads: [onProcessor, { ...onProcessor, tid: 14, state: 'T' }] },
        other({ syscall: inSleep }),
      ]);
      expect(told(half, stopped, polling(restarted), polling(restarted)).over).toBe(0);
    });

    test('it was let go on, and runs: its call is over', () => {
      const going = polling({ ...onProcessor, switches: 8 });
      expect(told(stopped, going, going)).toEqual({ over: 1, calls: 0, does: ['stopped', 'running'] });
    });

    test('a signal that is blocked or handled, and any other one, stops nobody', () => {
      const handled = polling({ ...onProcessor, pending: [20] }, { handles: [20] });
      expect(told(handled)).toEqual({ over: 1, calls: 0, does: ['running'] });
      expect(told(polling({ ...onProcessor, pending: [14] })).over).toBe(1);
    });
  });

  test('the size of a receive into several buffers is read from memory', () => {
    const words = (...values: number[]) => new Uint8Array(BigUint64Array.from(values.map(BigInt)).buffer);
    // recvmsg: the header has no name and two buffers, of 100 and 28 bytes.
    const memory = (address: number) => (address === 0x100 ? words(0, 0, 0x200, 2) : words(1, 100, 2, 28));
    const syscall = '47 0x3 0x100 0x2 0x0 0x0 0x0 0x7ffca4b22c90 0x7f8607de7828';
    const look = looksAt(machine([one({ syscall }, { memory }), other({ syscall: inSleep })]));
    look();
    expect(look()?.calls[0]?.arguments).toEqual({ name: 'recv', inode: 30, size: 128, flags: ['MSG_PEEK'] });
  });

  test('a time in memory is a deadline', () => {
    const memory = (_: number, length: number) =>
      length === 16 ? new Uint8Array(BigInt64Array.from([2n, 500_000_000n]).buffer) : pollMemory();
    const syscall = `271 0x7f0000002000 0x1 0x7f0000004000 0x0 0x0 0x0 0x7ffca4b22c90 0x7f8607de7828`;
    const look = looksAt(machine([one({ syscall }, { memory }), other({ syscall: inSleep })]));
    look();
    expect(look()?.calls).toMatchObject([{ since: 100, deadline: 2600, arguments: { timeout: 2500 } }]);
  });

  test('queues that moved are told alone', () => {
    const at = (rcvQ: number) =>
      machine([one({ syscall: inSleep }), other({ syscall: inSleep })], rows({ rcvQ }));
    const look = looksAt(at(0));
    look();
    look();
    const news = Array.from({ length: 6 }, () => look(at(5))).filter(each => each !== null);
    expect(news).toHaveLength(1);
    expect(news[0]).toMatchObject({ sockets: [], threads: [], queues: [{ inode: 30, rcvQ: 5 }] });
  });

  test('a deadlock is told with the calls that are in it, and is over once one of them goes on', () => {
    const both = machine([one({ syscall: inRecv(3) }), other({ syscall: inRecv(4) })]);
    const look = looksAt(both);
    look();
    const news = look();
    expect(news?.calls).toHaveLength(2);
    expect(news?.knots).toMatchObject([{ certain: true, threads: [{ pid: 11 }, { pid: 12 }], mayEnd: [] }]);
    const moved = machine([one({ syscall: inRecv(3) }), other({ syscall: inSend(4), switches: 9 })]);
    const later = Array.from({ length: 6 }, () => look(moved)).filter(each => each !== null);
    expect(later.flatMap(each => each.over)).toEqual([{ pid: 12, tid: 12 }]);
    expect(later.flatMap(each => (each.knots ? [each.knots.length] : []))).toEqual([0]);
  });

  test('who forks, who runs another program and who ends is told', () => {
    const alone = machine([one({ syscall: inSleep })]);
    const look = looksAt(alone);
    look();
    const forked = machine([one({ syscall: inSleep }), other({ syscall: inSleep }, { parent: 11 })]);
    const found = Array.from({ length: 6 }, () => look(forked)).flatMap(news => news?.processes ?? []);
    expect(found).toMatchObject([{ pid: 12, parent: 11, asked: true }]);
    const run = machine([
      one({ syscall: inSleep }),
      other({ syscall: inSleep }, { parent: 11, name: 'nginx', argv: ['nginx', '-g'] }),
    ]);
    const again = Array.from({ length: 6 }, () => look(run)).flatMap(news => news?.processes ?? []);
    expect(again).toMatchObject([{ pid: 12, name: 'nginx', args: ['nginx', '-g'] }]);
    expect(look(alone)).toMatchObject({
      ended: [{ pid: 12, code: null, signal: 0 }],
      threadsOver: [{ pid: 12, tid: 12 }],
    });
  });
});
