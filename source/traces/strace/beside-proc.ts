import { type NetTable, parseNetTable } from '../../core/model/proc-net.ts';
import { orElse, type ProcFiles } from '../proc/proc-files.ts';
import type { Processor } from '../proc/system-calls.ts';
import { parseThreadCall } from '../proc/thread-call.ts';
import { statusField } from '../proc/thread-reader.ts';
import type { BesideStrace } from './beside.ts';
import type { FoundSocket } from './traced-sockets.ts';

const tables: readonly (readonly [NetTable, FoundSocket['family'], FoundSocket['type']])[] = [
  ['tcp', 'AF_INET', 'SOCK_STREAM'],
  ['tcp6', 'AF_INET6', 'SOCK_STREAM'],
  ['udp', 'AF_INET', 'SOCK_DGRAM'],
  ['udp6', 'AF_INET6', 'SOCK_DGRAM'],
];

/** A socket of the network namespace that this process is in. One that is neither bound nor connected is in no table (proc(5)). */
const findSocket = (proc: ProcFiles, inode: number, pid: number): FoundSocket | null => {
  for (const [table, family, type] of tables) {
    const text = orElse(proc.read(`${pid}/net/${table}`), '');
    if (!text.includes(` ${inode} `)) continue;
    const row = parseNetTable(text, table).find(one => one.inode === inode);
    if (!row) continue;
    const peer = row.remote.port === 0 ? null : row.remote;
    return { family, type, local: row.local, peer, listening: row.state === 'LISTEN' };
  }
  return null;
};

/** What /proc tells beside strace. */
export const besideProc = (proc: ProcFiles, processor: Processor): BesideStrace => ({
  ownerOf: tid => {
    const status = proc.read(`${tid}/status`);
    if (!status.ok) return null;
    return {
      pid: Number(statusField(status.value, 'Tgid')),
      parent: Number(statusField(status.value, 'PPid')),
    };
  },
  socketOf: (inode, pid) => findSocket(proc, inode, pid),
  callOf: (pid, tid) => {
    const text = proc.read(`${pid}/task/${tid}/syscall`);
    return text.ok ? parseThreadCall(text.value, processor) : null;
  },
});
