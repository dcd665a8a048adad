import { readFileSync } from 'node:fs';
import type { Endpoint } from '../../source/core/endpoint.ts';
import type { Family } from '../../source/core/names.ts';
import { type NetRow, type NetTable, parseNetTable } from '../../source/core/proc-net.ts';

export const onLinux = process.platform === 'linux';

const tables: Readonly<Record<Family, { tcp: NetTable; udp: NetTable }>> = {
  AF_INET: { tcp: 'tcp', udp: 'udp' },
  AF_INET6: { tcp: 'tcp6', udp: 'udp6' },
};

const rows = (table: NetTable): NetRow[] => parseNetTable(readFileSync(`/proc/net/${table}`, 'utf8'), table);

/** The kernel's row of the TCP socket at `local`, connected to `remote` where that is given. */
export const tcpRow = (family: Family, local: Endpoint, remote?: Endpoint): NetRow | undefined =>
  rows(tables[family].tcp).find(
    row =>
      row.local.port === local.port && (remote ? row.remote.port === remote.port : row.state === 'LISTEN'),
  );

/** Rows on their way to `remote`: SYN-SENT. */
export const connectingTo = (family: Family, remote: Endpoint): NetRow[] =>
  rows(tables[family].tcp).filter(row => row.remote.port === remote.port && row.state === 'SYN-SENT');

export const udpRow = (family: Family, local: Endpoint): NetRow | undefined =>
  rows(tables[family].udp).find(row => row.local.port === local.port);
