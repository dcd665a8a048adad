import type { ThreadCall } from '../proc/thread-call.ts';
import { isStopped, type Thread } from '../proc/thread-reader.ts';

/**
 * What a thread has been in since `since`: the same call, with the same arguments, in so many `looks`. `words` are those that it
 * began with, '' where it is in no call that can be told; `switches` as of the newest look in which it was seen in something, `ran`
 * as of that or of when it was about to be stopped; `stopped`: by a signal, or about to be; `going`: it was let go on, and was not
 * seen in anything since; `onSocket`: a socket may end it; `wakes`: how often it may be woken and sleep on.
 */
export type Standing = {
  readonly words: string;
  readonly switches: number;
  readonly ran: string;
  readonly since: number;
  readonly looks: number;
  readonly stopped: boolean;
  readonly going: boolean;
  readonly onSocket: boolean;
  readonly wakes: number;
};

const argumentsOf = (words: string): string => words.slice(words.indexOf(' '));

/** A poll that a signal interrupted goes on under a number that tells no more than that (restart_syscall(2)). */
const isRestart = ({ call }: Thread): boolean => call.kind === 'other' && call.does === 'restart';

/** What goes on under that number, and what ends in EINTR, under its own name is another one (signal(7)). */
const endedByStop: readonly string[] = ['poll', 'epoll_wait', 'epoll_pwait', 'epoll_pwait2'];

/** A receive of all its bytes is woken by each part of them (recv(2), MSG_WAITALL). */
const wakesOf = ({ call }: Thread): number =>
  call.kind === 'recv' && call.flags !== null && (call.flags & 0x100) !== 0 ? Number.POSITIVE_INFINITY : 0;

/**
 * To be stopped and to go on with a call is to give up the processor twice. From one look to the next that may be several times, as a
 * debugger does that comes and goes.
 */
const stopSwitches = 8;

/** Whether it has given up its processor no more often than one call lets it. */
const isWithin = (before: Standing, { switches }: Thread, stops: boolean): boolean =>
  switches - before.switches <= before.wakes + (stops ? stopSwitches : 0);

/** Whether it is in the call still that it was in at the look before. */
export const isSame = (before: Standing, thread: Thread): boolean => {
  const { words, call } = thread;
  if (before.words === '' || words === '') return false;
  if (isRestart(thread))
    return argumentsOf(before.words) === argumentsOf(words) && isWithin(before, thread, true);
  if (before.words !== words || (before.stopped && 'name' in call && endedByStop.includes(call.name)))
    return false;
  // One that has run meanwhile has ended the call and made another. What a signal stopped runs when it is let go on.
  return isWithin(before, thread, before.stopped);
};

const onSockets: readonly ThreadCall['kind'][] = ['recv', 'send', 'accept', 'connect', 'poll'];

/** What going on with a call takes of a processor is some microseconds; this is far more, in ns. */
const goingOn = 1_000_000;

/**
 * One that was let go on waits for a processor, before it goes on with its call and amid that: on a busy machine for many looks. Where it
 * is not told how long it has run, one look is waited.
 */
const mayGoOn = (before: Standing, { ran }: Thread): boolean =>
  ran === '' || before.ran === '' ? !before.going : Number(ran) - Number(before.ran) < goingOn;

/** Whether a thread runs because a signal stops it, or has just let it go on: in what, the next look will show. */
const isBetween = (before: Standing, thread: Thread): boolean =>
  thread.call.kind === 'running' && (thread.stopping || (before.stopped && mayGoOn(before, thread)));

/**
 * Whether what a second reading of the same look found may be the same call still: a signal has stopped the thread or let it
 * go on between them.
 */
export const mayStand = (one: Standing, thread: Thread): boolean =>
  one.stopped || isStopped(thread) || thread.stopping;

/** What is known of a thread after one more look, which began at `at`. */
export const standingAfter = (before: Standing | undefined, thread: Thread, at: number): Standing => {
  const { words, switches, stopping, ran } = thread;
  const stopped = isStopped(thread);
  if (before && !stopped && isBetween(before, thread))
    return stopping ? { ...before, ran, stopped: true, going: false } : { ...before, going: true };
  if (before && (stopped ? isWithin(before, thread, true) : isSame(before, thread))) {
    return { ...before, switches, ran, stopped, going: false, looks: before.looks + 1 };
  }
  const onSocket = onSockets.includes(thread.call.kind);
  return {
    words,
    switches,
    ran,
    since: at,
    looks: 1,
    stopped,
    going: false,
    onSocket,
    wakes: wakesOf(thread),
  };
};

/** It stood in two looks. Being held up is what is told then, but that a signal stopped it is told at once. */
export const stands = ({ words, looks, stopped }: Standing): boolean =>
  stopped || (words !== '' && looks > 1);

/** It was in no such call at the look before. */
export const isFresh = ({ onSocket, looks, stopped }: Standing): boolean =>
  onSocket && looks === 1 && !stopped;
