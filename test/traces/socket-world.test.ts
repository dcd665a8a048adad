import { expect, test } from 'vitest';
import { lookAt } from '../../source/traces/proc/machine.ts';
import { inSleep, madeUpProc, plainFacts, tcpRow } from './made-up-proc.ts';

const twice = (rows: readonly string[]): string[] => [...rows, ...rows];

const machineWith = (tables: { readonly tcp?: readonly string[]; readonly udp?: readonly string[] }) =>
  lookAt(
    madeUpProc({
      processes: [{ pid: 1, threads: [{ syscall: inSleep }], fds: { 3: 'socket:[30]', 4: 'socket:[40]' } }],
      tcp: { '': tables.tcp ?? [] },
      udp: tables.udp ?? [],
    }),
    plainFacts,
    'x64',
    1,
  );

test('a datagram socket that the kernel lists twice is one taker of what is sent to it', () => {
  const udp = [tcpRow({ from: 1, to: 2, inode: 30 }), tcpRow({ from: 2, to: 0, inode: 40, state: '07' })];
  for (const rows of [udp, twice(udp)])
    expect(machineWith({ udp: rows }).peer(30)).toEqual({ kind: 'socket', inode: 40 });
});

test('a listener that the kernel lists twice is one that a connection waits at', () => {
  const tcp = [
    tcpRow({ from: 1, to: 2, inode: 30 }),
    tcpRow({ from: 2, to: 1, inode: 0 }),
    tcpRow({ from: 2, to: 0, inode: 40 }),
  ];
  for (const rows of [tcp, twice(tcp)])
    expect(machineWith({ tcp: rows }).peer(30)).toEqual({ kind: 'queued', listeners: [40] });
});
