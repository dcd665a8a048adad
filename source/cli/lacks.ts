import { spawnSync } from 'node:child_process';
import { networkInterfaces } from 'node:os';
import { nativeSockets } from '../drivers/native-socket.ts';
import { privateEnds } from '../drivers/private-node.ts';
import type { Need } from '../labs/lab-schema.ts';
import type { Lacks } from '../labs/needs.ts';

const hasIpv6 = (): boolean =>
  Object.values(networkInterfaces()).some(list => list?.some(({ address }) => address === '::1'));

const lackOf: Record<Need, () => string | null> = {
  linux: () => (process.platform === 'linux' ? null : `this is ${process.platform}, not Linux`),
  ipv6: () => (hasIpv6() ? null : 'no interface has ::1'),
  koffi: () => {
    const native = nativeSockets();
    return typeof native === 'string' ? native : null;
  },
  python: () => (spawnSync('python3', ['-c', '']).status === 0 ? null : 'there is no python3 on the PATH'),
  gate: () => {
    const ends = privateEnds();
    return typeof ends === 'string' ? ends : null;
  },
};

export const lacks: Lacks = async need => lackOf[need]();
