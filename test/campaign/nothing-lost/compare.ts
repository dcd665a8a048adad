import { createReadStream } from 'node:fs';
import type { Peer } from '../../e2e/foreign.ts';
import type { Chance } from '../../support/chance.ts';
import { flowsIn } from './packets.ts';
import { expectSame, exported } from './place.ts';
import { type Ends, endsIn } from './recorded.ts';
import { createHeard, digestOf, type Heard } from './streams.ts';

/** Streams of a connection: what its client sent, and what it received. */
export type Pair = { readonly there: string; readonly back: string };

/** A peer's streams once all of them are over: what each connection sent and received, and that no other had a byte too many. */
export const streamsOf = async (
  peer: Peer,
  size: number,
): Promise<readonly { readonly sent: string; readonly received: string }[]> => {
  // However long that takes: who hangs is ended by whoever started this.
  const code = await peer.exited;
  if (code !== 0 || /^wrong/m.test(peer.output()))
    throw new Error(`a peer ended with ${code}: ${peer.output()}`);
  return [...peer.output().matchAll(/^stream (\w+) (\w+)$/gm)].map(([, sent, received]) => ({
    sent: digestOf(sent!, size),
    received: digestOf(received!, size),
  }));
};

/** One text for all of them, whatever their order. */
export const sorted = (pairs: readonly Pair[]): string =>
  pairs
    .map(({ there, back }) => `${there} ${back}`)
    .sort()
    .join('\n');

const expectNoneWrong = (where: string, all: Iterable<readonly [name: string, heard: Heard]>): void => {
  for (const [name, heard] of all)
    if (heard.digest().startsWith('wrong')) throw new Error(`${name}, ${where}: ${heard.digest()}`);
};

/** The streams of that size among them, of sockets whose names begin with a letter: an a is a server's, a c a client's. */
const pairsOf = (
  where: string,
  ends: ReadonlyMap<string, Ends>,
  letter: string,
  size: number,
): readonly Pair[] => {
  const ours = [...ends].filter(([name]) => name.startsWith(letter));
  expectNoneWrong(
    where,
    ours.flatMap(([name, { received, sent }]) => [
      [`what ${name} received`, received] as const,
      [`what ${name} sent`, sent] as const,
    ]),
  );
  return ours
    .filter(([, { received, sent }]) => received.size() === size && sent.size() === size)
    .map(([, { received, sent }]) => {
      const [came, went] = [received.digest(), sent.digest()];
      return letter === 'c' ? { there: went, back: came } : { there: came, back: went };
    });
};

/** The same of packets to a port and back. */
const pairsOfPackets = (flows: ReadonlyMap<string, Heard>, port: number, size: number): readonly Pair[] => {
  expectNoneWrong('in packets', flows);
  return [...flows]
    .filter(([name, heard]) => name.endsWith(`>${port}`) && heard.size() === size)
    .flatMap(([name, heard]) => {
      const back = flows.get(name.split('>').reverse().join('>'));
      return back?.size() === size ? [{ there: heard.digest(), back: back.digest() }] : [];
    });
};

/** One socket's bytes alone, by chance: which they are is said by the recording. */
const expectBytes = async (
  file: string,
  recorded: ReadonlyMap<string, Ends>,
  chance: Chance,
): Promise<void> => {
  const [name, ends] = chance.one([...recorded]);
  const direction = chance.one(['received', 'sent'] as const);
  const heard = createHeard();
  const words = ['--to', 'bytes', '--socket', name, ...(direction === 'sent' ? ['--sent'] : [])];
  for await (const piece of exported(file, ...words)) heard.push(piece);
  expectSame({
    [`recorded of what ${name} ${direction}`]: ends[direction].digest(),
    'exported as bytes': heard.digest(),
  });
};

export type Expected = {
  readonly file: string;
  /** What came and went, as those say who stood at both ends. */
  readonly pairs: readonly Pair[];
  readonly size: number;
  /** The letters of the sockets that it went through, and the port that each of these connections led to. */
  readonly through: Readonly<Record<string, number>>;
  readonly chance: Chance;
};

/** What was recorded, and what is exported of it, is what went through. */
export const expectKept = async ({ file, pairs, size, through, chance }: Expected): Promise<void> => {
  const recorded = await endsIn(createReadStream(file, { highWaterMark: 1 << 20 }));
  const [read, packets] = await Promise.all([
    endsIn(exported(file, '--to', 'jsonl')),
    flowsIn(exported(file, '--to', 'pcapng')),
  ]);
  for (const [letter, port] of Object.entries(through))
    expectSame({
      'sent and received': sorted(pairs),
      [`recorded of ${letter}`]: sorted(pairsOf('as recorded', recorded, letter, size)),
      [`exported of ${letter} as a session`]: sorted(pairsOf('as exported', read, letter, size)),
      [`exported of ${letter} as packets`]: sorted(pairsOfPackets(packets, port, size)),
    });
  await expectBytes(file, recorded, chance);
};
