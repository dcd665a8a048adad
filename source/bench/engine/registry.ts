import type { Call, CallOf } from '../../core/calls/call.ts';
import { calls, hasIn, made } from '../../core/calls/calls.ts';
import type { Outcome } from '../../core/calls/outcome.ts';
import { timeSet } from '../../core/language/timeval.ts';
import { accepts, actorNamed, type Program, type SocketLetter } from '../../core/model/actors.ts';
import { type Family, isFileName, isSocketName, type SocketType } from '../../core/model/names.ts';
import { type OwnThreads, ownThreads } from '../../core/model/threads.ts';
import type { TlsSettings } from '../../core/model/tls.ts';
import type { Kind } from '../../core/model/transports.ts';

/** What the bench must know of a socket between two flushes, to run the next call on it. */
export type LiveSocket = {
  readonly name: string;
  readonly actor: Program;
  readonly threads: OwnThreads;
  /** The listener it was accepted from, '' for others. */
  readonly listener: string;
  /** Of what a relay has made: the other end of its pair, '' for others. */
  readonly mate: string;
  readonly family: Family;
  readonly type: SocketType;
  /** ms; null: none. */
  timeout: number | null;
  /** SO_RCVTIMEO and SO_SNDTIMEO in ms, 0: none. They count while `timeout` is null. */
  receiveTime: number;
  sendTime: number;
  /** close() was called. */
  closing: boolean;
  /** Of a listener: what it accepts is wrapped so. */
  tls: TlsSettings | null;
};

type LiveFile = { readonly socket: string; readonly unbuffered: boolean };

/** A socket whose descriptor is closed, or a closed file object. `timeout` as settimeout left it. */
export type Gone = { timeout: number | null };

/** Sockets and file objects that exist now, and the names given so far. */
export type Registry = {
  readonly socket: (name: string) => LiveSocket | undefined;
  /** The socket that a name stands for: itself, or the one behind a file object; '' where there is neither. */
  readonly subject: (name: string) => string;
  /** A file object without a buffer: io's SocketIO, of which each write is one send. */
  readonly unbuffered: (name: string) => boolean;
  readonly gone: (name: string) => Gone | undefined;
  /** The name a call's result will have. */
  readonly nameFor: (call: Call) => string;
  readonly nextName: (letter: SocketLetter | 'f') => string;
  readonly taken: (name: string) => boolean;
  /** Takes notice of what an ended call made or closed. Answers the socket whose descriptor that closed, or ''. */
  readonly ended: (call: Call, outcome: Outcome, by?: MadeBy) => string;
};

/** Whose a new socket is where its name does not say so, and the other end of its pair. */
export type MadeBy = { readonly actor?: Program; readonly mate?: string };

/** Closed names that stay known: as in Python, some calls on a closed object succeed. */
const keptGone = 10_000;

const letterFor = (call: Call): SocketLetter | 'f' => {
  switch (made(call.name)) {
    case 'connection':
      return 'a';
    case 'file':
      return 'f';
    case 'socket':
    case null:
      return 'c';
  }
};

/** Whose socket a call is about to make; '' where it makes none by itself. */
export const actorOfNew = (call: Call): Program | '' =>
  made(call.name) === 'socket' ? (actorNamed(call.as ?? letterFor(call)) ?? 'client') : '';

export const createRegistry = (): Registry => {
  const sockets = new Map<string, LiveSocket>();
  const files = new Map<string, LiveFile>();
  const gone = new Map<string, Gone>();
  const highest: Record<string, number> = {};

  const remember = (name: string) => {
    const letter = name[0] ?? '';
    highest[letter] = Math.max(highest[letter] ?? 0, Number(name.slice(1)) || 0);
  };
  const nextName = (letter: SocketLetter | 'f') => `${letter}${(highest[letter] ?? 0) + 1}`;
  const add = (
    name: string,
    actor: Program,
    { family, type }: Kind,
    { listener = '', mate = '' }: { readonly listener?: string; readonly mate?: string },
  ) => {
    remember(name);
    gone.delete(name);
    sockets.set(name, {
      name,
      actor,
      threads: ownThreads(name),
      listener,
      mate,
      family,
      type,
      timeout: null,
      receiveTime: 0,
      sendTime: 0,
      closing: false,
      tls: null,
    });
  };
  /** What accept makes has its listener's type and times, as Linux has it. */
  const inherit = (name: string, listener: LiveSocket | undefined) => {
    const { actor = 'client', family = 'AF_INET', type = 'SOCK_STREAM' } = listener ?? {};
    add(name, actor, { family, type }, { listener: listener?.name ?? '' });
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
  const bury = (name: string, what: Gone) => {
    gone.set(name, what);
    const [oldest] = gone.keys();
    if (gone.size > keptGone) gone.delete(oldest!);
  };
  const hasFiles = (socket: string): boolean =>
    files.size > 0 && [...files.values()].some(file => file.socket === socket);

  /** Gives the descriptor back; where a file object is open, that is put off until the last one is closed. */
  const close = (socket: LiveSocket): string => {
    const { name } = socket;
    socket.closing = true;
    if (hasFiles(name)) return '';
    sockets.delete(name);
    bury(name, socket);
    return name;
  };
  const closeFile = (name: string, socket: LiveSocket | undefined): string => {
    files.delete(name);
    bury(name, { timeout: null });
    return socket?.closing ? close(socket) : '';
  };
  const reset = (socket: LiveSocket): string => {
    for (const [name, file] of files) if (file.socket === socket.name) closeFile(name, undefined);
    return close(socket);
  };

  /** A file object is closed however its close ended. */
  const closed = (call: Call, outcome: Outcome): string => {
    const socket = sockets.get(files.get(call.on)?.socket ?? call.on);
    if (files.has(call.on)) return closeFile(call.on, socket);
    if (!socket || outcome.kind !== 'none') return '';
    return calls[call.name].ends === 'connection' ? reset(socket) : close(socket);
  };

  const enter = (call: Call, name: string, { actor, mate = '' }: MadeBy) => {
    if (hasIn(call, 'returns', 'socket')) add(name, actor ?? (actorOfNew(call) || 'client'), call, { mate });
    else if (hasIn(call, 'returns', 'connection')) inherit(name, sockets.get(call.on));
    else if (hasIn(call, 'returns', 'file')) {
      remember(name);
      gone.delete(name);
      // Of a closed socket it holds nothing, and nothing of a later one of that name.
      const socket = sockets.has(call.on) ? call.on : `closed ${call.on}`;
      files.set(name, { socket, unbuffered: call.buffering === 0 });
    }
  };

  /** CPython's settimeout on a closed socket fails, and keeps the value all the same. */
  const setTimeoutOf = ({ on, timeout }: CallOf<'settimeout'>, outcome: Outcome) => {
    const socket = sockets.get(on) ?? gone.get(on);
    const kept = outcome.kind === 'none' || (outcome.kind === 'error' && outcome.code === 'EBADF');
    if (socket && kept) socket.timeout = timeout;
  };

  const wrapped = ({ on, settings }: CallOf<'wrap'>, outcome: Outcome) => {
    const socket = sockets.get(on);
    if (socket && outcome.kind === 'none' && !outcome.tls) socket.tls = settings ?? {};
  };

  return {
    socket: name => sockets.get(name),
    subject: name => (sockets.has(name) ? name : (files.get(name)?.socket ?? '')),
    unbuffered: name => files.get(name)?.unbuffered ?? false,
    gone: name => gone.get(name),
    nextName,
    nameFor: call => {
      const name = call.as ?? nextName(letterFor(call));
      remember(name);
      return name;
    },
    taken: name => sockets.has(name) || files.has(name),
    ended: (call, outcome, by = {}) => {
      const { ends } = calls[call.name];
      if (ends === 'descriptor' || ends === 'connection') return closed(call, outcome);
      if (outcome.kind === 'made') enter(call, outcome.name, by);
      else if (hasIn(call, 'sets', 'option') && outcome.kind === 'none') limit(call);
      else if (hasIn(call, 'sets', 'timeout')) setTimeoutOf(call, outcome);
      else if (call.name === 'wrap') wrapped(call, outcome);
      return '';
    },
  };
};

/** Names for sockets start with a program's letter; a file object's with f. */
export const fitsCall = (call: Call, name: string): boolean => {
  const makes = made(call.name);
  if (makes === 'file') return isFileName(name);
  const actor = isSocketName(name) ? actorNamed(name) : undefined;
  return actor !== undefined && (makes !== 'connection' || accepts(actor));
};
