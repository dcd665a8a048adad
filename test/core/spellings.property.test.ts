import { isIP, SocketAddress } from 'node:net';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalHost, hostBytes } from '../../source/core/addresses/ip.ts';
import { boundAt, boundKey, connectionKey, sameEndpoint } from '../../source/core/addresses/twins.ts';
import { createOwnAddresses } from '../../source/formats/projection/parties.ts';
import { at } from '../support/entries.ts';

/** Groups of zeros are what spellings differ in most. */
const group = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 0xffff }), fc.integer({ min: 0, max: 15 }));
const groups = fc.array(group, { minLength: 8, maxLength: 8 });
const octets = fc.array(fc.integer({ min: 0, max: 255 }), { minLength: 4, maxLength: 4 });

const mapped = octets.map(([a = 0, b = 0, c = 0, d = 0]) => [
  0,
  0,
  0,
  0,
  0,
  0xffff,
  (a << 8) | b,
  (c << 8) | d,
]);

/** Runs of zero groups, from and before which; any of them may be written as ::. */
const zeroRuns = (address: readonly number[]): [number, number][] => {
  const runs: [number, number][] = [];
  for (let start = 0; start < 8; start++)
    for (let end = start; end < 8 && address[end] === 0; end++) runs.push([start, end + 1]);
  return runs;
};

type Taste = {
  readonly digits: readonly number[];
  readonly upper: boolean;
  readonly dotted: boolean;
  readonly run: number;
};

const taste: fc.Arbitrary<Taste> = fc.record({
  digits: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 8, maxLength: 8 }),
  upper: fc.boolean(),
  dotted: fc.boolean(),
  run: fc.nat(),
});

/** One of the ways to write an IPv6 address (RFC 4291, section 2.2). */
const spellSix = (address: readonly number[], { digits, upper, dotted, run }: Taste): string => {
  const words = address.map((value, index) => {
    const text = value.toString(16).padStart(digits[index]!, '0');
    return upper ? text.toUpperCase() : text;
  });
  const runs: (readonly [number, number] | null)[] = [null, ...zeroRuns(address)];
  const [start, end] = runs[run % runs.length] ?? [0, 0];
  const [high, low] = [address[6]!, address[7]!];
  const ends = (from: number): string =>
    dotted && from <= 6
      ? [...words.slice(from, 6), `${high >> 8}.${high & 255}.${low >> 8}.${low & 255}`].join(':')
      : words.slice(from).join(':');
  return end === 0 ? ends(0) : `${words.slice(0, start).join(':')}::${ends(end)}`;
};

/** One of the ways in which inet_aton(3) takes an IPv4 address: 1 to 4 parts, each in one of three bases. */
const spellFour = (octets: readonly number[], parts: number, bases: readonly number[]): string => {
  const last = octets.slice(parts - 1).reduce((value, octet) => value * 256 + octet, 0);
  return [...octets.slice(0, parts - 1), last]
    .map((value, index) => {
      const base = bases[index]!;
      if (base === 10) return String(value);
      return base === 8 ? `0${value.toString(8)}` : `0x${value.toString(16)}`;
    })
    .join('.');
};

const sixTwice = fc.tuple(fc.oneof(groups, mapped), taste, taste).map(([address, a, b]) => ({
  a: spellSix(address, a),
  b: spellSix(address, b),
}));

const fourTwice = fc
  .tuple(
    octets,
    fc.integer({ min: 1, max: 4 }),
    fc.array(fc.constantFrom(8, 10, 16), { minLength: 4, maxLength: 4 }),
    taste,
  )
  .map(([address, parts, bases, six]) => {
    const [a = 0, b = 0, c = 0, d = 0] = address;
    const inSix = spellSix([0, 0, 0, 0, 0, 0xffff, (a << 8) | b, (c << 8) | d], six);
    return { a: spellFour(address, parts, bases), b: inSix };
  });

const zoned = fc.tuple(fc.integer({ min: 0xfe80, max: 0xfebf }), taste, taste).map(([first, a, b]) => {
  const address = [first, 0, 0, 0, 0, 0, 0, 1];
  return { a: `${spellSix(address, a)}%eth0`, b: `${spellSix(address, b)}%eth0` };
});

const spellings = fc.oneof(sixTwice, fourTwice, zoned);

describe('every spelling of one address', () => {
  test('pairs alike: connections, listeners, what a session owns', () => {
    fc.assert(
      fc.property(spellings, fc.nat(65_535), ({ a, b }, port) => {
        const [one, other, peer] = [at(port, a), at(port, b), at(9, '192.0.2.1')];
        expect(sameEndpoint(one, other)).toBe(true);
        expect(connectionKey(one, peer)).toBe(connectionKey(other, peer));
        expect(connectionKey(peer, one)).toBe(connectionKey(peer, other));
        const own = createOwnAddresses();
        own.add(one);
        expect(own.has(other)).toBe(true);
        for (const type of ['SOCK_STREAM', 'SOCK_DGRAM'] as const) {
          const socket = { type, family: 'AF_INET6' } as const;
          const pairs = new Map([[boundKey(socket, one), 's1']]);
          expect(boundAt(pairs, socket, other, null)).toBe('s1');
        }
      }),
      { numRuns: 2_000 },
    );
  });

  test('has the bytes that it had, and the text that the system gives it', () => {
    fc.assert(
      fc.property(groups, taste, (address, wanted) => {
        const host = spellSix(address, wanted);
        expect(isIP(host)).toBe(6);
        const text = new SocketAddress({ address: host, family: 'ipv6' }).address;
        // inet_ntop writes the last 32 bits of ::/96 as IPv4; RFC 5952, section 5, leaves that open.
        if (!text.includes('.')) expect(canonicalHost(host)).toBe(text);
        expect(canonicalHost(text)).toBe(canonicalHost(host));
        if (!canonicalHost(host).includes('.'))
          expect(hostBytes(host)).toEqual(address.flatMap(value => [value >> 8, value & 255]));
      }),
      { numRuns: 2_000 },
    );
  });

  test('is that of no other address', () => {
    fc.assert(
      fc.property(groups, groups, taste, taste, (one, other, a, b) => {
        fc.pre(one.some((value, index) => value !== other[index]));
        expect(canonicalHost(spellSix(one, a))).not.toBe(canonicalHost(spellSix(other, b)));
      }),
      { numRuns: 2_000 },
    );
  });

  test('of IPv4 is one that the system takes: a URL has the same host', () => {
    fc.assert(
      fc.property(fourTwice, ({ a }) => {
        expect(canonicalHost(a)).toBe(new URL(`http://${a}/`).hostname);
      }),
      { numRuns: 2_000 },
    );
  });
});

test.each(['1.2.3.4.5', '256.0.0.1', '08.0.0.1', '0x', '127.', '4294967296', '127.0.0.1x', '1_0', 'a.1'])(
  '%s is no address: it stays a name',
  name => expect(canonicalHost(name)).toBe(name),
);
