import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  createAddressReader,
  decodeSocketAddress,
  encodeSocketAddress,
  socketAddressBytes,
} from '../../source/drivers/native/socket-address.ts';

const port = fc.constantFrom(1, 80, 0xff01);

const struct = fc.oneof(
  fc
    .tuple(fc.constantFrom('127.0.0.1', '127.0.0.2', '10.1.2.3'), port)
    .map(([host, to]) => encodeSocketAddress('AF_INET', { host, port: to })),
  fc
    .tuple(fc.constantFrom('::1', '::2', 'fe80::1', '::ffff:127.0.0.1'), port)
    .map(([host, to]) => encodeSocketAddress('AF_INET6', { host, port: to })),
);

it('reads whatever stands in a struct by now, as if each time were the first', () => {
  fc.assert(
    fc.property(fc.array(struct, { minLength: 1, maxLength: 30 }), written => {
      const address = new Uint8Array(socketAddressBytes);
      const read = createAddressReader(address);
      for (const bytes of written) {
        address.set(bytes);
        expect(read(socketAddressBytes)).toEqual(decodeSocketAddress(address));
      }
    }),
  );
});

it('is one object for one sender', () => {
  const address = new Uint8Array(socketAddressBytes);
  const read = createAddressReader(address);
  address.set(encodeSocketAddress('AF_INET', { host: '127.0.0.1', port: 7 }));
  const first = read(socketAddressBytes);
  expect(read(socketAddressBytes)).toBe(first);
  address.set(encodeSocketAddress('AF_INET', { host: '127.0.0.1', port: 8 }));
  expect(read(socketAddressBytes)).toEqual({ kind: 'inet', host: '127.0.0.1', port: 8 });
});

it.each([
  ['AF_INET', '127.0.0.1'],
  ['AF_INET6', '::1'],
  ['AF_INET6', '::ffff:127.0.0.1'],
  ['AF_INET6', '2001:db8::1'],
] as const)('reads back what was written: %s %s', (family, host) => {
  const written = encodeSocketAddress(family, { host, port: 0xff01 });
  expect(decodeSocketAddress(written)).toEqual({ kind: 'inet', host, port: 0xff01 });
});
