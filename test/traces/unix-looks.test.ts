import { describe, expect, test } from 'vitest';
import type { UnixSocket } from '../../source/core/model/socket-facts.ts';
import { createLooks } from '../../source/traces/looks/looker.ts';
import {
  inAccept,
  inRecv,
  inSleep,
  type MadeProcess,
  type MadeThread,
  madeUpProc,
  plainFacts,
} from './made-up-proc.ts';

const self: MadeProcess = { pid: 1, name: 'sockbench', threads: [{ syscall: 'running' }], fds: {} };

const process = (pid: number, thread: MadeThread, fds: MadeProcess['fds']): MadeProcess => ({
  pid,
  threads: [thread],
  fds,
});

/** A row of /proc/net/unix: a listener, or one that is connected. */
const row = (inode: number, path: string, listens = false): string =>
  `0000: 00000002 00000000 ${listens ? '00010000 0001 01' : '00000000 0001 03'} ${inode} ${path}`.trim();

const connected = (inode: number, peer: number, queues: Partial<UnixSocket> = {}): UnixSocket => ({
  inode,
  peer,
  rcvQ: 0,
  sndQ: 0,
  shut: 0,
  ...queues,
});

const look = (
  processes: readonly MadeProcess[],
  unix: readonly string[],
  facts: readonly UnixSocket[],
  withUnix = true,
) => {
  let at = 0;
  const looks = createLooks(
    {
      proc: madeUpProc({ processes: [self, ...processes], unix }),
      facts: { ...plainFacts, unixSockets: () => facts },
      processor: 'x64',
      self: 1,
      withUnix,
      now: () => at,
    },
    [11],
  );
  return () => {
    at += 100;
    return looks().news;
  };
};

describe('looks at Unix sockets', () => {
  const server = process(11, { syscall: inRecv(5) }, { 4: 'socket:[30]', 5: 'socket:[31]' });
  const client = process(12, { syscall: inSleep }, { 6: 'socket:[40]', 7: 'socket:[90]' });
  const rows = [row(30, '/run/s', true), row(31, '/run/s'), row(40, ''), row(90, '@bus')];
  const facts = [connected(31, 40, { rcvQ: 0 }), connected(40, 31, { sndQ: 7 }), connected(90, 91)];

  test('a connection has its ends, its queues and its listener, and what others have open besides is left out', () => {
    const news = look([server, client], rows, facts)();
    expect(news?.sockets).toEqual([
      {
        inode: 30,
        family: 'AF_UNIX',
        type: 'SOCK_STREAM',
        state: 'LISTEN',
        local: { kind: 'unix', path: '/run/s' },
        peer: null,
        listener: 0,
        holders: [{ pid: 11, fd: 4 }],
      },
      {
        inode: 31,
        family: 'AF_UNIX',
        type: 'SOCK_STREAM',
        state: 'ESTAB',
        local: { kind: 'unix', path: '/run/s' },
        peer: { kind: 'unix', path: '', inode: 40 },
        listener: 30,
        holders: [{ pid: 11, fd: 5 }],
      },
      {
        inode: 40,
        family: 'AF_UNIX',
        type: 'SOCK_STREAM',
        state: 'ESTAB',
        local: { kind: 'unix', path: '', inode: 40 },
        peer: { kind: 'unix', path: '/run/s' },
        listener: 0,
        holders: [{ pid: 12, fd: 6 }],
      },
    ]);
    expect(news?.queues).toMatchObject([{ inode: 30 }, { inode: 31, rcvQ: 0 }, { inode: 40, sndQ: 7 }]);
  });

  test('a call that waits at one is told, with whom it waits for', () => {
    const next = look([server, client], rows, facts);
    next();
    expect(next()?.calls).toMatchObject([
      {
        pid: 11,
        arguments: { name: 'recv', inode: 31 },
        needs: [{ inode: 31, act: 'send', other: 40, by: [12] }],
      },
    ]);
    const accepting = process(11, { syscall: inAccept(4) }, { 4: 'socket:[30]' });
    const other = look([accepting], rows.slice(0, 1), []);
    other();
    expect(other()?.calls).toMatchObject([{ arguments: { name: 'accept', inode: 30 } }]);
  });

  test('beside strace, which tells of none, only that a thread is at one is told', () => {
    const next = look([server, client], rows, facts, false);
    expect(next()?.sockets).toEqual([]);
    const news = next();
    expect(news?.calls).toEqual([]);
    expect(news?.threads).toMatchObject([{ does: 'unix' }, { does: 'sleep' }]);
  });
});
