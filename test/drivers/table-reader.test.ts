import fs from 'node:fs';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { createTableReader } from '../../source/drivers/kernel/table-reader.ts';
import { keep } from './observing.ts';
import { listening, onLinux, portOf } from './sockets.ts';

const path = '/proc/net/tcp';

afterEach(() => vi.restoreAllMocks());

/** Listening ports of 127.0.0.1 in lines of the table. */
const portsIn = (text: string): Set<number> =>
  new Set(
    [...text.matchAll(/^ *\d+: 0100007F:([0-9A-F]{4}) /gm)].map(([, port]) => Number.parseInt(port!, 16)),
  );

describe.skipIf(!onLinux)('the tables of the kernel', () => {
  test('every line is found, however many the kernel hands out at a time', async () => {
    const read = createTableReader();
    const ports: number[] = [];
    while (ports.length < 120) {
      ports.push(portOf(keep(await listening('127.0.0.1'))));
      const found = portsIn(read({ paths: [path], locals: ports, remotes: [] }).texts[0]!);
      expect(ports.filter(port => !found.has(port))).toEqual([]);
    }
  });

  test('are walked through once: what left room for a line is not asked whether it was the last', () => {
    const reads = vi.spyOn(fs, 'readSync');
    createTableReader()({ paths: [path, '/proc/net/tcp6', '/proc/net/udp'], locals: [], remotes: [] });
    const counts = reads.mock.results.map(({ value }) => Number(value));
    expect(counts.length).toBeGreaterThan(0);
    for (const [at, count] of counts.entries())
      if (count === 0 && at > 0) expect(counts[at - 1]).toBeGreaterThan(3_500);
  });
});
