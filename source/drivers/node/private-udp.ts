import { constants } from 'node:os';
import { type InetEndpoint, inet } from '../../core/addresses/endpoint.ts';
import type { InetFamily } from '../../core/model/names.ts';
import type { UdpEnd } from '../sockets/ends.ts';
import { isInetLiteral } from '../system/literal.ts';
import { anyDescriptor } from '../system/spare-descriptor.ts';
import { type Bindings, localOf, peerOf, request } from './private-handles.ts';

const UV_UDP_IPV6ONLY = 1;
const UV_UDP_REUSEADDR = 4;
const { EAFNOSUPPORT, EINVAL } = constants.errno;
const nothing = Buffer.alloc(0);

export const privateUdpEnd = (bindings: Bindings, family: InetFamily): UdpEnd => {
  const handle = new bindings.UDP();
  const v6 = family === 'AF_INET6';
  let sender: InetEndpoint = inet('', 0);
  return {
    native: false,
    fd: () => handle.fd,
    open: anyDescriptor,
    bind: (at, { v6only, reuseAddr }) => {
      if (!isInetLiteral(at)) return -EAFNOSUPPORT;
      const { host } = at;
      const port = Number(at.port);
      const flags = (v6 && v6only ? UV_UDP_IPV6ONLY : 0) | (reuseAddr ? UV_UDP_REUSEADDR : 0);
      return v6 ? handle.bind6(host, port, flags) : handle.bind(host, port, flags);
    },
    connect: to => {
      if (!isInetLiteral(to)) return -EAFNOSUPPORT;
      const port = Number(to.port);
      return v6 ? handle.connect6(to.host, port) : handle.connect(to.host, port);
    },
    disconnect: () => handle.disconnect(),
    withdraw: () => false,
    shutdown: null,
    send: (data, to, done) => {
      if (to && !isInetLiteral(to)) return -EAFNOSUPPORT;
      const attempt = request(bindings.SendWrap, done, data);
      const rest = to ? [Number(to.port), to.host, true] : [true];
      const status = v6
        ? handle.send6(attempt, [data], 1, ...rest)
        : handle.send(attempt, [data], 1, ...rest);
      // Sent at once: the count plus one. 0: queued.
      return status > 0 ? status - 1 : status === 0 ? 'later' : status;
    },
    receive: arrival => {
      handle.onmessage = (nread, _handle, data, from) => {
        // Mostly the same sender again: one object for all of its datagrams.
        if (from?.address !== sender.host || from.port !== sender.port)
          sender = inet(from?.address ?? '', from?.port ?? 0);
        arrival(nread, data ?? nothing, sender);
      };
      return handle.recvStart();
    },
    hold: () => {
      handle.recvStop();
    },
    local: () => localOf(handle),
    peer: () => peerOf(handle),
    close: done => handle.close(done),
    setTtl: ttl => handle.setTTL(ttl),
    setBroadcast: on => handle.setBroadcast(on ? 1 : 0),
    setMulticastTtl: ttl => handle.setMulticastTTL(ttl),
    setMulticastLoop: on => handle.setMulticastLoopback(on ? 1 : 0),
    setMulticastInterface: address => handle.setMulticastInterface(address),
    addMembership: (group, local) => handle.addMembership(group, local),
    dropMembership: (group, local) => handle.dropMembership(group, local),
    bufferSize: (size, receive) => {
      const context: { errno?: number } = {};
      return handle.bufferSize(size, receive, context) ?? context.errno ?? -EINVAL;
    },
  };
};
