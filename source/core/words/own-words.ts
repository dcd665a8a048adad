import type { Rows, Words } from './error-rows.ts';
import type { ErrorCode } from './error-table.ts';

const outsidePorts: Words = [
  'usage',
  'port {port} is outside 0 to 65535',
  'write a port in that range; 0 lets the system pick one',
];

/** What people read about errors of the resolver. */
export const resolverWords: { readonly [C in ErrorCode]?: Rows } = {
  EAI_NONAME: {
    any: [
      'resolve',
      'no address is known for {host}',
      'check the spelling; an address such as 127.0.0.1 needs no lookup',
    ],
  },
  EAI_NODATA: { any: ['resolve', '{host} exists but has no address of this family', 'try the other family'] },
  EAI_AGAIN: {
    any: ['resolve', 'the name server did not answer about {host}', 'check the network, and try again'],
  },
  EAI_FAIL: {
    any: ['resolve', 'the name server could not answer about {host}', 'check the name server, and try again'],
  },
  EAI_FAMILY: { any: ['resolve', 'the system looks up no names of this family', 'use AF_INET'] },
  EAI_ADDRFAMILY: {
    any: [
      'resolve',
      '{host} is no address of the family of {on}',
      'make the socket of the family of the address',
    ],
  },
  EAI_SERVICE: { any: ['resolve', 'the service {service} is not known', 'write the port as a number'] },
  HOST_NOT_FOUND: { any: ['resolve', '{host} has no name', 'not every address has one: that is no fault'] },
  TRY_AGAIN: {
    any: ['resolve', 'the name server did not answer about {host}', 'check the network, and try again'],
  },
  NO_SERVICE: {
    any: [
      'resolve',
      'no service {service} is listed for this protocol',
      'the system looks in /etc/services; write the number instead',
    ],
    getservbyport: [
      'resolve',
      'no service is listed for port {port} and this protocol',
      'not every port has a name: that is no fault',
    ],
  },
};

/** What people read about the bench's own: deadlines, cancelling, closing, what it refuses. */
export const benchWords: { readonly [C in ErrorCode]?: Rows } = {
  TIMEOUT: {
    any: [
      'timeout',
      '{call} was not done when the timeout of {on} had passed',
      'settimeout gives it longer, or none waits for ever',
    ],
    connect: [
      'timeout',
      '{at} did not answer within the timeout',
      'a full backlog or a firewall drops SYNs without an answer',
    ],
    wrap: [
      'timeout',
      'the peer did not do its part of the TLS handshake within the timeout',
      'it may speak no TLS, or wait for bytes itself; the socket is closed with it, as in Python',
    ],
    accept: [
      'timeout',
      'nobody connected to {on} within the timeout',
      'settimeout none waits for ever; the socket still listens',
    ],
    recv: [
      'timeout',
      'no byte came to {on} within the timeout',
      'the connection is sound: call again, or see why the peer is silent',
    ],
    recvfrom: [
      'timeout',
      'no datagram came to {on} within the timeout',
      'datagrams may be lost: ask again, a few times',
    ],
    sendall: [
      'timeout',
      'the buffers stayed full until the timeout of {on} had passed',
      'the peer does not read; what the kernel took still arrives, so the stream is cut somewhere: close it',
    ],
  },
  INTERRUPTED: { any: ['usage', 'you cancelled {call}', 'the socket is as it was: call again'] },
  CLOSED: {
    any: ['usage', 'you closed {on} while {call} was in flight', 'cancel a call before its socket is closed'],
  },
  OVERFLOW: {
    any: ['usage', 'the number is beyond what {call} takes', 'write a smaller one'],
    bind: outsidePorts,
    connect: outsidePorts,
    sendto: outsidePorts,
    getservbyport: outsidePorts,
  },
  TYPE: {
    any: ['usage', '{call} takes a whole number here', 'write one, without a fraction'],
    setsockopt: [
      'usage',
      'setsockopt takes a whole number from -2147483648 to 2147483647 here, not {value}',
      'write one of 32 bits: for any other value CPython wants the bytes of a structure',
    ],
  },
  MEMORY: {
    any: ['usage', 'so many bytes are more than the memory of this machine', 'ask for less at a time'],
  },
  STRUCT: {
    any: ['usage', '{value} does not fit into 32 bits', 'write a whole number of seconds up to 2147483647'],
  },
  NOT_OPENED_FOR: {
    any: ['usage', '{on} was not made for {call}', 'makefile rwb makes a file object for both directions'],
  },
  TIMED_OUT_OBJECT: {
    any: [
      'timeout',
      'a timeout has broken the buffer of {on}: it refuses to read on',
      'read from the socket itself, or make a new file object',
    ],
  },
  SSL_WANT_READ: {
    any: [
      'timeout',
      '{call} would have to wait for the peer, and a timeout of 0 forbids that',
      'try again later, or settimeout',
    ],
  },
  SSL_WANT_WRITE: {
    any: [
      'timeout',
      '{call} would have to wait for room, and a timeout of 0 forbids that',
      'try again later, or settimeout',
    ],
  },
  NOT_IMPLEMENTED: {
    any: ['usage', '{on} carries no stream: TLS needs one', 'wrap a socket of SOCK_STREAM'],
  },
  VALUE: { any: ['usage', '{call} does not take this value', 'see in the list of calls what it takes'] },
  UNSUPPORTED: { any: ['usage', 'this machine cannot do that', 'sockbench doctor lists what it can'] },
};
