import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { encodeEntry, encodeHeader, headerOf } from '../../source/formats/session/jsonl.ts';
import { type Chance, chanceOf } from '../support/chance.ts';
import { anyEntry } from './entries.ts';

type Json = unknown;

/** Recordings of real runs. */
const folder = join(import.meta.dirname, 'fixtures');

/** The lines of each recording that is kept, by its name. */
export const recordings: ReadonlyMap<string, readonly string[]> = new Map(
  readdirSync(folder).map(name => [name, readFileSync(join(folder, name), 'utf8').trimEnd().split('\n')]),
);

/** Entries of every kind, checkpoints too, that belong to no real run: numbered and timed so that they are read. */
const madeUp = (): string[] =>
  fc
    .sample(anyEntry, { numRuns: 40, seed: 7 })
    .map((entry, index) => encodeEntry({ ...entry, n: index + 1, t: index * 10 }));

/** Sessions to spoil: the recordings, and one of every kind of entry. */
export const models: readonly (readonly string[])[] = [
  ...recordings.values(),
  [encodeHeader(headerOf(Date.UTC(2026, 0, 2))), ...madeUp()],
];

const nested = (depth: number): Json => {
  let value: Json = 1;
  for (let i = 0; i < depth; i++) value = i % 2 ? [value] : { kind: value };
  return value;
};

const odd: readonly Json[] = [
  null,
  true,
  false,
  0,
  -1,
  -0,
  1,
  2,
  0.5,
  7,
  128,
  65_536,
  2 ** 31,
  2 ** 53,
  -(2 ** 53),
  1e13,
  8.64e15,
  1e308,
  -1e308,
  5e-324,
  '',
  'a',
  '0',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  '\u001b]0;P\u0007',
  '\u202e',
  '\ud800',
  'x'.repeat(5_000),
  [],
  {},
  [[]],
  [null],
  { kind: 'none' },
  { kind: 'data' },
  { text: 1 },
  { host: 'x', port: 1 },
  { host: '127.0.0.1', port: 9 },
  { host: '::1', port: 9 },
  { host: 'fe80::1%lo', port: 65_535 },
  nested(500),
  'c1',
  's1',
  'a1',
  'u1',
  'f1',
  'c99',
  'c1.r',
  'client',
  'udp-server',
  'single',
  'ended',
  'running',
  'queued',
  'sample',
  'checkpoint',
  'event',
  'EPIPE',
  'ECONNRESET',
  'INTERRUPTED',
  'CLOSED',
  'TIMEOUT',
  'made',
  'count',
  'none',
  'error',
];

const calls = [
  's1 = socket AF_INET SOCK_STREAM',
  'u1 = socket AF_INET6 SOCK_DGRAM',
  'c1.bind [::1]:0',
  's1.listen 0',
  'a1 = s1.accept',
  'c1.connect 127.0.0.1:9000',
  'c1.connect "no host":http',
  'c1.send "x"',
  'c1.sendall 1GiB of "xy"',
  'c1.sendall 1GiB of dropped',
  'c1.sendto "x" 127.0.0.1:99999999',
  'u1.sendto file"/etc/passwd" [ff02::1%lo]:9',
  'c1.recv 1GiB MSG_PEEK|MSG_WAITALL',
  'u1.recvfrom 0',
  'c1.shutdown SHUT_RD',
  'c1.close',
  'f1.close',
  'c1.reset',
  'c1.settimeout 0',
  'c1.setsockopt SOL_SOCKET __proto__ 1',
  'c1.setsockopt toString constructor "x"',
  'c1.getsockopt SOL_SOCKET hasOwnProperty',
  'f1 = c1.makefile "\\u0000"',
  'f1.read',
  'f1.readline',
  'f1.write "x"',
  'f1.flush',
  'getaddrinfo "\\u001b[2J" 0',
  'gethostbyaddr ""',
  'getservbyname "__proto__"',
  'getservbyport 2147483647',
  'c1 = c1.getsockname',
  '__proto__ = c1.getsockname',
  'c1.fly',
  '',
  'x'.repeat(100),
];

/** Every place in a value: the object or list that holds it, and its field. */
const placesIn = (
  value: Json,
  found: [Record<string, Json>, string][] = [],
): [Record<string, Json>, string][] => {
  if (typeof value !== 'object' || value === null || found.length > 3_000) return found;
  for (const key of Object.keys(value)) {
    found.push([value as Record<string, Json>, key]);
    placesIn((value as Record<string, Json>)[key], found);
  }
  return found;
};

const otherNumber = (chance: Chance, value: number): number =>
  chance.one([value + 1, value - 1, value * 2, value / 2, -value, value * 1e6, 0]);

/** Something else in one place of an entry. */
const spoilField = (chance: Chance, entry: Json, other: Json): void => {
  const places = placesIn(entry);
  if (places.length === 0) return;
  const [holder, key] = chance.one(places);
  const value = holder[key];
  switch (chance.below(8)) {
    case 0:
      delete holder[key];
      return;
    case 1: {
      const elsewhere = placesIn(other);
      const same = elsewhere.filter(([, name]) => name === key);
      const [from, name] = chance.one(same.length > 0 && chance.below(4) > 0 ? same : elsewhere);
      holder[key] = from[name];
      return;
    }
    case 2:
      holder[
        chance.one([
          '__proto__',
          'constructor',
          'extra',
          'kind',
          'name',
          'local',
          'peer',
          'by',
          'wakes',
          'prev',
        ])
      ] = chance.one(odd);
      return;
    case 3:
      if (key === 'call') holder[key] = chance.one(calls);
      else if (typeof value === 'string')
        holder[key] = value.replace(/[csau]1/g, chance.one(['c1', 's1', 'a1', 'u1', 'c2', 'f1']));
      else if (typeof value === 'number') holder[key] = otherNumber(chance, value);
      return;
    case 4:
      if (typeof value === 'number') holder[key] = otherNumber(chance, value);
      else holder[key] = chance.one(odd);
      return;
    default:
      holder[key] = chance.one(odd);
  }
};

const parse = (line: string): Record<string, Json> => JSON.parse(line) as Record<string, Json>;

/** Numbers the entries anew, so that a line taken out or put in is not refused for that alone. */
const renumber = (lines: readonly string[]): string[] => {
  let t = 0;
  return lines.map((line, index) => {
    if (index === 0) return line;
    try {
      const entry = parse(line);
      t = Math.max(t, typeof entry.t === 'number' ? entry.t : 0);
      return JSON.stringify({ ...entry, n: index, t });
    } catch {
      return line;
    }
  });
};

const spoilLines = (chance: Chance, lines: string[], others: readonly string[]): string[] => {
  const at = 1 + chance.below(lines.length - 1);
  const row = lines[at]!;
  switch (chance.below(5)) {
    case 0:
      return renumber(lines.toSpliced(at, 1));
    case 1:
      return renumber(lines.toSpliced(1 + chance.below(lines.length - 1), 0, row));
    case 2:
      return renumber(lines.toSpliced(at, 0, chance.one(others.slice(1))));
    case 3:
      return renumber([lines[0]!, ...lines.slice(1).sort(() => chance.below(3) - 1)]);
    default:
      return chance.below(2) ? lines.slice(0, at + 1) : renumber([lines[0]!, ...lines.slice(at)]);
  }
};

/** The session spoiled once to five times, as the bytes of its file. */
export const mutant = (seed: number): Uint8Array => {
  const chance = chanceOf(seed);
  let lines = [...chance.one(models)];
  const others = chance.one(models);
  for (let left = 1 + chance.below(5); left > 0; left--) {
    if (chance.below(3) === 0) lines = spoilLines(chance, lines, others);
    else {
      const at = chance.below(chance.below(20) === 0 ? 1 : lines.length);
      const entry = parse(lines[at]!);
      spoilField(chance, entry, parse(chance.one(others)));
      lines[at] = JSON.stringify(entry);
    }
    if (lines.length < 2) break;
  }
  return new TextEncoder().encode(`${lines.join('\n')}\n`);
};
