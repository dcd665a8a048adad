import fc from 'fast-check';
import type { Endpoint, InetEndpoint, UnixEndpoint } from '../../source/core/addresses/endpoint.ts';
import type { Bytes } from '../../source/core/bytes/bytes.ts';
import type { Call, CallName } from '../../source/core/calls/call.ts';
import type { Parameter, ParameterKind } from '../../source/core/calls/call-spec.ts';
import { callNames, calls, made } from '../../source/core/calls/calls.ts';
import { tlsVersions } from '../../source/core/model/tls.ts';
import { families, socketTypes } from '../../source/core/model/transports.ts';

/** Any string at all: controls, bidi, lone surrogates. */
export const anyText = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme' }),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 8 }).map(units => String.fromCharCode(...units)),
  fc.constantFrom(
    '',
    '\0',
    '\x001',
    '"',
    "'",
    '\\',
    '\\n',
    '\x1b[2J',
    '\u202e',
    'a b',
    '# x',
    '$port',
    '=> ok',
    '\ud83d',
  ),
);

/** Any bytes, valid UTF-8 and broken. */
export const anyBytes = fc.oneof(
  fc.uint8Array({ maxLength: 40 }),
  fc.string({ unit: 'binary' }).map(text => new TextEncoder().encode(text)),
  fc
    .array(
      fc.constantFrom(0x00, 0x31, 0x5c, 0x22, 0x80, 0xbf, 0xc2, 0xe2, 0xed, 0xa0, 0xf0, 0x9f, 0xf4, 0xff),
      {
        maxLength: 12,
      },
    )
    .map(bytes => Uint8Array.from(bytes)),
);

const host = fc.oneof(
  fc.ipV4(),
  fc.ipV6(),
  fc.domain(),
  fc.constantFrom(
    '',
    '*',
    'localhost',
    '::',
    '::1',
    'fe80::1%eth0',
    '::ffff:127.0.0.1',
    'no such host',
    '[',
    'a:b',
    '127.1',
  ),
  anyText,
);

const service = fc.oneof(fc.constantFrom('http', 'iso-tsap', '3com', 'x"y', '80', '-1', ''), anyText);

export const anyInetEndpoint: fc.Arbitrary<InetEndpoint> = fc.record({
  kind: fc.constant('inet' as const),
  host,
  port: fc.oneof(fc.integer({ min: 0, max: 65535 }), service),
});

const path = fc.oneof(
  fc.constantFrom('', '/', '/run/a.sock', 'a.sock', '//a', '@a', '/a b', '/tmp/"q"', '../x', 'https://a'),
  anyText.map(text => text.replaceAll('\0', '')),
  anyText.map(text => `\0${text}`),
);

const anyUnixEndpoint: fc.Arbitrary<UnixEndpoint> = fc.record({ kind: fc.constant('unix' as const), path });

/** Of each kind of address, what makes one. */
export type EndpointsByKind = {
  readonly [K in Endpoint['kind']]: fc.Arbitrary<Extract<Endpoint, { kind: K }>>;
};

const endpointsByKind: EndpointsByKind = { inet: anyInetEndpoint, unix: anyUnixEndpoint };

export const anyEndpoint: fc.Arbitrary<Endpoint> = fc.oneof(...Object.values(endpointsByKind));

const bytesArgument: fc.Arbitrary<Bytes> = fc.oneof(
  anyBytes.chain(data =>
    fc.constantFrom<Bytes>(
      { kind: 'literal', data, notation: 'text' },
      { kind: 'literal', data, notation: 'hex' },
    ),
  ),
  fc.record({
    kind: fc.constant('repeat' as const),
    size: fc.oneof(fc.integer({ min: 0, max: 1024 ** 3 }), fc.constantFrom(65536, 64 * 1024 ** 2)),
    unit: anyBytes.filter(unit => unit.length > 0),
  }),
  anyText.filter(path => path !== '').map((path): Bytes => ({ kind: 'file', path, data: null })),
);

const identifier = fc.stringMatching(/^[A-Z][A-Z0-9_]{0,12}$/);

/** Numbers that a call is handed as they are: -0 is 0. */
const anyWhole = fc.oneof(
  fc.integer({ min: 0, max: 1024 ** 3 }),
  fc.maxSafeInteger(),
  fc.constantFrom(-1, 2 ** 31, 2 ** 63, -(2 ** 63), 2 ** 64, 1e30),
);

const kinds: Record<ParameterKind, fc.Arbitrary<unknown>> = {
  family: fc.constantFrom(...families),
  type: fc.constantFrom(...socketTypes),
  endpoint: anyEndpoint,
  bytes: bytesArgument,
  size: fc.oneof(anyWhole, fc.constantFrom(4096, 1536)),
  count: anyWhole,
  flags: fc.uniqueArray(fc.constantFrom('MSG_PEEK', 'MSG_WAITALL', 'MSG_DONTWAIT'), { minLength: 1 }),
  sendFlags: fc.constant(['MSG_OOB']),
  how: fc.constantFrom('SHUT_RD', 'SHUT_WR', 'SHUT_RDWR'),
  timeout: fc.oneof(
    fc.constant(null),
    fc.integer({ min: 0, max: 2 ** 31 - 1 }),
    fc.integer({ min: -(10 ** 9), max: 10 ** 9 }).map(us => us / 1000 || 0),
  ),
  word: identifier,
  text: anyText,
  value: fc.oneof(anyWhole, anyText),
  host: fc.oneof(fc.constantFrom(null, 'None'), anyText),
  side: fc.constantFrom('client', 'server'),
  tls: fc
    .record(
      {
        serverHostname: anyText,
        cafile: anyText,
        certfile: anyText,
        keyfile: anyText,
        alpn: fc.array(fc.constantFrom('h2', 'http/1.1', 'x y'), { minLength: 1 }),
        min: fc.constantFrom(...tlsVersions),
        max: fc.constantFrom(...tlsVersions),
        insecure: fc.constant(true as const),
      },
      { requiredKeys: [] },
    )
    .filter(settings => Object.keys(settings).length > 0),
  wants: fc.array(
    fc.record({ on: fc.constantFrom('p1.3', 'p2.4b', 'fd0'), reads: fc.boolean(), writes: fc.boolean() }),
    { maxLength: 3 },
  ),
  port: fc.oneof(fc.constantFrom(null, 'None'), fc.integer({ min: 0, max: 65535 }), anyText),
};

const number = fc.integer({ min: 1, max: 999 });
const ownName = fc.tuple(fc.constantFrom('c', 's', 'a', 'u'), number).map(parts => parts.join(''));
const socketName = fc.oneof(ownName, fc.constantFrom('p1.4', 'p12.0b'));
const fileName = number.map(n => `f${n}`);

const resultName = (name: CallName): fc.Arbitrary<string> => {
  const makes = made(name);
  if (makes !== null) return makes === 'file' ? fileName : ownName;
  return fc.constantFrom('me', 'x', 'how_much', 'Zeit2');
};

const subjects = {
  module: fc.constant(''),
  socket: socketName,
  file: fileName,
  process: fc.constantFrom('p1', 'p23'),
};

/** Optional arguments can only be left out from the right. */
const fieldsOf = (parameters: readonly Parameter[]): fc.Arbitrary<object> => {
  const required = parameters.filter(parameter => !parameter.optional).length;
  return fc
    .integer({ min: required, max: parameters.length })
    .chain(count =>
      fc.record(
        Object.fromEntries(parameters.slice(0, count).map(({ field, kind }) => [field, kinds[kind]])),
      ),
    );
};

const callOf = (name: CallName): fc.Arbitrary<Call> =>
  fc
    .record({
      head: fc.oneof(...calls[name].on.map(subject => subjects[subject])),
      as: fc.option(resultName(name), { nil: undefined }),
      fields: fieldsOf(calls[name].parameters),
    })
    .map(
      ({ head, as, fields }) => ({ name, on: head, ...(as === undefined ? {} : { as }), ...fields }) as Call,
    );

/** Any call of the table that a line can hold. */
export const anyCall: fc.Arbitrary<Call> = fc.oneof(...callNames.map(callOf));

/** What could steer a terminal, or hide. */
export const unsafe = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u;
