import type { SocketFacts, SocketTimes } from '../../source/core/model/socket-facts.ts';
import { lookAt, type Machine } from '../../source/traces/proc/machine.ts';
import { orElse, type ProcFiles, refused, type Told, told } from '../../source/traces/proc/proc-files.ts';

/** A thread: the text of its `syscall`, null where the kernel denies it; `switches` tell one look from another. */
export type MadeThread = {
  readonly tid?: number;
  readonly syscall: string | null;
  readonly state?: string;
  readonly wchan?: string;
  readonly switches?: number;
  /** Its time on a processor, in ns; not told where there is none. */
  readonly ran?: number;
  /** Numbers of signals that its process has yet to take. */
  readonly pending?: readonly number[];
};

export type MadeProcess = {
  readonly pid: number;
  readonly parent?: number;
  readonly name?: string;
  readonly argv?: readonly string[];
  readonly uid?: number;
  /** Numbers of signals that it handles. */
  readonly handles?: readonly number[];
  readonly threads: readonly MadeThread[];
  /** null: the kernel denies them. */
  readonly fds: Readonly<Record<number, string>> | null;
  readonly fdinfo?: Readonly<Record<number, string>>;
  readonly maps?: string;
  readonly namespace?: string;
  readonly memory?: (address: number, length: number) => Uint8Array;
};

export type MadeMachine = {
  readonly processes: readonly MadeProcess[];
  /** Rows of /proc/net/tcp, udp and unix by namespace; '' is the one of all that name none. */
  readonly tcp?: Readonly<Record<string, readonly string[]>>;
  readonly udp?: readonly string[];
  readonly unix?: readonly string[];
};

const hexPort = (port: number): string => port.toString(16).toUpperCase().padStart(4, '0');

/** 127.0.0.1 as the kernel prints it on a little-endian machine. */
const loopback = '0100007F';

export type MadeRow = {
  readonly from: number;
  readonly to: number;
  readonly inode: number;
  readonly state?: '01' | '02' | '04' | '05' | '07' | '08' | '0A';
  readonly rcvQ?: number;
  readonly sndQ?: number;
  readonly timer?: '00' | '01' | '04';
  readonly host?: string;
  readonly peerHost?: string;
};

/** A row of /proc/net/tcp between two ports of 127.0.0.1; `to` 0 is a listener. */
export const tcpRow = ({
  from,
  to,
  inode,
  state = to === 0 ? '0A' : '01',
  rcvQ = 0,
  sndQ = 0,
  timer = '00',
  host = loopback,
  peerHost = to === 0 ? '00000000' : loopback,
}: MadeRow): string => {
  const queue = (bytes: number) => bytes.toString(16).toUpperCase().padStart(8, '0');
  const ends = `${host}:${hexPort(from)} ${peerHost}:${hexPort(to)}`;
  return `   0: ${ends} ${state} ${queue(sndQ)}:${queue(rcvQ)} ${timer}:00000000 00000000  1000        0 ${inode} 1 0000 20 4 30 10 -1`;
};

const signalMask = (signals: readonly number[]): string =>
  signals
    .reduce((mask, signal) => mask | (1n << BigInt(signal - 1)), 0n)
    .toString(16)
    .padStart(16, '0');

const statusOf = (process: MadeProcess, { state = 'S', switches = 7, pending = [] }: MadeThread): string =>
  [
    `Name:\t${process.name ?? 'python3'}`,
    `State:\t${state} (sleeping)`,
    `Tgid:\t${process.pid}`,
    `PPid:\t${process.parent ?? 1}`,
    `Uid:\t${process.uid ?? 1000}\t0\t0\t0`,
    'VmSize:\t    9000 kB',
    `ShdPnd:\t${signalMask(pending)}`,
    `SigCgt:\t${signalMask(process.handles ?? [])}`,
    `voluntary_ctxt_switches:\t${switches}`,
    '',
  ].join('\n');

type Files = Map<string, Told<string>>;

const addProcess = (files: Files, links: Files, lists: Map<string, Told<string[]>>, process: MadeProcess) => {
  const { pid, fds, namespace = '' } = process;
  const name = process.name ?? 'python3';
  const put = (path: string, text: string) => files.set(`${pid}/${path}`, told(text));
  put('cmdline', (process.argv ?? [name]).map(word => `${word}\0`).join(''));
  put('stat', `${pid} (${name}) S ${process.parent ?? 1} 1 1`);
  put('status', statusOf(process, process.threads[0]!));
  put('maps', process.maps ?? '');
  put('timers', '');
  links.set(`${pid}/ns/net`, told(`net:[${namespace}]`));
  lists.set(`${pid}/task`, told(process.threads.map(({ tid }) => String(tid ?? pid))));
  for (const thread of process.threads) {
    const task = `task/${thread.tid ?? pid}`;
    put(`${task}/status`, statusOf(process, thread));
    put(`${task}/wchan`, thread.wchan ?? '0');
    if (thread.ran !== undefined) put(`${task}/schedstat`, `${thread.ran} 0 1\n`);
    files.set(`${pid}/${task}/syscall`, thread.syscall === null ? refused('denied') : told(thread.syscall));
  }
  lists.set(`${pid}/fd`, fds === null ? refused('denied') : told(Object.keys(fds)));
  for (const [fd, target] of Object.entries(fds ?? {})) links.set(`${pid}/fd/${fd}`, told(target));
  for (const [fd, text] of Object.entries(process.fdinfo ?? {})) put(`fdinfo/${fd}`, text);
};

const table = (rows: readonly string[] = []): Told<string> => told(['  sl  header', ...rows, ''].join('\n'));

export const madeUpProc = (machine: MadeMachine): ProcFiles => {
  const files: Files = new Map();
  const links: Files = new Map();
  const lists = new Map<string, Told<string[]>>();
  const { processes, tcp = {}, udp, unix } = machine;
  lists.set('.', told([...processes.map(({ pid }) => String(pid)), 'self', 'net']));
  for (const process of processes) {
    addProcess(files, links, lists, process);
    files.set(`${process.pid}/net/tcp`, table(tcp[process.namespace ?? '']));
    files.set(`${process.pid}/net/udp`, table(udp));
    files.set(`${process.pid}/net/unix`, table(unix));
  }
  const gone = refused('gone');
  return {
    read: path => files.get(path) ?? gone,
    list: path => lists.get(path) ?? gone,
    link: path => links.get(path) ?? gone,
    links: path => {
      const names = lists.get(path) ?? gone;
      if (!names.ok) return names;
      return told(
        names.value.map(name => ({ name, target: orElse(links.get(`${path}/${name}`) ?? gone, '') })),
      );
    },
    memory: (pid, address, length) => {
      const memory = processes.find(one => one.pid === pid)?.memory;
      return memory ? told(memory(address, length)) : refused('denied');
    },
  };
};

export const noTimes: SocketTimes = {
  receiveMs: 0,
  sendMs: 0,
  userMs: 0,
  lowWater: 1,
  receivedAgoMs: null,
  sentAgoMs: null,
  receivedBytes: null,
};

export const plainFacts: SocketFacts = {
  timesOf: () => noTimes,
  unixSockets: () => [],
  tcpLines: () => null,
};

/** One look at it, from a process that is none of its own. */
export const look = (
  machine: MadeMachine,
  facts: SocketFacts = plainFacts,
  processor: 'x64' | 'arm64' = 'x64',
): Machine => lookAt(madeUpProc(machine), facts, processor, machine.processes[0]!.pid);

const tail = '0x7ffca4b22c90 0x7f8607de7828';

/** The text of `syscall` for recvfrom, sendto, accept4, poll, epoll_wait on x64. */
export const inRecv = (fd: number, size = 4096, flags = 0): string =>
  `45 0x${fd.toString(16)} 0x7f0000001000 0x${size.toString(16)} 0x${flags.toString(16)} 0x0 0x0 ${tail}`;
export const inSend = (fd: number, size = 4096): string =>
  `44 0x${fd.toString(16)} 0x7f0000001000 0x${size.toString(16)} 0x0 0x0 0x0 ${tail}`;
export const inAccept = (fd: number): string =>
  `288 0x${fd.toString(16)} 0x7f0000001000 0x7f0000001000 0x80000 0x0 0x0 ${tail}`;
export const inPoll = (count: number, ms: number): string =>
  `7 0x7f0000002000 0x${count.toString(16)} 0x${(ms >>> 0).toString(16)} 0x0 0x0 0x0 ${tail}`;
export const inEpoll = (fd: number): string =>
  `232 0x${fd.toString(16)} 0x7f0000002000 0x400 0xffffffff 0x0 0x0 ${tail}`;
export const inSleep = `230 0x1 0x1 0x7ffcdbe16a30 0x0 0x0 0x0 ${tail}`;
export const inFutex = (timeout = 0): string =>
  `202 0x7f0000003000 0x189 0x0 0x${timeout.toString(16)} 0x0 0xffffffff ${tail}`;
