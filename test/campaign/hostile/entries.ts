import { quoteText } from '../../../source/core/bytes/payload.ts';
import type { Entry } from '../../../source/core/model/entry.ts';
import { decodeEntry, encodeEntry } from '../../../source/formats/session/jsonl.ts';
import { models } from '../../formats/mutants.ts';
import type { Chance } from '../../support/chance.ts';
import { attackText } from './attacks.ts';

type Json = unknown;
type Way = readonly (string | number)[];

/** Where a text stands in a value. */
const waysTo = (value: Json, way: Way = []): Way[] => {
  if (typeof value === 'string') return [way];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, each]) =>
    waysTo(each, [...way, Array.isArray(value) ? Number(key) : key]),
  );
};

/** The value with another text in one place. */
const withText = (value: Json, [key, ...rest]: Way, text: string): Json => {
  if (key === undefined) return text;
  if (Array.isArray(value)) return value.map((each, at) => (at === key ? withText(each, rest, text) : each));
  const fields = value as Readonly<Record<string, Json>>;
  return { ...fields, [key]: withText(fields[key], rest, text) };
};

const read = (value: Json): Entry | null => {
  try {
    return decodeEntry(JSON.stringify(value));
  } catch {
    return null;
  }
};

/** A peer's handshake, which no recording of those has. */
const handshake: Json = {
  kind: 'ended',
  n: 1,
  t: 1,
  id: 1,
  actor: 'client',
  call: 'c1.wrap client',
  thread: 'client',
  queuedAt: 0,
  startedAt: 0,
  inside: 0,
  looped: false,
  seen: false,
  outcome: {
    kind: 'none',
    tls: {
      side: 'client',
      version: 'TLSv1.3',
      cipher: 'x',
      alpn: 'h2',
      sni: 'x',
      verified: false,
      verify: 18,
      verifyWords: 'self-signed certificate',
      chain: [{ subject: 'CN=x', issuer: 'CN=y', names: ['a', 'b'], from: 0, until: null, sha256: 'ab' }],
    },
  },
};

/** A process, whose name and arguments are its own affair. */
const program: Json = {
  kind: 'process',
  n: 1,
  t: 1,
  actor: 'p1',
  pid: 4711,
  name: 'python3',
  args: ['python3', 'server.py'],
  parent: '',
  origin: 'found',
  traced: false,
};

/** Calls that were handed a text, which stands in quotes among their words. */
const called: readonly ((text: string) => string)[] = [
  text => `c1.connect ${text}:http`,
  text => `c1.bind unix:${text}`,
  text => `getservbyname ${text}`,
  text => `getaddrinfo ${text} ${text}`,
  text => `c1.send file${text}`,
  text => `c1.send ${text}`,
  text => `c1.wrap client server_hostname ${text}`,
];

const failed = (call: string): Json => ({
  ...(handshake as object),
  call,
  outcome: { kind: 'error', code: 'ECONNREFUSED', detail: 'x' },
});

/** A line of a session, and the places of it where a session may have any text. */
type Open = { readonly value: Json; readonly ways: readonly Way[] };

const probe = '\x1b[2J\u202e';

const open: readonly Open[] = [
  ...models.flatMap(lines => lines.slice(1).map(line => JSON.parse(line) as Json)),
  handshake,
  program,
]
  .map(value => ({ value, ways: waysTo(value).filter(way => read(withText(value, way, probe)) !== null) }))
  .filter(({ ways }) => ways.length > 0);

for (const value of [handshake, program, ...called.map(call => failed(call('"x"')))])
  if (read(value) === null) throw new Error(`this is no entry any more: ${JSON.stringify(value)}`);

/** An entry of any kind, with foreign text wherever it may stand. */
export const hostileEntry = (chance: Chance): Entry => {
  if (chance.below(5) === 0) {
    const call = read(failed(chance.one(called)(quoteText(attackText(chance)))));
    if (call) return call;
  }
  const { value, ways } = chance.one(open);
  let hostile = value;
  for (let left = 1 + chance.below(3); left > 0; left--)
    hostile = withText(hostile, chance.one(ways), attackText(chance));
  return read(hostile) ?? decodeEntry(JSON.stringify(value));
};

/** Kinds of entries that have such a place. */
export const openKinds: ReadonlySet<string> = new Set(open.map(({ value }) => (value as Entry).kind));

/** The same as a line of a session file. */
export const hostileLine = (chance: Chance, n: number, t: number): string =>
  encodeEntry({ ...hostileEntry(chance), n, t });
