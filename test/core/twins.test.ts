import { expect, test } from 'vitest';
import { boundAt, boundKey, connectionKey } from '../../source/core/addresses/twins.ts';
import type { Family } from '../../source/core/model/names.ts';
import { at } from '../support/entries.ts';

const stream = { type: 'SOCK_STREAM', family: 'AF_INET' } as const;

test('both ends of a connection to a dual-stack listener have one key', () => {
  const client = connectionKey(at(40_000), at(9000));
  expect(connectionKey(at(40_000, '::ffff:127.0.0.1'), at(9000, '::ffff:127.0.0.1'))).toBe(client);
  expect(connectionKey(at(9000), at(40_000))).not.toBe(client);
});

test('a listener is found by its address, or by that of every interface', () => {
  const pairs = new Map([
    [boundKey(stream, at(9000)), 's1'],
    [boundKey(stream, at(9001, '0.0.0.0')), 's2'],
    [boundKey(stream, at(9002, '::')), 's3'],
  ]);
  const found = (port: number, host?: string) => boundAt(pairs, stream, at(port, host), null);
  expect([found(9000), found(9000, '127.0.0.2')]).toEqual(['s1', undefined]);
  expect([found(9001, '127.0.0.2'), found(9001, '::1')]).toEqual(['s2', undefined]);
  expect([found(9002, '127.0.0.2'), found(9002, '::1')]).toEqual(['s3', 's3']);
  expect(boundAt(pairs, { ...stream, type: 'SOCK_DGRAM' }, at(9000), null)).toBeUndefined();
});

test('a listener on every interface is not taken for another machine that has the same port', () => {
  const pairs = new Map([[boundKey(stream, at(9001, '0.0.0.0')), 's1']]);
  const found = (host: string, own: string) => boundAt(pairs, stream, at(9001, host), at(40_000, own));
  expect(found('192.0.2.7', '192.0.2.1')).toBeUndefined();
  expect(found('192.0.2.1', '192.0.2.1')).toBe('s1');
});

test('every interface, as an address to connect to, is this machine', () => {
  const pairs = new Map([
    [boundKey(stream, at(9000)), 's1'],
    [boundKey(stream, at(9000, '::1')), 's2'],
  ]);
  const found = (host: string, family: Family) =>
    boundAt(pairs, { type: 'SOCK_STREAM', family }, at(9000, host), null);
  expect(['', '*', '0.0.0.0', '0'].map(host => found(host, 'AF_INET'))).toEqual(['s1', 's1', 's1', 's1']);
  expect(['', '::', '0:0::0'].map(host => found(host, 'AF_INET6'))).toEqual(['s2', 's2', 's2']);
  expect(found('::ffff:0.0.0.0', 'AF_INET6')).toBe('s1');
});
