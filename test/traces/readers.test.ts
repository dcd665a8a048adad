import { describe, expect, test } from 'vitest';
import { decodeUnixAnswers, unixQuery } from '../../source/drivers/kernel/unix-diag.ts';
import { descriptorOf } from '../../source/traces/proc/descriptors.ts';
import { parseUnixTable } from '../../source/traces/proc/unix-table.ts';
import {
  decodePollArray,
  decodeSelectSets,
  parseEpollTargets,
  setBytes,
} from '../../source/traces/proc/wait-sets.ts';
import { look, tcpRow } from './made-up-proc.ts';

test.each([
  ['socket:[4711]', 'socket', 4711],
  ['pipe:[12]', 'pipe', 12],
  ['/dev/pts/3', 'terminal', 0],
  ['/dev/tty', 'terminal', 0],
  ['anon_inode:[eventpoll]', 'epoll', 0],
  ['anon_inode:[eventfd]', 'eventfd', 0],
  ['anon_inode:[io_uring]', 'ring', 0],
  ['/tmp/socket:[1]', 'other', 0],
])('a descriptor of %s', (target, kind, inode) => {
  expect(descriptorOf(3, target)).toEqual({ fd: 3, kind, inode, target });
});

test('an array of pollfd: a negative descriptor is passed over', () => {
  const bytes = new Uint8Array([
    5, 0, 0, 0, 1, 0, 0, 0, 255, 255, 255, 255, 1, 0, 0, 0, 7, 0, 0, 0, 4, 0, 0, 0,
  ]);
  expect(decodePollArray(bytes)).toEqual([
    { fd: 5, reads: true, writes: false },
    { fd: 7, reads: false, writes: true },
  ]);
});

test('the sets of select', () => {
  expect(setBytes(65)).toBe(16);
  const reads = new Uint8Array([0b1000_1000, 0b1, 0, 0, 0, 0, 0, 0]);
  const writes = new Uint8Array([0b1000, 0, 0, 0, 0, 0, 0, 0]);
  expect(decodeSelectSets(8, [reads, writes, null])).toEqual([
    { fd: 3, reads: true, writes: true },
    { fd: 7, reads: true, writes: false },
  ]);
});

test('the targets of an epoll: one that has fired once waits for nothing', () => {
  const text = `pos:\t0
tfd:        6 events:       19 data:                6  pos:0 ino:1e6096 sdev:9
tfd:        3 events: 40000000 data:                3  pos:0 ino:1e6093 sdev:9
`;
  expect(parseEpollTargets(text)).toEqual([
    { fd: 6, reads: true, writes: false, inode: 0x1e6096 },
    { fd: 3, reads: false, writes: false, inode: 0x1e6093 },
  ]);
});

test('/proc/net/unix', () => {
  const text = `Num       RefCount Protocol Flags    Type St Inode Path
00000000fdf2946d: 00000003 00000000 00000000 0001 03  1138
0000000045c3678d: 00000002 00000000 00010000 0001 01 20 /run/a b
0000000045c3678e: 00000002 00000000 00000000 0002 01 21 @abstract
`;
  expect(parseUnixTable(text)).toEqual([
    { inode: 1138, type: 'stream', state: 'ESTAB', path: '' },
    { inode: 20, type: 'stream', state: 'LISTEN', path: '/run/a b' },
    { inode: 21, type: 'datagram', state: 'UNCONN', path: '@abstract' },
  ]);
});

describe("the kernel's answers about Unix sockets", () => {
  const u32 = (value: number) => [value & 255, (value >> 8) & 255, (value >> 16) & 255, (value >> 24) & 255];
  const attribute = (type: number, value: number[]) => [value.length + 4, 0, type, 0, ...value];
  const message = (kind: number, body: number[]) => [
    ...u32(16 + body.length),
    kind,
    0,
    2,
    0,
    ...u32(0),
    ...u32(0),
    ...body,
  ];
  const socket = [1, 1, 1, 0, ...u32(500), ...u32(0), ...u32(0)];

  test('peer, queues and what is shut', () => {
    const attributes = [
      ...attribute(2, u32(501)),
      ...attribute(4, [...u32(7), ...u32(9)]),
      ...attribute(6, [2, 0, 0, 0]),
    ];
    const bytes = new Uint8Array([...message(20, [...socket, ...attributes]), ...message(3, u32(0))]);
    expect(decodeUnixAnswers(bytes)).toEqual({
      sockets: [{ inode: 500, peer: 501, rcvQ: 7, sndQ: 9, shut: 2 }],
      next: 'end',
    });
  });

  test('more follows, or nothing is told', () => {
    expect(decodeUnixAnswers(new Uint8Array(message(20, socket))).next).toBe('more');
    expect(decodeUnixAnswers(new Uint8Array(message(2, u32(-1)))).next).toBe('refused');
    expect(unixQuery()).toHaveLength(40);
  });
});

test('who is at the other end', () => {
  const fds = Object.fromEntries(
    [100, 101, 201, 301, 401, 501].map((inode, fd) => [fd, `socket:[${inode}]`]),
  );
  const machine = look({
    processes: [{ pid: 10, threads: [{ syscall: 'running' }], fds }],
    tcp: {
      '': [
        tcpRow({ from: 8000, to: 0, inode: 100 }),
        tcpRow({ from: 8000, to: 5000, inode: 101 }),
        tcpRow({ from: 5000, to: 8000, inode: 201 }),
        tcpRow({ from: 8000, to: 5001, inode: 0 }),
        tcpRow({ from: 5001, to: 8000, inode: 301 }),
        tcpRow({ from: 5002, to: 8000, inode: 401, state: '02' }),
        tcpRow({ from: 5003, to: 8000, inode: 501, state: '08' }),
      ],
    },
  });
  const peer = (inode: number) => machine.socket(inode)?.peer;
  expect(peer(100)).toEqual({ kind: 'none' });
  expect(peer(101)).toEqual({ kind: 'socket', inode: 201 });
  expect(peer(201)).toEqual({ kind: 'socket', inode: 101 });
  expect(peer(301)).toEqual({ kind: 'queued', listeners: [100] });
  expect(peer(401)).toEqual({ kind: 'queued', listeners: [100] });
  expect(peer(501)).toEqual({ kind: 'gone' });
  expect(machine.world(10).onPort(8000)).toEqual([100, 101]);
});
