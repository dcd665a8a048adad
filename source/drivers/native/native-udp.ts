import { type Endpoint, inet } from '../../core/addresses/endpoint.ts';
import type { ShutdownHow } from '../../core/calls/call.ts';
import type { Family } from '../../core/model/names.ts';
import type { Bindings, TcpHandle } from '../node/private-handles.ts';
import type { Arrival, Status, UdpEnd } from '../sockets/ends.ts';
import type { ReceiveMemory } from '../sockets/receive-memory.ts';
import { cancelled, notNow } from '../sockets/status.ts';
import { type BoundFile, boundFile, ownerOnly, withInode } from '../sockets/unix-file.ts';
import type { Literal } from '../system/literal.ts';
import type { NativeSockets } from './native-socket.ts';
import { NativeUdpOptions } from './native-udp-options.ts';

/** Datagrams handed over in one turn of the event loop: libuv's own limit. */
const perTurn = 32;

/**
 * Ms until a datagram for which there was no room is tried again: a send buffer empties at the speed of the interface, the
 * queue of a Unix socket when its owner reads, of which no poll of the sender tells.
 */
const firstPause = 1;
const longestPause = 16;

/** The sender of what failed. */
const nobody = inet('', 0);
const nothing = new Uint8Array(0);

/**
 * Room for a datagram: none of UDP's is larger. One of a Unix socket is as large as its sender's buffer, 212,992 bytes unless that was
 * set (socket(7), wmem_default): of a larger one the rest is lost, and told.
 */
const roomFor: Readonly<Record<Family, number>> = { AF_INET: 1 << 16, AF_INET6: 1 << 16, AF_UNIX: 1 << 18 };

type Unsent = {
  readonly data: Uint8Array;
  readonly to: Literal | null;
  readonly done: (status: Status) => void;
};

/** Datagrams that the kernel had no room for, oldest first: what comes after them waits behind them. */
class UnsentDatagrams {
  private readonly sendNow: (data: Uint8Array, to: Literal | null) => Status;
  private readonly waiting: Unsent[] = [];
  private retry: NodeJS.Timeout | undefined;
  private pause = firstPause;

  constructor(sendNow: (data: Uint8Array, to: Literal | null) => Status) {
    this.sendNow = sendNow;
  }

  send(data: Uint8Array, to: Literal | null, done: (status: Status) => void): Status | 'later' {
    const status = this.waiting.length > 0 ? notNow : this.sendNow(data, to);
    if (status !== notNow) return status;
    this.waiting.push({ data, to, done });
    this.retry ??= setTimeout(this.sendWaiting, this.pause);
    return 'later';
  }

  withdraw(done: Unsent['done']): boolean {
    const index = this.waiting.findIndex(one => one.done === done);
    if (index >= 0) this.waiting.splice(index, 1);
    return index >= 0;
  }

  dispose(): void {
    clearTimeout(this.retry);
    for (const { done } of this.waiting.splice(0)) done(cancelled);
  }

  private readonly sendWaiting = (): void => {
    this.retry = undefined;
    for (let first = this.waiting[0]; first; first = this.waiting[0]) {
      const status = this.sendNow(first.data, first.to);
      if (status === notNow) {
        this.pause = Math.min(2 * this.pause, longestPause);
        this.retry = setTimeout(this.sendWaiting, this.pause);
        return;
      }
      this.pause = firstPause;
      this.waiting.shift();
      first.done(status);
    }
  };
}

/**
 * A UDP socket on system calls of its own. A handle of Node's only says when something has arrived, and it is one for
 * TCP: libuv sets SO_REUSEADDR on a UDP socket that it is given (uv_udp_open), and binds one of its own to every
 * interface before it connects or sends.
 */
class NativeUdpEnd extends NativeUdpOptions implements UdpEnd {
  readonly native = true;
  private readonly handle: TcpHandle;
  private readonly unsent = new UnsentDatagrams((data, to) => this.sendNow(data, to));
  /** Of a Unix socket: the file that its bind has made. */
  private file: BoundFile | null = null;
  private arrival: Arrival | null = null;
  private memory: ReceiveMemory | null = null;
  private isPrepared = false;

  constructor(calls: NativeSockets, handle: TcpHandle, family: Family) {
    super(calls, family);
    this.handle = handle;
  }

  fd(): number {
    return this.descriptor;
  }

  open(): Status {
    const { calls, family } = this;
    const made = calls.openSocket(family, 'SOCK_DGRAM');
    if (family === 'AF_UNIX' && made >= 0) ownerOnly(made);
    const status = made < 0 ? made : this.handle.open(made);
    if (status === 0) this.descriptor = made;
    else if (made >= 0) calls.close(made);
    return status;
  }

  bind(at: Literal): Status {
    const status = this.calls.bind(this.descriptor, this.family, at);
    if (status === 0) this.file = boundFile(at);
    return status;
  }

  local(): Endpoint | null {
    return withInode(this.calls.local(this.descriptor), this.descriptor);
  }

  peer(): Endpoint | null {
    return this.calls.peer(this.descriptor);
  }

  connect(to: Literal): Status {
    return this.calls.connect(this.descriptor, this.family, to);
  }

  disconnect(): Status {
    return 0;
  }

  receive(memory: ReceiveMemory, then: Arrival): Status {
    const { handle } = this;
    this.memory = memory;
    this.arrival = then;
    // With an empty buffer libuv does not read: it reports ENOBUFS, which says "readable" and takes nothing.
    // biome-ignore lint/correctness/useHookAtTopLevel: a handle's method, no hook of React's
    if (!this.isPrepared) handle.useUserBuffer(Buffer.alloc(0));
    this.isPrepared = true;
    handle.onread = this.take;
    return handle.readStart();
  }

  hold(): void {
    this.arrival = null;
    this.handle.readStop();
  }

  send(data: Uint8Array, to: Literal | null, done: (status: Status) => void): Status | 'later' {
    return this.unsent.send(data, to, done);
  }

  withdraw(done: (status: Status) => void): boolean {
    return this.unsent.withdraw(done);
  }

  shutdown(how: ShutdownHow): Status | null {
    return this.family === 'AF_UNIX' ? this.calls.shutdown(this.descriptor, how) : null;
  }

  close(done?: () => void): void {
    this.descriptor = -1;
    this.file?.remove();
    this.unsent.dispose();
    this.handle.close(done);
  }

  private readonly take = (): void => {
    const { calls, descriptor, family } = this;
    const memory = this.memory!;
    for (let count = 0; this.arrival && count < perTurn; count++) {
      const { slab, offset, length: room } = memory.room(roomFor[family]);
      const reading = calls.receive(descriptor, slab, offset, room);
      if ('value' in reading) {
        const { length, from } = reading.value;
        this.arrival(length, length === 0 ? nothing : memory.keep(Math.min(length, room)), from);
      } else if (reading.status === notNow) return;
      else this.arrival(reading.status, nothing, nobody);
    }
  };

  private sendNow(data: Uint8Array, to: Literal | null): Status {
    const { calls, descriptor } = this;
    return to ? calls.sendTo(descriptor, this.family, data, to) : calls.send(descriptor, data);
  }
}

export const nativeUdpEnd = (calls: NativeSockets, bindings: Bindings, family: Family): UdpEnd =>
  new NativeUdpEnd(calls, new bindings.TCP(0), family);
