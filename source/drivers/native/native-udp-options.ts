import { constants } from 'node:os';
import type { Family, InetFamily } from '../../core/model/names.ts';
import type { Status, UdpOptions } from '../sockets/ends.ts';
import { literalFamily } from '../system/literal.ts';
import type { NativeSockets } from './native-socket.ts';
import { encodeSocketAddress } from './socket-address.ts';

type OptionNumber = readonly [level: number, option: number];

/** From asm-generic/socket.h, linux/in.h and linux/in6.h of the kernel: [level, option]. */
const SO_BROADCAST = [1, 6] as const;
const SO_SNDBUF = [1, 7] as const;
const SO_RCVBUF = [1, 8] as const;
const numbersOf = {
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

/** The options of a UDP socket by setsockopt(2). */
export class NativeUdpOptions implements UdpOptions {
  protected readonly calls: NativeSockets;
  protected readonly family: Family;
  /** The socket's descriptor, -1 where it has none. */
  protected descriptor = -1;

  constructor(calls: NativeSockets, family: Family) {
    this.calls = calls;
    this.family = family;
  }

  setTtl(ttl: number): Status {
    return this.set(this.numbers.ttl, ttl);
  }

  setBroadcast(on: boolean): Status {
    return this.set(SO_BROADCAST, Number(on));
  }

  setMulticastTtl(ttl: number): Status {
    return this.set(this.numbers.multicastTtl, ttl);
  }

  setMulticastLoop(on: boolean): Status {
    return this.set(this.numbers.multicastLoop, Number(on));
  }

  setMulticastInterface(host: string): Status {
    if (!this.isOwn(host)) return -EINVAL;
    const { address, scope } = addressBytes(this.inet, host);
    return this.set(this.numbers.multicastInterface, this.inet === 'AF_INET' ? address : scope);
  }

  addMembership(group: string, local: string | undefined): Status {
    return this.onGroup(this.numbers.join, group, local);
  }

  dropMembership(group: string, local: string | undefined): Status {
    return this.onGroup(this.numbers.leave, group, local);
  }

  bufferSize(size: number, receive: boolean): Status {
    const option = receive ? SO_RCVBUF : SO_SNDBUF;
    const [level, number] = option;
    const status = size > 0 ? this.set(option, size) : 0;
    const reading = this.calls.getInt(this.descriptor, level, number);
    return status < 0 ? status : 'status' in reading ? reading.status : reading.value;
  }

  /** A Unix socket refuses what is of IP, by whatever numbers. */
  private get inet(): InetFamily {
    return this.family === 'AF_UNIX' ? 'AF_INET' : this.family;
  }

  private get numbers() {
    return numbersOf[this.inet];
  }

  private isOwn(host: string): boolean {
    return literalFamily(host) === (this.inet === 'AF_INET' ? 4 : 6);
  }

  private onGroup(option: OptionNumber, group: string, local: string | undefined): Status {
    return [group, local ?? group].every(host => this.isOwn(host))
      ? this.set(option, membership(this.inet, group, local))
      : -EINVAL;
  }

  private set([level, option]: OptionNumber, value: number | Uint8Array): Status {
    return this.calls.setsockopt(this.descriptor, level, option, value);
  }
}
