import type { Call, CallOf } from '../../core/calls/call.ts';
import type { CallSpec } from '../../core/calls/call-spec.ts';
import { calls, hasIn } from '../../core/calls/calls.ts';
import type { Outcome } from '../../core/calls/outcome.ts';
import { timeSet } from '../../core/language/timeval.ts';
import type { Program, SocketLetter } from '../../core/model/actors.ts';
import type { Family, SocketType } from '../../core/model/names.ts';
import { type OwnThreads, ownThreads } from '../../core/model/threads.ts';
import type { TlsSettings } from '../../core/model/tls.ts';
import type { Kind } from '../../core/model/transports.ts';
import { actorOfNew, GivenNames } from './given-names.ts';

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
  /** Its descriptor is closed: what has been told of it before goes by this. */
  gone: boolean;
  /** Of a listener: what it accepts is wrapped so. */
  tls: TlsSettings | null;
};

type LiveFile = { readonly socket: string; readonly unbuffered: boolean };

/** A socket whose descriptor is closed, or a closed file object. `timeout` as settimeout left it. */
export type Gone = { timeout: number | null };

/** Sockets and file objects that exist now, and the names given so far. */
export type Registry = {
  readonly socket: (name: string) => LiveSocket | undefined;
  /** The socket that a name stands for: itself, or the one behind a file object. */
  readonly behind: (name: string) => LiveSocket | undefined;
  /** A file object without a buffer: io's SocketIO, of which each write is one send. */
  readonly unbuffered: (name: string) => boolean;
  readonly gone: (name: string) => Gone | undefined;
  /** The name a call's result will have. `isInside`: a call is inside of what had this name. */
  readonly nameFor: (call: Call, isInside: (name: string) => boolean) => string;
  readonly nextName: (letter: SocketLetter | 'f') => string;
  readonly taken: (name: string) => boolean;
  /** Takes notice of what an ended call made or closed. Answers the socket whose descriptor that closed, or ''. */
  readonly ended: (call: Call, outcome: Outcome, by?: MadeBy, spec?: CallSpec) => string;
};

/** Whose a new socket is where its name does not say so, and the other end of its pair. */
export type MadeBy = { readonly actor?: Program; readonly mate?: string };

/** Closed names that stay known: as in Python, some calls on a closed object succeed. */
const keptGone = 10_000;

type Origin = { readonly listener?: string; readonly mate?: string };

const newSocket = (
  name: string,
  actor: Program,
  { family, type }: Kind,
  { listener = '', mate = '' }: Origin,
): LiveSocket => ({
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
  gone: false,
  tls: null,
});

/** What there is now, each under its name. */
class LiveObjects {
  readonly names = new GivenNames();
  readonly sockets = new Map<string, LiveSocket>();
  readonly files = new Map<string, LiveFile>();
  readonly gone = new Map<string, Gone>();

  /** Answers the socket whose descriptor the call closed, or ''. A file object is closed however its close ended. */
  closed(call: Call, outcome: Outcome): string {
    const file = this.files.get(call.on);
    const socket = this.sockets.get(file?.socket ?? call.on);
    if (file) return this.closeFile(call.on, socket);
    if (!socket || outcome.kind !== 'none') return '';
    return calls[call.name].ends === 'connection' ? this.reset(socket) : this.close(socket);
  }

  enter(call: Call, name: string, { actor, mate = '' }: MadeBy): void {
    if (hasIn(call, 'returns', 'socket'))
      this.add(newSocket(name, actor ?? (actorOfNew(call) || 'client'), call, { mate }));
    else if (hasIn(call, 'returns', 'connection')) this.inherit(name, this.sockets.get(call.on));
    else if (hasIn(call, 'returns', 'file')) {
      this.given(name);
      // Of a closed socket it holds nothing, and nothing of a later one of that name.
      const socket = this.sockets.has(call.on) ? call.on : `closed ${call.on}`;
      this.files.set(name, { socket, unbuffered: call.buffering === 0 });
    }
  }

  limit(call: CallOf<'setsockopt'>): void {
    const socket = this.sockets.get(call.on);
    const time = timeSet(call);
    if (!socket || time === undefined) return;
    if (call.option === 'SO_RCVTIMEO') socket.receiveTime = time;
    else socket.sendTime = time;
  }

  /** CPython's settimeout on a closed socket fails, and keeps the value all the same. */
  setTimeout({ on, timeout }: CallOf<'settimeout'>, outcome: Outcome): void {
    const socket = this.sockets.get(on) ?? this.gone.get(on);
    const kept = outcome.kind === 'none' || (outcome.kind === 'error' && outcome.code === 'EBADF');
    if (socket && kept) socket.timeout = timeout;
  }

  wrapped({ on, settings }: CallOf<'wrap'>, outcome: Outcome): void {
    const socket = this.sockets.get(on);
    if (socket && outcome.kind === 'none' && !outcome.tls) socket.tls = settings ?? {};
  }

  private given(name: string): void {
    this.names.remember(name);
    this.gone.delete(name);
  }

  private add(socket: LiveSocket): void {
    this.given(socket.name);
    this.sockets.set(socket.name, socket);
  }

  /** What accept makes has its listener's type and times, as Linux has it. */
  private inherit(name: string, listener: LiveSocket | undefined): void {
    const { actor = 'client', family = 'AF_INET', type = 'SOCK_STREAM' } = listener ?? {};
    const socket = newSocket(name, actor, { family, type }, { listener: listener?.name ?? '' });
    socket.receiveTime = listener?.receiveTime ?? 0;
    socket.sendTime = listener?.sendTime ?? 0;
    this.add(socket);
  }

  /** Gives the descriptor back; where a file object is open, that is put off until the last one is closed. */
  private close(socket: LiveSocket): string {
    const { name } = socket;
    socket.closing = true;
    if (this.hasFiles(name)) return '';
    this.sockets.delete(name);
    socket.gone = true;
    this.bury(name, { timeout: socket.timeout });
    return name;
  }

  private closeFile(name: string, socket: LiveSocket | undefined): string {
    this.files.delete(name);
    this.bury(name, { timeout: null });
    return socket?.closing ? this.close(socket) : '';
  }

  private reset(socket: LiveSocket): string {
    for (const [name, file] of this.files) if (file.socket === socket.name) this.closeFile(name, undefined);
    return this.close(socket);
  }

  private hasFiles(socket: string): boolean {
    return this.files.size > 0 && [...this.files.values()].some(file => file.socket === socket);
  }

  private bury(name: string, what: Gone): void {
    this.gone.set(name, what);
    const [oldest] = this.gone.keys();
    if (this.gone.size > keptGone) this.gone.delete(oldest!);
  }
}

export const createRegistry = (): Registry => {
  const live = new LiveObjects();
  const { names, sockets, files, gone } = live;
  const taken = (name: string): boolean => sockets.has(name) || files.has(name);
  return {
    socket: name => sockets.get(name),
    behind: name => sockets.get(name) ?? sockets.get(files.get(name)?.socket ?? ''),
    unbuffered: name => files.get(name)?.unbuffered ?? false,
    gone: name => gone.get(name),
    nextName: letter => names.next(letter),
    nameFor: (call, isInside) => names.forCall(call, name => taken(name) || isInside(name)),
    taken,
    ended: (call, outcome, by = {}, { ends, sets } = calls[call.name]) => {
      if (ends === 'descriptor' || ends === 'connection') return live.closed(call, outcome);
      if (outcome.kind === 'made') live.enter(call, outcome.name, by);
      else if (sets !== null && hasIn(call, 'sets', 'option') && outcome.kind === 'none') live.limit(call);
      else if (sets !== null && hasIn(call, 'sets', 'timeout')) live.setTimeout(call, outcome);
      else if (call.name === 'wrap') live.wrapped(call, outcome);
      return '';
    },
  };
};
