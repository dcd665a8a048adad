import type { Endpoint } from '../addresses/endpoint.ts';
import type { Call, CallName } from '../calls/call.ts';
import type { Answers } from '../calls/lookups.ts';
import type { Owner } from '../calls/outcome.ts';
import { type ActorId, isProgram, type LoopName, type Program, perProgram } from './actors.ts';
import type { FaultCounts, Faults } from './faults.ts';
import type { Finding } from './finding.ts';
import type { Family, Policy, SocketCondition, SocketType } from './names.ts';
import type { Looked, Need } from './need.ts';
import type { Sample } from './observer.ts';
import type { Holder, ProcessId, ProcessState } from './process.ts';
import type { RelayTarget } from './relay-target.ts';
import type { RepeatState } from './repeat-plan.ts';
import type { RuleState } from './rule.ts';
import type { TlsState } from './tls.ts';

/**
 * One send that the kernel took bytes of: `size` bytes, after which `total` had been sent. `to` is the bench's socket
 * that a datagram went to, '' where that is foreign, and on streams.
 */
export type SendMark = {
  readonly total: number;
  readonly size: number;
  readonly n: number;
  readonly to: string;
};

/**
 * A behaviour pauses: it makes the call at `at`, in ms since the bench began; `rule`: it answers by it; `fault`: it made it
 * already, and a fault holds it back.
 */
export type Again = {
  readonly call: CallName;
  readonly at: number;
  readonly rule?: number;
  readonly fault?: true;
};

export type SocketState = {
  readonly name: string;
  /** Whose it is, as the entry says that made it. */
  readonly actor: ActorId;
  readonly family: Family;
  readonly type: SocketType;
  readonly condition: SocketCondition;
  readonly local: Endpoint | null;
  readonly peer: Endpoint | null;
  /** Whose the peer of a Unix socket is, where the kernel told. */
  readonly owner?: Owner;
  /** The socket at the other end, where that is known here: the bench's own or a process's; else ''. */
  readonly twin: string;
  /** The listener it was accepted from, '' for others. */
  readonly listener: string;
  readonly timeout: number | null;
  readonly backlog: number | null;
  readonly options: Readonly<Record<string, string>>;
  /** Bytes the kernel took and gave, and in how many calls. */
  readonly sent: number;
  readonly received: number;
  readonly sends: number;
  readonly receives: number;
  readonly accepted: number;
  /** When the kernel last took bytes from it, when a connection was last accepted from it; -1: never. */
  readonly sentAt: number;
  readonly acceptedAt: number;
  /** EOF was received; the write direction was shut down; it is closed, for the kernel too. */
  readonly eof: boolean;
  readonly shut: boolean;
  readonly closed: boolean;
  /** close was called, and the kernel's socket is still there: a file object is open, or a call is inside. */
  readonly closing?: boolean;
  /** Closed here, and perhaps still the kernel's: it may have to send what is left, or to wait for late segments. */
  readonly lingers?: boolean;
  readonly openedAt: number;
  /** The kernel's number for it, and which processes have it open: of a bench's own socket 0 and none. */
  readonly inode: number;
  readonly holders: readonly Holder[];
  readonly kernel: Sample | null;
  /** When that was read. It still held at the bench's `lookedAt`. */
  readonly kernelAt: number;
  /** Newest entry about it: the head of the chain of `prev`. */
  readonly last: number;
  /** Entries that say when it was connected, last received, last accepted from, shut or closed: causes of others. */
  readonly connectEntry: number;
  readonly receiveEntry: number;
  readonly acceptEntry: number;
  readonly endEntry: number;
  /** Newest sends, oldest first: which of them a receive at the other end ends on. Datagrams leave with their receive. */
  readonly sendMarks: readonly SendMark[];
  /** The call that its behaviour makes again after a pause. */
  readonly again?: Again | undefined;
  /** Of a relay's: the other end, which what comes here is passed on to. */
  readonly mate?: string;
  /** Of a socket of a relay of datagrams: whose go by it. */
  readonly sender?: Endpoint;
  /** Of a listener: what it accepts is passed on to there. */
  readonly relay?: RelayTarget | undefined;
  /** It is wrapped, or, of a listener, what it accepts is. */
  readonly tls?: TlsState;
  /** What it sends again and again. */
  readonly repeat?: RepeatState | undefined;
  /** What goes wrong on it, and of a listener on what it accepts; there and empty: nothing, whatever its listener has. */
  readonly faults?: Faults | undefined;
  /** What faults did on it so far. */
  readonly faulted?: FaultCounts;
};

/** A file object made by makefile. */
export type FileState = {
  readonly name: string;
  readonly socket: string;
  readonly mode: string;
  /** Bytes written and not yet flushed: in the application, nobody else can see them. */
  readonly unflushed: number;
  /** Closed while a call is inside: what that receives is still its socket's. */
  readonly closed?: boolean;
};

/** A call that has not ended. `startedAt` null: it waits for its thread. Times in ms since the bench began. */
export type CallState = {
  readonly id: number;
  readonly n: number;
  readonly call: Call;
  readonly thread: string;
  readonly actor: ActorId | '';
  readonly queuedAt: number;
  readonly startedAt: number | null;
  readonly deadline: number | null;
  readonly inside: number;
  readonly looped: boolean;
  readonly rule?: number;
  /** Bytes the kernel has taken so far, as last sampled. */
  readonly taken: number;
  /** When that last changed. */
  readonly takenAt: number;
  /** Of a process's call: what would end it, any one of them; absent where no look has told. */
  readonly needs?: readonly Need[];
  readonly looked?: Looked;
};

export type ProgramState = {
  readonly policy: Policy;
  readonly loops: Readonly<Record<LoopName, boolean>>;
};

/**
 * Everything the screen shows, a fold of the journal. Maps keep insertion order. Pure data: no functions, no
 * handles, no clock but the `t` of the newest entry.
 */
export type BenchState = {
  readonly t: number;
  readonly programs: Readonly<Record<Program, ProgramState>>;
  /** Processes of this machine, and the newest of those that have ended. */
  readonly processes: ReadonlyMap<ProcessId, ProcessState>;
  /** Open sockets and the newest closed ones, at most `keptClosed` of them. */
  readonly sockets: ReadonlyMap<string, SocketState>;
  readonly files: ReadonlyMap<string, FileState>;
  /** In the order in which they are tried. */
  readonly rules: readonly RuleState[];
  readonly calls: ReadonlyMap<number, CallState>;
  readonly findings: ReadonlyMap<string, Finding>;
  /** When the last look at the kernel's tables began; -1: there was none. */
  readonly lookedAt: number;
  /** Which of the bench's sockets stands at an address, so that both ends of a connection know each other; see twins. */
  readonly pairs: ReadonlyMap<string, string>;
  /** What look-ups have found for the calls they are inside of, by these calls' ids, until those end. */
  readonly answers: ReadonlyMap<number, Answers>;
  /** Closed sockets still held, oldest first. */
  readonly graveyard: readonly string[];
  /** Newest entry's number, how many entries the journal no longer holds, and bytes it dropped with the cap. */
  readonly entries: number;
  readonly dropped: number;
  readonly droppedBytes: number;
  readonly opened: number;
  readonly failed: number;
};

/** The socket a name stands for: itself, or the one behind a file object. */
export const socketBehind = ({ files }: Pick<BenchState, 'files'>, name: string): string =>
  (files.size > 0 ? files.get(name)?.socket : undefined) ?? name;

/** Whether it is a process that is only shown in the rows of the bench's own sockets. */
export const isAside = ({ processes }: Pick<BenchState, 'processes'>, actor: ActorId | ''): boolean =>
  actor !== '' && !isProgram(actor) && processes.get(actor)?.aside === true;

/** What goes wrong on a socket: what was set for it, else for the listener that it was accepted from. */
export const faultsOf = (
  { sockets }: Pick<BenchState, 'sockets'>,
  { faults, listener }: Pick<SocketState, 'faults' | 'listener'>,
): Faults | undefined => {
  if (faults || listener === '') return faults;
  const from = sockets.get(listener);
  return from?.closed ? undefined : from?.faults;
};

/** Policy and loops of one that the bench acts for; undefined of a process, which acts as it likes. */
export const programOf = (
  { programs }: Pick<BenchState, 'programs'>,
  actor: ActorId,
): ProgramState | undefined => (isProgram(actor) ? programs[actor] : undefined);

const loopsOn: Readonly<Record<LoopName, boolean>> = { accept: true, receive: true };

/** How a bench begins, before its first entry: what no entry tells. */
export type Start = {
  readonly policy: Policy;
  readonly loops: Readonly<Record<LoopName, boolean>>;
};

/** A bench with nothing open. The workbench's loops start on, a lab's off. */
export const initialState = (
  policy: Policy = 'duplex',
  loops: Readonly<Record<LoopName, boolean>> = loopsOn,
): BenchState => {
  return {
    t: 0,
    programs: perProgram(() => ({ policy, loops })),
    processes: new Map(),
    sockets: new Map(),
    files: new Map(),
    rules: [],
    calls: new Map(),
    findings: new Map(),
    lookedAt: -1,
    pairs: new Map(),
    answers: new Map(),
    graveyard: [],
    entries: 0,
    dropped: 0,
    droppedBytes: 0,
    opened: 0,
    failed: 0,
  };
};
