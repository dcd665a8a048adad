import { isBase64 } from '../../core/bytes/base64.ts';
import type { Found, Outcome, Owner } from '../../core/calls/outcome.ts';
import { tlsEndings } from '../../core/model/tls.ts';
import { socketTypes } from '../../core/model/transports.ts';
import { errorCodes } from '../../core/words/error-table.ts';
import { marked, t } from '../../core/words/translate.ts';
import { bytesFromJson } from './json-bytes.ts';
import {
  always,
  kindOf,
  listOf,
  matching,
  misfit,
  objectOf,
  oneOf,
  optional,
  orNull,
  type Read,
  text,
  whole,
} from './reading.ts';
import { tlsFacts, wire } from './tls-schema.ts';
import { answer, askedPort, endpoint, inet, moved, socketOrFile, time } from './words-schema.ts';

type Kind<K extends Outcome['kind']> = Extract<Outcome, { kind: K }>;

const written = objectOf<{ text?: string; base64?: string }>({
  text: optional(text),
  base64: optional(matching(isBase64, 'base64')),
});

export const bytes: Read<Uint8Array> = value => {
  const { text: readable, base64: packed } = written(value);
  if ((readable === undefined) === (packed === undefined)) throw misfit(t('holds either text or base64'));
  return bytesFromJson(readable === undefined ? { base64: packed! } : { text: readable });
};

const local = optional(endpoint);
const number32 = whole(0, 2 ** 32, marked('the number of a process or a user'));

/** Whose the other end of a Unix socket is. */
export const owner = optional(objectOf<Owner>({ pid: number32, uid: number32 }));

const fallback = optional(text);
const note = optional(text);

const found = objectOf<Found>({
  kind: inet,
  host: text,
  port: askedPort,
  type: optional(oneOf([...socketTypes, 'SOCK_RAW'] as const, marked('type of socket'))),
  protocol: optional(moved),
});

/** How a call ended, as a session file keeps it: every kind, every field. */
export const outcome = kindOf<Outcome>('outcome', {
  none: objectOf<Kind<'none'>>({
    kind: always('none'),
    local,
    peer: optional(endpoint),
    owner,
    note,
    tls: optional(tlsFacts),
    wire: optional(wire),
  }),
  count: objectOf<Kind<'count'>>({
    kind: always('count'),
    count: moved,
    local,
    bytes: optional(moved),
    passed: optional(moved),
    note,
    wire: optional(wire),
  }),
  data: objectOf<Kind<'data'>>({
    kind: always('data'),
    data: bytes,
    from: optional(endpoint),
    lost: optional(moved),
    dropped: optional(moved),
    wire: optional(wire),
    ending: optional(oneOf(tlsEndings, marked('end of a stream'))),
  }),
  made: objectOf<Kind<'made'>>({
    kind: always('made'),
    name: socketOrFile,
    local,
    peer: optional(endpoint),
    owner,
  }),
  endpoint: objectOf<Kind<'endpoint'>>({ kind: always('endpoint'), endpoint }),
  endpoints: objectOf<Kind<'endpoints'>>({
    kind: always('endpoints'),
    endpoints: listOf(found),
    fallback,
  }),
  number: objectOf<Kind<'number'>>({ kind: always('number'), number: orNull(answer), fallback }),
  text: objectOf<Kind<'text'>>({ kind: always('text'), text, fallback }),
  unseen: objectOf<Kind<'unseen'>>({ kind: always('unseen') }),
  error: objectOf<Kind<'error'>>({
    kind: always('error'),
    code: oneOf(errorCodes, 'error'),
    timeWait: optional(time),
    there: optional(oneOf(['nobody', 'socket', 'file'], marked('state of a Unix socket'))),
    detail: optional(text),
    count: optional(moved),
    verify: optional(moved),
  }),
});
