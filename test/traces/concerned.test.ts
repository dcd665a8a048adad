import { describe, expect, test } from 'vitest';
import type { UnixSocket } from '../../source/core/model/socket-facts.ts';
import { createLooks } from '../../source/traces/looks/looker.ts';
import {
  inPoll,
  inRecv,
  inSleep,
  type MadeMachine,
  type MadeProcess,
  madeUpProc,
  plainFacts,
  tcpRow,
} from './made-up-proc.ts';

/** The bench, with a connection to process 11. */
const self: MadeProcess = { pid: 1, threads: [{ syscall: 'running' }], fds: { 3: 'socket:[20]' } };

/** A pollfd each, for reading. */
const polled = (...fds: readonly number[]) => Uint8Array.from(fds.flatMap(fd => [fd, 0, 0, 0, 1, 0, 0, 0]));

const polls = (pid: number, ...fds: readonly [number, number][]): MadeProcess => ({
  pid,
  threads: [{ syscall: inPoll(fds.length, -1) }],
  fds: Object.fromEntries(fds.map(([fd, inode]) => [fd, `socket:[${inode}]`])),
  memory: () => polled(...fds.map(([fd]) => fd)),
});

const receives = (pid: number, inode: number): MadeProcess => ({
  pid,
  threads: [{ syscall: inRecv(5) }],
  fds: { 5: `socket:[${inode}]` },
});

const pair = (from: number, inode: number, other: number) => [
  tcpRow({ from, to: from + 1, inode }),
  tcpRow({ from: from + 1, to: from, inode: other }),
];

const tcp = { '': [...pair(1, 20, 30), ...pair(3, 31, 40), ...pair(5, 41, 50), ...pair(7, 42, 60)] };

/** The pids that are told of while the bench looks for its own sockets' sake. */
const toldOf = (machine: MadeMachine, unix: readonly UnixSocket[] = []): number[] => {
  let at = 0;
  const looks = createLooks(
    {
      proc: madeUpProc({ ...machine, processes: [self, ...machine.processes] }),
      facts: { ...plainFacts, unixSockets: () => unix },
      processor: 'x64',
      self: 1,
      withUnix: true,
      now: () => at,
    },
    [1],
  );
  return [100, 200]
    .flatMap(time => {
      at = time;
      return looks().news?.processes ?? [];
    })
    .map(({ pid }) => pid);
};

describe('whom the bench tells of for the sake of its own sockets', () => {
  const guest = polls(11, [3, 30], [4, 31]);
  const [third, fourth] = [receives(13, 50), receives(14, 60)];

  test('who is at the other end, and whom that one waits for', () => {
    expect(
      toldOf({ processes: [guest, { ...receives(12, 40), threads: [{ syscall: inSleep }] }], tcp }),
    ).toEqual([11, 12]);
  });

  test('from there on a wait for one, as in a chain of proxies', () => {
    const proxy: MadeProcess = { ...receives(12, 41), fds: { 4: 'socket:[40]', 5: 'socket:[41]' } };
    expect(toldOf({ processes: [guest, proxy, third, fourth], tcp })).toEqual([11, 12, 13]);
  });

  test("but nobody's thousand other clients", () => {
    const server = polls(12, [4, 40], [5, 41], [6, 42]);
    expect(toldOf({ processes: [guest, server, third, fourth], tcp })).toEqual([11, 12]);
  });

  test('nor what whoever started a guest is about', () => {
    const started = polls(11, [3, 30], [0, 70]);
    const runner = polls(12, [9, 71], [4, 41]);
    const row = (inode: number) => `0000: 00000002 00000000 00000000 0001 03 ${inode}`;
    const ends = { rcvQ: 0, sndQ: 0, shut: 0 };
    const unix = [
      { inode: 70, peer: 71, ...ends },
      { inode: 71, peer: 70, ...ends },
    ];
    expect(toldOf({ processes: [started, runner, third], tcp, unix: [row(70), row(71)] }, unix)).toEqual([
      11,
    ]);
  });
});
