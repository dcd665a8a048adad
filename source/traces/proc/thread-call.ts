import { type CallShape, callShape, type Processor, type TimeUnit } from './system-calls.ts';

/**
 * How long a call waits at most, as far as its arguments tell: `ms`, or a time that stands in its process's memory (`set`): whole
 * seconds and a fraction, eight bytes each; null: for ever.
 */
export type Limit =
  | { readonly kind: 'ms'; readonly ms: number }
  | { readonly kind: 'set'; readonly address: number; readonly fraction: 'us' | 'ns' }
  | null;

/** What a call that waits for several descriptors was handed. Addresses are of its process's memory. */
export type WaitSet =
  | { readonly kind: 'poll'; readonly address: number; readonly count: number }
  | { readonly kind: 'select'; readonly count: number; readonly sets: readonly [number, number, number] }
  | { readonly kind: 'epoll'; readonly fd: number };

/**
 * What a thread is doing at the moment of a look.
 *
 * - `recv`, `send`: `size` and `flags` are null where the call has none in its arguments
 * - `futex`: `shared`: told to be of several processes; `timed`: it ends by itself
 * - `other`: a call that no socket ends, or that this house does not tell apart
 * - `running`: on a processor, or about to; `outside`: stopped outside of any call
 * - `hidden`: the kernel does not tell this user. `wchan`: the function of the kernel it sleeps in, '' where not told either
 */
export type ThreadCall =
  | {
      readonly kind: 'recv' | 'send';
      readonly name: string;
      readonly fd: number;
      readonly size: number | null;
      readonly flags: number | null;
      readonly limit: Limit;
    }
  | { readonly kind: 'accept' | 'connect'; readonly name: string; readonly fd: number }
  | { readonly kind: 'poll'; readonly name: string; readonly set: WaitSet; readonly limit: Limit }
  | {
      readonly kind: 'futex';
      readonly name: string;
      readonly address: number;
      readonly shared: boolean;
      readonly timed: boolean;
    }
  | { readonly kind: 'other'; readonly name: string; readonly does: OtherDoes }
  | { readonly kind: 'running' }
  | { readonly kind: 'outside' }
  | { readonly kind: 'hidden'; readonly wchan: string };

export type OtherDoes = 'sleep' | 'child' | 'signal' | 'file' | 'ring' | 'restart' | 'unknown';

/** From linux/futex.h: the commands that wait until another thread acts, and the flags beside a command. */
const FUTEX_WAIT = 0;
const FUTEX_LOCK_PI = 6;
const FUTEX_WAIT_BITSET = 9;
const FUTEX_LOCK_PI2 = 13;
const FUTEX_PRIVATE_FLAG = 128;
const commandMask = 127;
const waits: readonly number[] = [FUTEX_WAIT, FUTEX_LOCK_PI, FUTEX_WAIT_BITSET, FUTEX_LOCK_PI2];

/**
 * An argument as a number of 64 bits, which loses digits that nobody reads where it does not fit into a double's 53, and as
 * the int of its lower half: the upper one of an int is whatever the register held.
 */
type Argument = { readonly value: number; readonly int: number };

const argumentOf = (word: string): Argument => ({
  value: Number(word),
  int: Number.parseInt(word.replace(/^0x/, '').slice(-8), 16) | 0,
});

const limitOf = ({ value, int: ms }: Argument, unit: TimeUnit): Limit => {
  if (unit !== 'ms') return value === 0 ? null : { kind: 'set', address: value, fraction: unit };
  return ms < 0 ? null : { kind: 'ms', ms };
};

const waitSetOf = (kind: 'poll' | 'select' | 'epoll', args: readonly Argument[]): WaitSet => {
  const [first, second, third, fourth] = args as [Argument, Argument, Argument, Argument];
  switch (kind) {
    case 'poll':
      return { kind, address: first.value, count: second.int };
    case 'select':
      return { kind, count: first.int, sets: [second.value, third.value, fourth.value] };
    case 'epoll':
      return { kind, fd: first.int };
  }
};

const futexOf = (name: string, args: readonly Argument[]): ThreadCall => {
  const operation = args[1]!.int;
  if (!waits.includes(operation & commandMask)) return { kind: 'other', name, does: 'unknown' };
  const shared = (operation & FUTEX_PRIVATE_FLAG) === 0;
  return { kind: 'futex', name, address: args[0]!.value, shared, timed: args[3]!.value !== 0 };
};

const withArguments = (shape: CallShape, args: readonly Argument[]): ThreadCall => {
  const { kind, name } = shape;
  switch (kind) {
    case 'recv':
    case 'send': {
      const { size, flags, time } = shape;
      return {
        kind,
        name,
        fd: args[0]!.int,
        size: size < 0 ? null : args[size]!.value,
        flags: flags < 0 ? null : args[flags]!.int,
        limit: time === undefined ? null : limitOf(args[time]!, 'ns'),
      };
    }
    case 'accept':
    case 'connect':
      return { kind, name, fd: args[0]!.int };
    case 'poll':
    case 'select':
    case 'epoll':
      return {
        kind: 'poll',
        name,
        set: waitSetOf(kind, args),
        limit: limitOf(args[shape.timeout]!, shape.unit),
      };
    case 'futex':
      return futexOf(name, args);
    default:
      return { kind: 'other', name, does: kind };
  }
};

/** Stacks of 64-bit programs lie above this; a 32-bit program has other numbers of calls (linux/arch/x86/entry). */
const fourGiB = 2 ** 32;

/**
 * The text of /proc/PID/task/TID/syscall: `45 0x6 0x7f... SP PC`, `-1 SP PC` outside of a call, `running`.
 * Source: proc(5).
 */
export const parseThreadCall = (text: string, processor: Processor): ThreadCall => {
  const words = text.trim().split(' ');
  const number = Number(words[0]);
  if (words[0] === '' || words[0] === 'running') return { kind: 'running' };
  if (number < 0) return { kind: 'outside' };
  const args = words.slice(1).map(argumentOf);
  const unknown: ThreadCall = { kind: 'other', name: `system call ${number}`, does: 'unknown' };
  if (!Number.isInteger(number) || args.length < 8 || args[6]!.value < fourGiB) return unknown;
  const shape = callShape(processor, number);
  return shape ? withArguments(shape, args) : unknown;
};
