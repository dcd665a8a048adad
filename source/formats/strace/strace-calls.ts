import type { Endpoint } from '../../core/addresses/endpoint.ts';
import { familyOf } from '../../core/addresses/ip.ts';
import type { Call, CallOf, Want } from '../../core/calls/call.ts';
import { calls } from '../../core/calls/calls.ts';
import { type Answers, resolved, withLookup } from '../../core/calls/lookups.ts';
import type { Failure, Outcome } from '../../core/calls/outcome.ts';
import type { Family } from '../../core/model/names.ts';
import { errorTable } from '../../core/words/error-table.ts';
import { type Piece, piecesLength, receivedPieces } from '../pieces.ts';
import type { PlannedCall } from '../projection/call-plan.ts';
import {
  addressLength,
  levelName,
  messageFlags,
  optionValue,
  sentString,
  socketAddress,
  straceString,
} from './strace-words.ts';

/**
 * A system call as strace prints it: `head` are the arguments known when it begins, `tail` those that it fills in,
 * `result` what stands behind the equals sign.
 */
export type Syscall = {
  readonly name: string;
  readonly head: string;
  readonly tail: string;
  readonly result: string;
};

/** What a call's line depends on besides the call. */
export type SyscallContext = {
  /** Of its socket; -1 for one that is closed. */
  readonly descriptor: number;
  readonly family: Family;
  /** What it hands to the kernel, null where it is none that sends. */
  readonly outgoing: readonly Piece[] | null;
  /** Descriptor of the socket that it makes. */
  readonly made: number;
};

/** Stands for a buffer that the kernel has not filled: strace prints its address. */
const buffer = '0x7ffc00001000';

const done: Outcome = { kind: 'none' };

/** Whether the kernel said so: EAI_NONAME and the bench's own are no errno. */
const isErrno = (code: string): boolean => /^E[A-Z0-9]+$/.test(code);

const failed = (code: keyof typeof errorTable): string => `-1 ${code} (${errorTable[code][2]})`;

/**
 * What the kernel answers: a deadline is an EAGAIN (SO_RCVTIMEO, socket(7)), Ctrl-C restarts the call, and of one whose
 * socket was closed under it nothing is known. What was taken before counts first.
 */
const failureResult = ({ code, count }: Failure, call: Call): string => {
  if (count !== undefined && count > 0) return String(count);
  switch (code) {
    case 'TIMEOUT':
      return failed(calls[call.name].waits === 'handshake' ? 'EINPROGRESS' : 'EAGAIN');
    case 'INTERRUPTED':
      return '? ERESTARTSYS (To be restarted if SA_RESTART is set)';
    case 'CLOSED':
      return '?';
    default:
      return failed(code);
  }
};

const resultOf = (outcome: Outcome, call: Call, { outgoing, made }: SyscallContext): string => {
  switch (outcome.kind) {
    case 'error':
      return failureResult(outcome, call);
    case 'count':
      return String(
        calls[call.name].returns === 'length' && outgoing ? piecesLength(outgoing) : outcome.count,
      );
    case 'data':
      return String(outcome.data.length + (outcome.dropped ?? 0));
    case 'made':
      return String(made);
    case 'unseen':
      return '?';
    default:
      return outgoing ? String(piecesLength(outgoing)) : '0';
  }
};

/** The address with what look-ups inside the call found. */
const goesTo = ({ call, lookups, outcome }: PlannedCall, address: Endpoint): Endpoint => {
  if (calls[call.name].sets === 'peer' && outcome?.kind === 'none' && outcome.peer) return outcome.peer;
  const answers = lookups.reduce<Answers | undefined>(
    (known, lookup) => (lookup.outcome ? withLookup(known, lookup.call, lookup.outcome) : known),
    undefined,
  );
  return resolved(address, answers);
};

const isLiteral = (address: Endpoint): boolean => {
  if (address.kind === 'unix') return true;
  const { host, port } = address;
  return typeof port === 'number' && (host === '' || host === '*' || familyOf(host) !== null);
};

type Parts = Omit<Syscall, 'result'>;

const received = (
  outcome: Outcome,
  size: number | string,
  flags: string,
  from: Endpoint | null,
  context: SyscallContext,
): Parts => {
  const head = `${context.descriptor}, `;
  const { family } = context;
  const sender = from ? `${socketAddress(from, family)}, [${addressLength(family, from)}]` : 'NULL, NULL';
  const data = outcome.kind === 'data' ? straceString(receivedPieces(outcome.data, outcome.dropped)) : buffer;
  return { name: 'recvfrom', head, tail: `${data}, ${size}, ${flags}, ${sender}` };
};

/** getsockname and getpeername. */
const ownAddress = (name: string, outcome: Outcome, { descriptor, family }: SyscallContext): Parts => {
  const endpoint = outcome.kind === 'endpoint' ? outcome.endpoint : undefined;
  const address = endpoint ? socketAddress(endpoint, family) : buffer;
  return { name, head: `${descriptor}, `, tail: `${address}, [${addressLength(family, endpoint)}]` };
};

const sent = (
  to: Endpoint | null,
  { descriptor, family, outgoing }: SyscallContext,
  flags = messageFlags(undefined),
): Parts => {
  const pieces = outgoing ?? [];
  const target = to ? `${socketAddress(to, family)}, ${addressLength(family, to)}` : 'NULL, 0';
  return {
    name: 'sendto',
    head: `${descriptor}, ${sentString(pieces)}, ${piecesLength(pieces)}, ${flags}, ${target}`,
    tail: '',
  };
};

const plain = (name: string, head: string, tail = ''): Parts => ({ name, head, tail });

const accepted = (outcome: Outcome, { descriptor, family }: SyscallContext): Parts => {
  const peer = outcome.kind === 'made' ? outcome.peer : undefined;
  const from = peer ? socketAddress(peer, family) : buffer;
  return plain('accept4', `${descriptor}, `, `${from}, [${addressLength(family, peer)}], SOCK_CLOEXEC`);
};

/** The number of a descriptor by its name here: `p1.4`, `fd4`. */
const numberOf = (name: string): string => /\d+(?=[a-z]*$)/.exec(name)?.[0] ?? '-1';

const polled = ({ wants, timeout, more = 0 }: CallOf<'poll'>): Parts => {
  const events = ({ reads, writes }: Want) =>
    [...(reads ? ['POLLIN'] : []), ...(writes ? ['POLLOUT'] : [])].join('|') || '0';
  const list = wants.map(want => `{fd=${numberOf(want.on)}, events=${events(want)}}`);
  const rest = more > 0 ? ', ...' : '';
  return plain('poll', `[${list.join(', ')}${rest}], ${wants.length + more}, ${timeout ?? -1}`);
};

const partsOf = (planned: PlannedCall, outcome: Outcome, context: SyscallContext): Parts | null => {
  const { call } = planned;
  const { descriptor: fd, family } = context;
  switch (call.name) {
    case 'socket':
      return plain(
        'socket',
        `${call.family}, ${call.type}|SOCK_CLOEXEC, ${call.family === 'AF_UNIX' ? '0' : 'IPPROTO_IP'}`,
      );
    case 'bind':
    case 'connect': {
      const address = goesTo(planned, call.address);
      if (!isLiteral(address)) return null;
      return plain(call.name, `${fd}, ${socketAddress(address, family)}, ${addressLength(family, address)}`);
    }
    case 'listen':
      return plain('listen', `${fd}, ${call.backlog}`);
    case 'accept':
      return accepted(outcome, context);
    case 'sendto': {
      const to = goesTo(planned, call.address);
      return isLiteral(to) ? sent(to, context) : null;
    }
    case 'send':
      return sent(null, context, messageFlags(call.flags));
    case 'sendall':
      return sent(null, context);
    case 'write':
    case 'flush':
      return context.outgoing && piecesLength(context.outgoing) > 0 ? sent(null, context) : null;
    case 'recv':
      return received(outcome, call.size, messageFlags(call.flags), null, context);
    case 'recvfrom': {
      const from = outcome.kind === 'data' ? (outcome.from ?? null) : null;
      return received(outcome, call.size, messageFlags(call.flags), from, context);
    }
    case 'read':
    case 'readline':
      return received(outcome, 8192, '0', null, context);
    case 'shutdown':
      return plain('shutdown', `${fd}, ${call.how}`);
    case 'close':
    case 'reset':
      return plain('close', `${fd}`);
    case 'setsockopt':
      return plain(
        'setsockopt',
        `${fd}, ${levelName(call.level)}, ${call.option}, ${optionValue(call.option, call.value)}`,
      );
    case 'getsockopt': {
      const value = outcome.kind === 'number' ? `[${outcome.number}]` : buffer;
      return plain('getsockopt', `${fd}, ${levelName(call.level)}, ${call.option}, `, `${value}, [4]`);
    }
    case 'getsockname':
    case 'getpeername':
      return ownAddress(call.name, outcome, context);
    case 'poll':
      return polled(call);
    // Of its reads and writes nobody told.
    case 'wrap':
    case 'settimeout':
    case 'gettimeout':
    case 'makefile':
    case 'getaddrinfo':
    case 'gethostbyaddr':
    case 'getservbyname':
    case 'getservbyport':
      return null;
  }
};

/** Failures that came before the kernel was asked: a name that is none, a port out of range. */
const neverAsked = (outcome: Outcome | null): boolean =>
  outcome?.kind === 'error' &&
  !isErrno(outcome.code) &&
  !['TIMEOUT', 'INTERRUPTED', 'CLOSED'].includes(outcome.code);

/** The system call that this call of the session is; null where it is none of its own. */
export const syscallOf = (planned: PlannedCall, context: SyscallContext): Syscall | null => {
  const { outcome, call } = planned;
  if (neverAsked(outcome)) return null;
  const parts = partsOf(planned, outcome ?? { kind: 'error', code: 'CLOSED' }, context);
  return parts && { ...parts, result: resultOf(outcome ?? done, call, context) };
};
