import { unix } from '../../core/addresses/endpoint.ts';
import { type NetTable, parseNetTable } from '../../core/model/proc-net.ts';
import type { SocketFacts } from '../../core/model/socket-facts.ts';
import { unixAddressOf as addressOf } from '../looks/seen-unix.ts';
import { orElse, type ProcFiles } from '../proc/proc-files.ts';
import { statusField } from '../proc/status-fields.ts';
import type { Processor } from '../proc/system-calls.ts';
import { parseThreadCall } from '../proc/thread-call.ts';
import { parseUnixTable } from '../proc/unix-table.ts';
import { parseEpollTargets } from '../proc/wait-sets.ts';
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

/** A Unix socket; `peerOf`: its other end's number, 0: none, null: that cannot be asked. */
const findUnix = (
  proc: ProcFiles,
  inode: number,
  pid: number,
  peerOf: (inode: number) => number | null,
): FoundSocket | null => {
  const rows = parseUnixTable(orElse(proc.read(`${pid}/net/unix`), ''));
  const row = rows.find(one => one.inode === inode);
  if (!row || row.type === 'packets') return null;
  const other = row.state === 'LISTEN' ? 0 : peerOf(inode);
  const peer = other ? (rows.find(one => one.inode === other) ?? { path: '', inode: other }) : null;
  const unknown = other === null && row.state === 'ESTAB' ? unix('') : null;
  return {
    family: 'AF_UNIX',
    type: row.type === 'stream' ? 'SOCK_STREAM' : 'SOCK_DGRAM',
    local: addressOf(row),
    peer: peer ? addressOf(peer) : unknown,
    listening: row.state === 'LISTEN',
  };
};

/** The other end of a Unix socket, as sock_diag has it. */
const otherEnd =
  (facts: SocketFacts) =>
  (inode: number): number | null =>
    facts.unixSockets()?.find(one => one.inode === inode)?.peer ?? null;

/** What /proc tells beside strace, and the kernel of the ends of Unix sockets. */
export const besideProc = (proc: ProcFiles, processor: Processor, facts: SocketFacts): BesideStrace => ({
  ownerOf: tid => {
    const status = proc.read(`${tid}/status`);
    if (!status.ok) return null;
    return {
      pid: Number(statusField(status.value, 'Tgid')),
      parent: Number(statusField(status.value, 'PPid')),
    };
  },
  socketOf: (inode, pid) => findSocket(proc, inode, pid) ?? findUnix(proc, inode, pid, otherEnd(facts)),
  epollOf: (pid, fd) => parseEpollTargets(orElse(proc.read(`${pid}/fdinfo/${fd}`), '')),
  callOf: (pid, tid) => {
    const text = proc.read(`${pid}/task/${tid}/syscall`);
    return text.ok ? parseThreadCall(text.value, processor) : null;
  },
});
