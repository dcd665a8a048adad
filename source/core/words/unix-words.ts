import type { Call } from '../calls/call.ts';
import type { Failure, There } from '../calls/outcome.ts';
import type { Rows, Words } from './error-rows.ts';
import type { ErrorCode } from './error-table.ts';
import { marked } from './translate.ts';

const atOnce = marked('a socket binds to a name that is new: remove the file, or choose another path');

/** A bind(2) that found its name taken (unix(7)). */
const taken: Readonly<Record<There, Words>> = {
  nobody: [
    'usage',
    marked('{at} is left over: the file is there, and the socket that made it is gone'),
    marked('remove the file and bind again: nobody is cut off by that'),
  ],
  socket: [
    'usage',
    marked('{at} is taken: a living socket is bound to it'),
    marked('end what holds it, or choose another path; a file removed under it leaves it without a name'),
  ],
  file: ['usage', marked('{at} is a file that is no socket'), atOnce],
};

const otherType: Words = [
  'connect',
  marked('{at} is a Unix socket of the other type'),
  marked('a stream socket talks to SOCK_STREAM, a datagram socket (-u) to SOCK_DGRAM'),
];

const gone: Words = [
  'transfer',
  marked('the socket that {on} sends to is closed'),
  marked('connect again, or send to an address that somebody is bound to'),
];

/** What people read about errors of calls with the address of a Unix socket (unix(7), path_resolution(7)). */
export const unixRows: { readonly [C in ErrorCode]?: Rows } = {
  ECONNREFUSED: {
    any: [
      'connect',
      marked('nobody listens on {at}, although the file is there'),
      marked('start its server; where that ended without removing the file, it makes it anew'),
    ],
  },
  ENOENT: {
    any: [
      'connect',
      marked('{at} is not there: no socket has been bound to it'),
      marked('start its server, or check the path'),
    ],
    bind: [
      'usage',
      marked('the folder of {at} is not there'),
      marked('make the folder first, or check the path'),
    ],
  },
  ENOTDIR: { any: ['usage', marked('a part of {at} is a file and no folder'), marked('check the path')] },
  EACCES: {
    any: [
      'connect',
      marked('no permission to write to {at}, or to pass one of its folders'),
      marked('connecting takes the right to write to the socket file: ask its owner, or run as another user'),
    ],
    bind: [
      'usage',
      marked('no permission to make a file at {at}'),
      marked('choose a folder of your own, or one that everybody may write to, such as /tmp'),
    ],
  },
  EROFS: {
    any: ['usage', marked('{at} is on a file system that is read only'), marked('choose another folder')],
  },
  EPROTOTYPE: { any: otherType },
  EAGAIN: {
    connect: [
      'connect',
      marked('the accept queue of {at} is full'),
      marked('with a timeout connect gives up at once then; settimeout none waits for a place in the queue'),
    ],
  },
  PATH_TOO_LONG: {
    any: [
      'usage',
      marked('{at} is too long: a path has at most 107 bytes'),
      marked('choose a shorter one, or a relative path'),
    ],
  },
  TYPE: {
    any: [
      'usage',
      marked('{at} is of another family than {on}'),
      marked('make the socket of the family of the address'),
    ],
  },
};

/** An abstract name is no file, and there as long as a socket has it. */
const nobodyHasName: Words = [
  'connect',
  marked('nobody listens on {at}'),
  marked('start its server, or check the name'),
];

/** The words for a failure where a Unix socket's address is concerned; undefined for the words that hold for all. */
export const unixWordsOf = ({ code, there }: Failure, call: Call): Words | undefined => {
  if (code === 'TYPE' && 'address' in call && call.address.kind === 'inet') return undefined;
  if (there !== undefined) return code === 'EADDRINUSE' ? taken[there] : gone;
  if (!('address' in call) || call.address.kind !== 'unix') return undefined;
  if (code === 'ECONNREFUSED' && call.address.path.startsWith('\0')) return nobodyHasName;
  const rows = unixRows[code];
  return rows?.[call.name] ?? rows?.any;
};
