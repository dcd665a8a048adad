import fc from 'fast-check';
import type { Endpoint, InetEndpoint, UnixEndpoint } from '../../source/core/addresses/endpoint.ts';
import { programs } from '../../source/core/model/actors.ts';
import type { ProcessId } from '../../source/core/model/process.ts';
import { anyText, type EndpointsByKind } from '../core/arbitraries.ts';

/** Times as the file keeps them: milliseconds to the microsecond. */
export const time = fc.integer({ min: 0, max: 10 ** 12 }).map(us => us / 1000);

export const count = fc.integer({ min: 0, max: 2 ** 40 });

/** Bytes that one call moved. */
export const moved = fc.integer({ min: 0, max: 2 ** 32 });

export const optional = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined });

export const program = fc.constantFrom(...programs);

export const name = fc.oneof(
  fc.tuple(fc.constantFrom('c', 's', 'a', 'u'), fc.integer({ min: 1, max: 99 })).map(parts => parts.join('')),
  fc.constantFrom('p1.4', 'p7.3c'),
);

export const process = fc.constantFrom<ProcessId>('p1', 'p2', 'p7');

export const processThread = fc.constantFrom('p1/4711', 'p2/4712', 'p7/1');

/** What JSON cannot hold is left out, as it is in the file: fields that are not there. */
export const compact = <T extends object>(value: T): T =>
  Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as T;

export const literalInet: fc.Arbitrary<InetEndpoint> = fc.record({
  kind: fc.constant('inet' as const),
  host: fc.oneof(fc.ipV4(), fc.ipV6()),
  port: fc.integer({ min: 0, max: 65535 }),
});

const unixEndpoint: fc.Arbitrary<UnixEndpoint> = fc
  .record({ kind: fc.constant('unix' as const), path: anyText, inode: optional(fc.nat()) })
  .map(compact);

const literalByKind: EndpointsByKind = { inet: literalInet, unix: unixEndpoint };

export const literalEndpoint: fc.Arbitrary<Endpoint> = fc.oneof(...Object.values(literalByKind));

/** Names of hosts and of services too, where a call may have been given them. */
export const askedEndpoint: fc.Arbitrary<InetEndpoint> = fc.record({
  kind: fc.constant('inet' as const),
  host: anyText,
  port: fc.oneof(fc.integer({ min: 0, max: 65_535 }), anyText),
});

export const id = fc.integer({ min: 1, max: 2 ** 40 });

export const thread = fc.oneof(
  fc.constantFrom('', 'client', 'tcp-server', 'udp-server'),
  fc.tuple(name, fc.constantFrom('', '.r', '.w')).map(parts => parts.join('')),
  processThread,
);
