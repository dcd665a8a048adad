import type { Rows, Words } from './error-rows.ts';
import type { ErrorCode } from './error-table.ts';

const closedByPeer =
  'after the peer has closed, the first send still succeeds and brings a reset, the next one fails';
const icmp = 'an earlier datagram found no socket at {at}, and its machine said so (ICMP port unreachable)';
const hearing = 'open a UDP socket there; only a connected UDP socket hears of this, and at its next call';
const refusedDatagram: Words = ['transfer', icmp, hearing];
const noConnections = '{on} is a datagram socket: it has no connections to wait for';
const notConnected = 'connect first; a listener itself never has a peer, what it accepts has';
const oneOf = 'a port is one number for TCP and one for UDP; 0 lets the system pick a free one';

/** What people read about errors of the kernel. */
export const errnoWords: { readonly [C in ErrorCode]?: Rows } = {
  ECONNREFUSED: {
    any: [
      'connect',
      'nobody listens on {at}: its machine answered with a reset',
      'start a listener there, or check host and port',
    ],
    send: refusedDatagram,
    sendall: refusedDatagram,
    sendto: refusedDatagram,
    recv: refusedDatagram,
    recvfrom: refusedDatagram,
  },
  ECONNRESET: {
    any: [
      'transfer',
      'the peer reset the connection: it closed with data unread, was killed, or meant to',
      'what was in flight is lost; a peer that reads until EOF before it closes ends cleanly',
    ],
    connect: [
      'connect',
      '{at} reset the connection while it was being made',
      'the server is restarting or refuses you: try again',
    ],
  },
  ECONNABORTED: {
    any: [
      'connect',
      'the connection was given up before it was taken',
      'call again: the next one in the queue may be sound',
    ],
  },
  EPIPE: {
    any: [
      'transfer',
      '{on} can send no more: it was never connected, was shut down on this side, or its peer is gone',
      closedByPeer,
    ],
  },
  ESHUTDOWN: { any: ['transfer', '{on} was shut down for sending', 'make a new connection'] },
  ETIMEDOUT: {
    any: [
      'timeout',
      'the peer acknowledged nothing any more and the kernel gave up',
      'the network or the peer is gone: connect again',
    ],
    connect: [
      'timeout',
      '{at} did not answer: the kernel gave up sending SYNs',
      'the machine is off, or a firewall drops them; settimeout gives up sooner',
    ],
  },
  EADDRINUSE: {
    any: [
      'usage',
      '{at} is taken: another socket is bound to it',
      `end what holds it, or choose another port; ${oneOf}`,
    ],
    connect: [
      'connect',
      'every local port towards {at} is in use',
      'close some connections, or wait until TIME_WAIT is over',
    ],
    listen: [
      'usage',
      'another socket listens on the address of {on}',
      'end what holds it, or bind another port',
    ],
  },
  EADDRNOTAVAIL: {
    any: [
      'usage',
      '{host} is no address of this machine',
      'bind 127.0.0.1 (this machine only), or leave the host out for every interface',
    ],
    connect: [
      'connect',
      '{at} cannot be reached from the address that {on} has',
      'check the port (0 is none), and what {on} is bound to',
    ],
    sendto: [
      'transfer',
      '{at} cannot be reached from the address that {on} has',
      'check the port (0 is none), and what {on} is bound to',
    ],
  },
  EMSGSIZE: {
    any: [
      'transfer',
      'the datagram is too long: UDP carries at most 65,507 bytes over IPv4',
      'send it in pieces',
    ],
  },
  ENETUNREACH: {
    any: [
      'connect',
      'there is no route to the network of {at}',
      'check the address, and that the network is up',
    ],
  },
  EHOSTUNREACH: {
    any: ['connect', 'there is no way to {at}', 'the machine is off, or a router or firewall says no'],
  },
  ENETDOWN: {
    any: ['connect', 'the network interface towards {at} is down', 'bring it up, or use 127.0.0.1'],
  },
  EACCES: {
    any: [
      'usage',
      'the system does not permit {call} here',
      'a broadcast address needs setsockopt SOL_SOCKET SO_BROADCAST 1',
    ],
    bind: [
      'usage',
      'port {port} is privileged: on most systems only root may bind below 1024',
      'choose a port from 1024 up',
    ],
  },
  EPERM: {
    any: [
      'usage',
      'the system does not permit {call} here',
      'a firewall rule or a missing privilege forbids it',
    ],
  },
  EAGAIN: {
    any: [
      'timeout',
      '{call} would have to wait, and a timeout of 0 forbids that',
      'try again later, or settimeout',
    ],
  },
  EINPROGRESS: {
    any: [
      'connect',
      'the connect goes on in the background, as timeout 0 has it',
      'the socket is writable once it is done',
    ],
  },
  EALREADY: { any: ['connect', 'an earlier connect is still going on', 'wait until it has ended'] },
  ENOTCONN: {
    any: ['usage', '{on} has no peer', notConnected],
    shutdown: ['usage', '{on} has no connection to shut down', notConnected],
  },
  EISCONN: { any: ['usage', '{on} is connected already', 'a TCP socket connects once: make a new one'] },
  EINVAL: {
    any: [
      'usage',
      'the system does not take these arguments for {call}',
      'compare them with the manual page of {call}',
    ],
    accept: ['usage', '{on} does not listen', 'bind and listen first'],
    bind: ['usage', '{on} is bound already, and keeps that address', 'make a new socket for {at}'],
    listen: [
      'usage',
      '{on} is connected: a socket listens or talks, never both',
      'make a new socket to listen on',
    ],
  },
  EOPNOTSUPP: {
    any: ['usage', '{call} is nothing that a socket like {on} can do', 'use a socket of the other type'],
    listen: ['usage', noConnections, 'bind it and call recvfrom'],
    accept: ['usage', noConnections, 'call recvfrom: it gives data and sender'],
  },
  EBADF: { any: ['usage', '{on} is closed or was never made', 'make a new socket'] },
  EDESTADDRREQ: { any: ['usage', '{on} has no destination', 'use sendto with an address, or connect first'] },
  EAFNOSUPPORT: {
    any: ['usage', '{at} is of another family than {on}', 'make the socket of the family of the address'],
  },
  ENOPROTOOPT: {
    any: ['usage', 'the system does not know this option at this level', 'check level and option'],
  },
  EPROTONOSUPPORT: {
    any: ['usage', 'the system has no such protocol', 'use SOCK_STREAM (TCP) or SOCK_DGRAM (UDP)'],
  },
  EMFILE: {
    any: ['usage', 'this process may open no more files', 'close sockets, or raise the limit (ulimit -n)'],
  },
  ENFILE: { any: ['usage', 'the whole system may open no more files', 'close what is not needed'] },
  ENOBUFS: { any: ['transfer', 'the system has no buffer space left', 'send slower, or try again'] },
  ENOMEM: { any: ['usage', 'the system has no memory left for {call}', 'close what is not needed'] },
  ENODEV: {
    any: ['usage', 'there is no such network interface', 'list the interfaces and name one of them'],
  },
};
