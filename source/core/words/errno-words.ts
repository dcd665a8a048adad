import type { Rows, Words } from './error-rows.ts';
import type { ErrorCode } from './error-table.ts';
import { marked } from './translate.ts';

const closedByPeer = marked(
  'after the peer has closed, the first send still succeeds and brings a reset, the next one fails',
);
const icmp = marked(
  'an earlier datagram found no socket at {at}, and its machine said so (ICMP port unreachable)',
);
const hearing = marked(
  'open a UDP socket there; only a connected UDP socket hears of this, and at its next call',
);
const refusedDatagram: Words = ['transfer', icmp, hearing];
const noConnections = marked('{on} is a datagram socket: it has no connections to wait for');
const notConnected = marked('connect first; a listener itself never has a peer, what it accepts has');

/** What people read about errors of the kernel. */
export const errnoWords: { readonly [C in ErrorCode]?: Rows } = {
  ECONNREFUSED: {
    any: [
      'connect',
      marked('nobody listens on {at}: its machine answered with a reset'),
      marked('start a listener there, or check host and port'),
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
      marked('the peer reset the connection: it closed with data unread, was killed, or meant to'),
      marked('what was in flight is lost; a peer that reads until EOF before it closes ends cleanly'),
    ],
    connect: [
      'connect',
      marked('{at} reset the connection while it was being made'),
      marked('the server is restarting or refuses you: try again'),
    ],
  },
  ECONNABORTED: {
    any: [
      'connect',
      marked('the connection was given up before it was taken'),
      marked('call again: the next one in the queue may be sound'),
    ],
  },
  EPIPE: {
    any: [
      'transfer',
      marked(
        '{on} can send no more: it was never connected, was shut down on this side, or its peer is gone',
      ),
      closedByPeer,
    ],
  },
  ESHUTDOWN: { any: ['transfer', marked('{on} was shut down for sending'), marked('make a new connection')] },
  ETIMEDOUT: {
    any: [
      'timeout',
      marked('the peer acknowledged nothing any more and the kernel gave up'),
      marked('the network or the peer is gone: connect again'),
    ],
    connect: [
      'timeout',
      marked('{at} did not answer: the kernel gave up sending SYNs'),
      marked('the machine is off, or a firewall drops them; settimeout gives up sooner'),
    ],
  },
  EADDRINUSE: {
    any: [
      'usage',
      marked('{at} is taken: another socket is bound to it'),
      marked(
        'end what holds it, or choose another port; a port is one number for TCP and one for UDP; 0 lets the system pick a free one',
      ),
    ],
    connect: [
      'connect',
      marked('every local port towards {at} is in use'),
      marked('close some connections, or wait until TIME_WAIT is over'),
    ],
    listen: [
      'usage',
      marked('another socket listens on the address of {on}'),
      marked('end what holds it, or bind another port'),
    ],
  },
  EADDRNOTAVAIL: {
    any: [
      'usage',
      marked('{host} is no address of this machine'),
      marked('bind 127.0.0.1 (this machine only), or leave the host out for every interface'),
    ],
    connect: [
      'connect',
      marked('{at} cannot be reached from the address that {on} has'),
      marked('check the port (0 is none), and what {on} is bound to'),
    ],
    sendto: [
      'transfer',
      marked('{at} cannot be reached from the address that {on} has'),
      marked('check the port (0 is none), and what {on} is bound to'),
    ],
  },
  EMSGSIZE: {
    any: [
      'transfer',
      marked('the datagram is too long: UDP carries at most 65,507 bytes over IPv4'),
      marked('send it in pieces'),
    ],
  },
  ENETUNREACH: {
    any: [
      'connect',
      marked('there is no route to the network of {at}'),
      marked('check the address, and that the network is up'),
    ],
  },
  EHOSTUNREACH: {
    any: [
      'connect',
      marked('there is no way to {at}'),
      marked('the machine is off, or a router or firewall says no'),
    ],
  },
  ENETDOWN: {
    any: [
      'connect',
      marked('the network interface towards {at} is down'),
      marked('bring it up, or use 127.0.0.1'),
    ],
  },
  EACCES: {
    any: [
      'usage',
      marked('the system does not permit {call} here'),
      marked('a broadcast address needs setsockopt SOL_SOCKET SO_BROADCAST 1'),
    ],
    bind: [
      'usage',
      marked('port {port} is privileged: on most systems only root may bind below 1024'),
      marked('choose a port from 1024 up'),
    ],
  },
  EPERM: {
    any: [
      'usage',
      marked('the system does not permit {call} here'),
      marked('a firewall rule or a missing privilege forbids it'),
    ],
  },
  EAGAIN: {
    any: [
      'timeout',
      marked('{call} would have to wait, and a timeout of 0 forbids that'),
      marked('try again later, or settimeout'),
    ],
  },
  EINPROGRESS: {
    any: [
      'connect',
      marked('the connect goes on in the background, as timeout 0 has it'),
      marked('the socket is writable once it is done'),
    ],
  },
  EALREADY: {
    any: ['connect', marked('an earlier connect is still going on'), marked('wait until it has ended')],
  },
  ENOTCONN: {
    any: ['usage', marked('{on} has no peer'), notConnected],
    shutdown: ['usage', marked('{on} has no connection to shut down'), notConnected],
  },
  EISCONN: {
    any: ['usage', marked('{on} is connected already'), marked('a TCP socket connects once: make a new one')],
  },
  EINVAL: {
    any: [
      'usage',
      marked('the system does not take these arguments for {call}'),
      marked('compare them with the manual page of {call}'),
    ],
    accept: ['usage', marked('{on} does not listen'), marked('bind and listen first')],
    bind: [
      'usage',
      marked('{on} is bound already, and keeps that address'),
      marked('make a new socket for {at}'),
    ],
    listen: [
      'usage',
      marked('{on} is connected: a socket listens or talks, never both'),
      marked('make a new socket to listen on'),
    ],
  },
  EOPNOTSUPP: {
    any: [
      'usage',
      marked('{call} is nothing that a socket like {on} can do'),
      marked('use a socket of the other type'),
    ],
    listen: ['usage', noConnections, marked('bind it and call recvfrom')],
    accept: ['usage', noConnections, marked('call recvfrom: it gives data and sender')],
  },
  EBADF: { any: ['usage', marked('{on} is closed or was never made'), marked('make a new socket')] },
  EDESTADDRREQ: {
    any: ['usage', marked('{on} has no destination'), marked('use sendto with an address, or connect first')],
  },
  EAFNOSUPPORT: {
    any: [
      'usage',
      marked('{at} is of another family than {on}'),
      marked('make the socket of the family of the address'),
    ],
  },
  ENOPROTOOPT: {
    any: [
      'usage',
      marked('the system does not know this option at this level'),
      marked('check level and option'),
    ],
  },
  EPROTONOSUPPORT: {
    any: [
      'usage',
      marked('the system has no such protocol'),
      marked('use SOCK_STREAM (TCP) or SOCK_DGRAM (UDP)'),
    ],
  },
  EMFILE: {
    any: [
      'usage',
      marked('this process may open no more files'),
      marked('close sockets, or raise the limit (ulimit -n)'),
    ],
  },
  ENFILE: {
    any: ['usage', marked('the whole system may open no more files'), marked('close what is not needed')],
  },
  ENOBUFS: {
    any: ['transfer', marked('the system has no buffer space left'), marked('send slower, or try again')],
  },
  ENOMEM: {
    any: ['usage', marked('the system has no memory left for {call}'), marked('close what is not needed')],
  },
  ENODEV: {
    any: [
      'usage',
      marked('there is no such network interface'),
      marked('list the interfaces and name one of them'),
    ],
  },
};
