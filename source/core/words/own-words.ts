import type { Rows, Words } from './error-rows.ts';
import type { ErrorCode } from './error-table.ts';
import { marked } from './translate.ts';

const outsidePorts: Words = [
  'usage',
  marked('port {port} is outside 0 to 65535'),
  marked('write a port in that range; 0 lets the system pick one'),
];

/** What people read about errors of the resolver. */
export const resolverWords: { readonly [C in ErrorCode]?: Rows } = {
  EAI_NONAME: {
    any: [
      'resolve',
      marked('no address is known for {host}'),
      marked('check the spelling; an address such as 127.0.0.1 needs no lookup'),
    ],
  },
  EAI_NODATA: {
    any: [
      'resolve',
      marked('{host} exists but has no address of this family'),
      marked('try the other family'),
    ],
  },
  EAI_AGAIN: {
    any: [
      'resolve',
      marked('the name server did not answer about {host}'),
      marked('check the network, and try again'),
    ],
  },
  EAI_FAIL: {
    any: [
      'resolve',
      marked('the name server could not answer about {host}'),
      marked('check the name server, and try again'),
    ],
  },
  EAI_FAMILY: {
    any: ['resolve', marked('the system looks up no names of this family'), marked('use AF_INET')],
  },
  EAI_ADDRFAMILY: {
    any: [
      'resolve',
      marked('{host} is no address of the family of {on}'),
      marked('make the socket of the family of the address'),
    ],
  },
  EAI_SERVICE: {
    any: ['resolve', marked('the service {service} is not known'), marked('write the port as a number')],
  },
  HOST_NOT_FOUND: {
    any: ['resolve', marked('{host} has no name'), marked('not every address has one: that is no fault')],
  },
  TRY_AGAIN: {
    any: [
      'resolve',
      marked('the name server did not answer about {host}'),
      marked('check the network, and try again'),
    ],
  },
  NO_SERVICE: {
    any: [
      'resolve',
      marked('no service {service} is listed for this protocol'),
      marked('the system looks in /etc/services; write the number instead'),
    ],
    getservbyport: [
      'resolve',
      marked('no service is listed for port {port} and this protocol'),
      marked('not every port has a name: that is no fault'),
    ],
  },
};

/** What people read about the bench's own: deadlines, cancelling, closing, what it refuses. */
export const benchWords: { readonly [C in ErrorCode]?: Rows } = {
  TIMEOUT: {
    any: [
      'timeout',
      marked('{call} was not done when the timeout of {on} had passed'),
      marked('settimeout gives it longer, or none waits for ever'),
    ],
    connect: [
      'timeout',
      marked('{at} did not answer within the timeout'),
      marked('a full backlog or a firewall drops SYNs without an answer'),
    ],
    wrap: [
      'timeout',
      marked('the peer did not do its part of the TLS handshake within the timeout'),
      marked('it may speak no TLS, or wait for bytes itself; the socket is closed with it, as in Python'),
    ],
    accept: [
      'timeout',
      marked('nobody connected to {on} within the timeout'),
      marked('settimeout none waits for ever; the socket still listens'),
    ],
    recv: [
      'timeout',
      marked('no byte came to {on} within the timeout'),
      marked('the connection is sound: call again, or see why the peer is silent'),
    ],
    recvfrom: [
      'timeout',
      marked('no datagram came to {on} within the timeout'),
      marked('datagrams may be lost: ask again, a few times'),
    ],
    sendall: [
      'timeout',
      marked('the buffers stayed full until the timeout of {on} had passed'),
      marked(
        'the peer does not read; what the kernel took still arrives, so the stream is cut somewhere: close it',
      ),
    ],
  },
  INTERRUPTED: {
    any: ['usage', marked('you cancelled {call}'), marked('the socket is as it was: call again')],
  },
  CLOSED: {
    any: [
      'usage',
      marked('you closed {on} while {call} was in flight'),
      marked('cancel a call before its socket is closed'),
    ],
  },
  OVERFLOW: {
    any: ['usage', marked('the number is beyond what {call} takes'), marked('write a smaller one')],
    bind: outsidePorts,
    connect: outsidePorts,
    sendto: outsidePorts,
    getservbyport: outsidePorts,
  },
  TYPE: {
    any: ['usage', marked('{call} takes a whole number here'), marked('write one, without a fraction')],
    setsockopt: [
      'usage',
      marked('setsockopt takes a whole number from -2147483648 to 2147483647 here, not {value}'),
      marked('write one of 32 bits: for any other value CPython wants the bytes of a structure'),
    ],
  },
  MEMORY: {
    any: [
      'usage',
      marked('so many bytes are more than the memory of this machine'),
      marked('ask for less at a time'),
    ],
  },
  STRUCT: {
    any: [
      'usage',
      marked('{value} does not fit into 32 bits'),
      marked('write a whole number of seconds up to 2147483647'),
    ],
  },
  NOT_OPENED_FOR: {
    any: [
      'usage',
      marked('{on} was not made for {call}'),
      marked('makefile rwb makes a file object for both directions'),
    ],
  },
  TIMED_OUT_OBJECT: {
    any: [
      'timeout',
      marked('a timeout has broken the buffer of {on}: it refuses to read on'),
      marked('read from the socket itself, or make a new file object'),
    ],
  },
  SSL_WANT_READ: {
    any: [
      'timeout',
      marked('{call} would have to wait for the peer, and a timeout of 0 forbids that'),
      marked('try again later, or settimeout'),
    ],
  },
  SSL_WANT_WRITE: {
    any: [
      'timeout',
      marked('{call} would have to wait for room, and a timeout of 0 forbids that'),
      marked('try again later, or settimeout'),
    ],
  },
  NOT_IMPLEMENTED: {
    any: ['usage', marked('{on} carries no stream: TLS needs one'), marked('wrap a socket of SOCK_STREAM')],
  },
  VALUE: {
    any: [
      'usage',
      marked('{call} does not take this value'),
      marked('see in the list of calls what it takes'),
    ],
  },
  UNSUPPORTED: {
    any: ['usage', marked('this machine cannot do that'), marked('sockbench doctor lists what it can')],
  },
};
