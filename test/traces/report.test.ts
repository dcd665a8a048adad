import { expect, test } from 'vitest';
import { observe } from '../../source/traces/looks/observe.ts';
import { reportLines } from '../../source/traces/verdict/report-text.ts';
import { inAccept, inFutex, inRecv, inSleep, look, type MadeMachine, tcpRow } from './made-up-proc.ts';

const report = async (machine: MadeMachine, pids = [machine.processes[0]!.pid]): Promise<string[]> =>
  reportLines(await observe(look(machine), pids, async () => look(machine)));

const connection = {
  '': [
    tcpRow({ from: 8000, to: 0, inode: 100 }),
    tcpRow({ from: 8000, to: 5000, inode: 101 }),
    tcpRow({ from: 5000, to: 8000, inode: 201 }),
  ],
};

test('a call that the kernel does not tell: its wait, and the sockets that it may be on', async () => {
  const lines = await report({
    processes: [
      {
        pid: 10,
        threads: [
          { syscall: null, wchan: 'wait_woken' },
          { tid: 11, syscall: null, wchan: 'futex_do_wait' },
        ],
        fds: { 3: 'socket:[100]', 4: 'socket:[101]' },
      },
      { pid: 20, threads: [{ syscall: inRecv(3) }], fds: { 3: 'socket:[201]' } },
    ],
    tcp: connection,
  });
  expect(lines).toContain('  thread 10: is in a socket wait (wait_woken) on one of fd 3, 4');
  expect(lines).toContain('  thread 11: is in a call that the kernel does not tell you (futex_do_wait)');
  expect(lines.join('\n')).not.toMatch(/DEADLOCK/);
});

test('of many sockets that a hidden call may be on the first are told, and how many more there are', async () => {
  const fds = Object.fromEntries(
    Array.from({ length: 1000 }, (_, index) => [3 + index, `socket:[${500 + index}]`]),
  );
  const lines = await report({
    processes: [{ pid: 10, threads: [{ syscall: null, wchan: 'do_epoll_wait' }], fds }],
    tcp: {},
  });
  expect(lines).toContain(
    '  thread 10: is in a socket wait (do_epoll_wait) on one of fd 3, 4, 5, 6, 7, 8, 9, 10 and 992 more',
  );
});

test('workers that do alike are told three times and counted', async () => {
  const worker = (pid: number) => ({
    pid,
    name: 'worker',
    threads: [{ syscall: inAccept(3) }, ...[1, 2, 3, 4, 5].map(n => ({ tid: pid + n, syscall: inFutex() }))],
    fds: { 3: 'socket:[100]' },
  });
  const processes = Array.from({ length: 12 }, (_, i) => worker(100 + 10 * i));
  const lines = await report(
    { processes, tcp: connection },
    processes.map(({ pid }) => pid),
  );
  expect(lines.filter(line => line.startsWith('worker, pid'))).toHaveLength(3);
  expect(lines).toContain('and 9 processes more like this one');
  expect(lines.filter(line => line === '  and 2 threads more like this one')).toHaveLength(3);
  expect(lines.at(-1)).toBe(
    'No deadlock of sockets is seen: worker (pid 100, thread 101) waits for another thread of its process (a lock, a queue, its end).',
  );
});

test('workers of an epoll each are alike in whatever order they have added their descriptors', async () => {
  const epoll = '232 0x7 0x7f0000001000 0x200 0xffffffffffffffff 0x0 0x0 0x7ffca4b22c90 0x7f8607de7828';
  const target = (fd: number) => `tfd: ${fd} events: 1 data: ${fd}  pos:0 ino:64 sdev:9\n`;
  const worker = (pid: number, index: number) => ({
    pid,
    name: 'nginx',
    argv: [`nginx: worker process /etc/nginx/${index} `],
    threads: [{ syscall: epoll }],
    fds: { 3: 'socket:[100]', 7: 'anon_inode:[eventpoll]', 8: '/dev/null' },
    fdinfo: { 7: index % 2 === 0 ? target(3) + target(8) : target(8) + target(3) },
  });
  const processes = Array.from({ length: 6 }, (_, i) => worker(100 + i, i));
  const lines = await report(
    { processes, tcp: connection },
    processes.map(({ pid }) => pid),
  );
  expect(lines).toContain('nginx, pid 101: nginx: worker process /etc/nginx/1');
  expect(lines).toContain('and 3 processes more like this one');
});

test('what lies about: closed by the peer, and not accepted', async () => {
  const closed = [1, 2, 3].map(n =>
    tcpRow({ from: 6000 + n, to: 9000, inode: 300 + n, state: '08', rcvQ: 1 }),
  );
  const lines = await report({
    processes: [
      {
        pid: 10,
        threads: [{ syscall: inSleep }],
        fds: { 3: 'socket:[100]', 4: 'socket:[301]', 5: 'socket:[302]', 6: 'socket:[303]' },
      },
    ],
    tcp: { '': [tcpRow({ from: 8000, to: 0, inode: 100, rcvQ: 2 }), ...closed] },
  });
  expect(lines.slice(-3)).toEqual([
    'No deadlock of sockets is seen: python3 (pid 10) sleeps.',
    '2 connections wait at 127.0.0.1:8000 to be accepted, and no thread of python3 (pid 10) is in accept. What would end it: a thread that accepts while others serve.',
    '3 connections are in CLOSE-WAIT: the peer has closed, python3 (pid 10) has not, and no thread reads them. What would end it: close fd 4, 5 and 6.',
  ]);
});

test('a chain is followed to whoever could act', async () => {
  const lines = await report({
    processes: [
      { pid: 10, threads: [{ syscall: inRecv(4) }], fds: { 4: 'socket:[101]' } },
      { pid: 20, name: 'nc', threads: [{ syscall: inRecv(0) }], fds: { 0: '/dev/pts/3', 3: 'socket:[201]' } },
    ],
    tcp: connection,
  });
  expect(lines.at(-1)).toBe(
    'No deadlock of sockets is seen: python3 (pid 10) waits for nc (pid 20) to send; nc (pid 20) reads its terminal, fd 0.',
  );
});
