import type { Call, CallOf } from '../core/call.ts';
import {
  type Family,
  isFileName,
  type Program,
  programOf,
  type SocketLetter,
  type SocketType,
} from '../core/names.ts';
import type { Outcome } from '../core/outcome.ts';
import { type OwnThreads, ownThreads } from '../core/threads.ts';
import { timeSet } from '../core/timeval.ts';

/** What the bench must know of a socket between two flushes, to run the next call on it. */
export type LiveSocket = {
  readonly name: string;
  readonly program: Program;
  readonly threads: OwnThreads;
  readonly family: Family;
  readonly type: SocketType;
  /** ms; null: none. */
  timeout: number | null;
  /** SO_RCVTIMEO and SO_SNDTIMEO in ms, 0: none. They count while `timeout` is null. */
  receiveTime: number;
  sendTime: number;
};

/** Sockets and file objects that exist now, and the names given so far. */
export type Registry = {
  readonly socket: (name: string) => LiveSocket | undefined;
  /** The socket that a name stands for: itself, or the one behind a file object; '' where there is neither. */
  readonly subject: (name: string) => string;
  /** The name a call's result will have. */
  readonly nameFor: (call: Call) => string;
  readonly nextName: (letter: SocketLetter | 'f') => string;
  readonly taken: (name: string) => boolean;
  /** Takes notice of what an ended call made or closed. */
  readonly ended: (call: Call, outcome: Outcome) => void;
};

const letterFor = (call: Call): SocketLetter | 'f' => {
  if (call.name === 'accept') return 'a';
  return call.name === 'makefile' ? 'f' : 'c';
};

export const createRegistry = (): Registry => {
  const sockets = new Map<string, LiveSocket>();
  const files = new Map<string, string>();
  const highest: Record<string, number> = {};

  const remember = (name: string) => {
    const letter = name[0] ?? '';
    highest[letter] = Math.max(highest[letter] ?? 0, Number(name.slice(1)) || 0);
  };
  const nextName = (letter: SocketLetter | 'f') => `${letter}${(highest[letter] ?? 0) + 1}`;
  const add = (name: string, family: Family, type: SocketType) => {
    remember(name);
    const program = programOf(name) ?? 'client';
    sockets.set(name, {
      name,
      program,
      threads: ownThreads(name),
      family,
      type,
      timeout: null,
      receiveTime: 0,
      sendTime: 0,
    });
  };
  /** What accept makes has its listener's times, as Linux has it. */
  const inherit = (name: string, listener: LiveSocket | undefined) => {
    add(name, listener?.family ?? 'AF_INET', 'SOCK_STREAM');
    const { receiveTime = 0, sendTime = 0 } = listener ?? {};
    Object.assign(sockets.get(name)!, { receiveTime, sendTime });
  };
  const limit = (call: CallOf<'setsockopt'>) => {
    const socket = sockets.get(call.on);
    const time = timeSet(call);
    if (!socket || time === undefined) return;
    if (call.option === 'SO_RCVTIMEO') socket.receiveTime = time;
    else socket.sendTime = time;
  };
  const close = (name: string) => {
    if (files.delete(name)) return;
    sockets.delete(name);
    for (const [file, socket] of files) if (socket === name) files.delete(file);
  };

  return {
    socket: name => sockets.get(name),
    subject: name => (sockets.has(name) ? name : (files.get(name) ?? '')),
    nextName,
    nameFor: call => {
      const name = call.as ?? nextName(letterFor(call));
      remember(name);
      return name;
    },
    taken: name => sockets.has(name) || files.has(name),
    ended: (call, outcome) => {
      if (outcome.kind === 'made') {
        if (call.name === 'socket') add(outcome.name, call.family, call.type);
        else if (call.name === 'accept') inherit(outcome.name, sockets.get(call.on));
        else if (call.name === 'makefile') {
          remember(outcome.name);
          files.set(outcome.name, call.on);
        }
      } else if ((call.name === 'close' || call.name === 'reset') && outcome.kind === 'none') close(call.on);
      else if (call.name === 'setsockopt' && outcome.kind === 'none') limit(call);
      else if (call.name === 'settimeout' && outcome.kind === 'none') {
        const socket = sockets.get(call.on);
        if (socket) socket.timeout = call.timeout;
      }
    },
  };
};

/** Names for sockets start with their program's letter; a file object's with f. */
export const fitsCall = (call: Call, name: string): boolean => {
  if (call.name === 'makefile') return isFileName(name);
  const program = programOf(name);
  if (call.name === 'accept') return program === 'tcp-server';
  return program !== undefined;
};
