import { readFileSync } from 'node:fs';
import { type Endpoint, portAt } from '../../source/core/addresses/endpoint.ts';
import type { InetFamily } from '../../source/core/model/names.ts';
import { type NetRow, type NetTable, parseNetTable } from '../../source/core/model/proc-net.ts';

export const onLinux = process.platform === 'linux';

const tables: Readonly<Record<InetFamily, { tcp: NetTable; udp: NetTable }>> = {
  AF_INET: { tcp: 'tcp', udp: 'udp' },
  AF_INET6: { tcp: 'tcp6', udp: 'udp6' },
};

const rows = (table: NetTable): NetRow[] => parseNetTable(readFileSync(`/proc/net/${table}`, 'utf8'), table);

/** The kernel's row of the TCP socket at `local`, connected to `remote` where that is given. */
export const tcpRow = (family: InetFamily, local: Endpoint, remote?: Endpoint): NetRow | undefined =>
  rows(tables[family].tcp).find(
    row =>
      row.local.port === portAt(local) &&
      (remote ? row.remote.port === portAt(remote) : row.state === 'LISTEN'),
  );

/** Rows on their way to `remote`: SYN-SENT. */
export const connectingTo = (family: InetFamily, remote: Endpoint): NetRow[] =>
  rows(tables[family].tcp).filter(row => row.remote.port === portAt(remote) && row.state === 'SYN-SENT');

export const udpRow = (family: InetFamily, local: Endpoint): NetRow | undefined =>
  rows(tables[family].udp).find(row => row.local.port === portAt(local));
