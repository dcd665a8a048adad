import { constants } from 'node:os';
import { inet } from '../../core/addresses/endpoint.ts';
import type { Family, InetFamily } from '../../core/model/names.ts';
import type { Bindings } from '../node/private-handles.ts';
import type { Arrival, Status, UdpEnd, UdpOptions } from '../sockets/ends.ts';
import { cancelled, notNow } from '../sockets/status.ts';
import { type BoundFile, boundFile, ownerOnly, withInode } from '../sockets/unix-file.ts';
import { type Literal, literalFamily } from '../system/literal.ts';
import type { NativeSockets } from './native-socket.ts';
import { encodeSocketAddress } from './socket-address.ts';

/*
 * A UDP socket on system calls of its own. A handle of Node's only says when something has arrived, and it is one for
 * TCP: libuv sets SO_REUSEADDR on a UDP socket that it is given (uv_udp_open), and binds one of its own to every
 * interface before it connects or sends.
 */

/** From asm-generic/socket.h, linux/in.h and linux/in6.h of the kernel: [level, option]. */
const SO_BROADCAST = [1, 6] as const;
const SO_SNDBUF = [1, 7] as const;
const SO_RCVBUF = [1, 8] as const;
const optionsOf = {
  AF_INET: {
    ttl: [0, 2],
    multicastInterface: [0, 32],
    multicastTtl: [0, 33],
    multicastLoop: [0, 34],
    join: [0, 35],
    leave: [0, 36],
  },
  AF_INET6: {
    ttl: [41, 16],
    multicastInterface: [41, 17],
    multicastTtl: [41, 18],
    multicastLoop: [41, 19],
    join: [41, 20],
    leave: [41, 21],
  },
} as const;

const { EINVAL } = constants.errno;

/** Datagrams handed over in one turn of the event loop: libuv's own limit. */
const perTurn = 32;

/**
 * Ms until a datagram for which there was no room is tried again: a send buffer empties at the speed of the interface, the
 * queue of a Unix socket when its owner reads, of which no poll of the sender tells.
 */
const firstPause = 1;
const longestPause = 16;

/** Where a datagram is read to before its length is known: one for all, since each is copied out at once. */
let landing: Buffer | undefined;

/** The sender of what failed. */
const nobody = inet('', 0);
const largest = 65_536;

/** The 4 or 16 bytes of an address inside its struct sockaddr, and the index of its zone's interface. */
const addressBytes = (family: InetFamily, host: string): { address: Uint8Array; scope: Uint8Array } => {
  const name = encodeSocketAddress(family, { host, port: 0 });
  return family === 'AF_INET'
    ? { address: name.subarray(4, 8), scope: name.subarray(0, 0) }
    : { address: name.subarray(8, 24), scope: name.subarray(24, 28) };
};

/** struct ip_mreq, group and interface's address; or struct ipv6_mreq, group and interface's index. */
const membership = (family: InetFamily, group: string, local: string | undefined): Uint8Array => {
  const at = addressBytes(family, local ?? '');
  return Buffer.concat([addressBytes(family, group).address, family === 'AF_INET' ? at.address : at.scope]);
};

const optionCalls = (calls: NativeSockets, fd: () => number, family: InetFamily): UdpOptions => {
  const numbers = optionsOf[family];
  const wanted = family === 'AF_INET' ? 4 : 6;
  const set = ([level, option]: readonly [number, number], value: number | Uint8Array): Status =>
    calls.setsockopt(fd(), level, option, value);
  const onGroup = (option: readonly [number, number], group: string, local: string | undefined): Status =>
    [group, local ?? group].every(host => literalFamily(host) === wanted)
      ? set(option, membership(family, group, local))
      : -EINVAL;
  return {
    setTtl: ttl => set(numbers.ttl, ttl),
    setBroadcast: on => set(SO_BROADCAST, Number(on)),
    setMulticastTtl: ttl => set(numbers.multicastTtl, ttl),
    setMulticastLoop: on => set(numbers.multicastLoop, Number(on)),
    setMulticastInterface: host => {
      if (literalFamily(host) !== wanted) return -EINVAL;
      const { address, scope } = addressBytes(family, host);
      return set(numbers.multicastInterface, family === 'AF_INET' ? address : scope);
    },
    addMembership: (group, local) => onGroup(numbers.join, group, local),
    dropMembership: (group, local) => onGroup(numbers.leave, group, local),
    bufferSize: (size, receive) => {
      const option = receive ? SO_RCVBUF : SO_SNDBUF;
      const status = size > 0 ? set(option, size) : 0;
      const [level, number] = option;
      const reading = calls.getInt(fd(), level, number);
      return status < 0 ? status : 'status' in reading ? reading.status : reading.value;
    },
  };
};

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

export const nativeUdpEnd = (calls: NativeSockets, bindings: Bindings, family: Family): UdpEnd => {
  const handle = new bindings.TCP(0);
  let fd = -1;
  const unsent = new UnsentDatagrams((data, to) =>
    to ? calls.sendTo(fd, family, data, to) : calls.send(fd, data),
  );
  /** Of a Unix socket: the file that its bind has made. */
  let file: BoundFile | null = null;
  let arrival: Arrival | null = null;
  let prepared = false;

  const take = () => {
    landing ??= Buffer.allocUnsafeSlow(largest);
    for (let count = 0; arrival && count < perTurn; count++) {
      const reading = calls.receive(fd, landing);
      if ('value' in reading) {
        const { length, from } = reading.value;
        arrival(length, landing.subarray(0, length), from);
      } else if (reading.status === notNow) return;
      else arrival(reading.status, landing.subarray(0, 0), nobody);
    }
  };

  return {
    native: true,
    fd: () => fd,
    open: () => {
      const made = calls.openSocket(family, 'SOCK_DGRAM');
      if (family === 'AF_UNIX' && made >= 0) ownerOnly(made);
      const status = made < 0 ? made : handle.open(made);
      if (status === 0) fd = made;
      else if (made >= 0) calls.close(made);
      return status;
    },
    bind: at => {
      const status = calls.bind(fd, family, at);
      if (status === 0) file = boundFile(at);
      return status;
    },
    connect: to => calls.connect(fd, family, to),
    disconnect: () => 0,
    send: (data, to, done) => unsent.send(data, to, done),
    withdraw: done => unsent.withdraw(done),
    shutdown: family === 'AF_UNIX' ? how => calls.shutdown(fd, how) : null,
    receive: then => {
      arrival = then;
      // With an empty buffer libuv does not read: it reports ENOBUFS, which says "readable" and takes nothing.
      // biome-ignore lint/correctness/useHookAtTopLevel: a handle's method, no hook of React's
      if (!prepared) handle.useUserBuffer(Buffer.alloc(0));
      prepared = true;
      handle.onread = take;
      return handle.readStart();
    },
    hold: () => {
      arrival = null;
      handle.readStop();
    },
    local: () => withInode(calls.local(fd), fd),
    peer: () => calls.peer(fd),
    close: done => {
      fd = -1;
      file?.remove();
      unsent.dispose();
      handle.close(done);
    },
    // A Unix socket refuses what is of IP, by whatever numbers.
    ...optionCalls(calls, () => fd, family === 'AF_UNIX' ? 'AF_INET' : family),
  };
};
