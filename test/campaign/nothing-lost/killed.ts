import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { type ExportName, exportNames } from '../../../source/core/model/exports.ts';
import { type Campaign, eachInput, type Input } from '../campaign.ts';
import { expectSame, exported, inPlace, type Place } from './place.ts';
import type { Line } from './recorded.ts';

/** Two sockets that talk for longer than anybody waits, a datagram a time, each with its number in it. */
const talk = (count: number): string =>
  [
    'u1 = socket AF_INET SOCK_DGRAM',
    'u1.bind 127.0.0.1:0',
    'p = u1.getsockname',
    'c1 = socket AF_INET SOCK_DGRAM',
    ...Array.from({ length: count }, (_, n) => `c1.sendto "<${n}>" $p\nu1.recvfrom 100 => "<${n}>"`),
  ].join('\n');

/** The lines of a file that are whole, the header left out. */
const entriesIn = (text: string): readonly Line[] =>
  text
    .split('\n')
    .slice(1, -1)
    .map(line => JSON.parse(line))
    .filter(({ n }) => n !== undefined);

const textOf = async (pieces: AsyncIterable<Buffer>): Promise<string> => {
  const all: Buffer[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all).toString('latin1');
};

/** Records a talk, kills it at some moment, and answers what it had printed by then and what the file has. */
const recordAndKill = async ({ run, file }: Place, { chance }: Input) => {
  const [session, printed] = [file('session.jsonl'), file('out')];
  const out = openSync(printed, 'w');
  const child = run(['run', '--record', session, '--json', '-'], out);
  closeSync(out);
  const over = once(child, 'exit');
  child.stdin!.write(`${talk(50_000)}\n`);
  const least = 6 + chance.below(100);
  while (readFileSync(printed, 'latin1').split('\n').length < least && child.exitCode === null)
    await pause(10);
  await pause(chance.below(2_500));
  child.kill('SIGKILL');
  const [code] = await over;
  if (code !== null) throw new Error(`it ended with ${code} before it was killed`);
  return {
    session,
    last: entriesIn(readFileSync(printed, 'utf8')).at(-1)!,
    kept: entriesIn(readFileSync(session, 'utf8')),
  };
};

/** In ms: what a killed recording may lack. */
const mostLacking = 1_000;

/** The number of the last datagram among these entries that was received. */
const lastDatagram = (entries: readonly Line[]): string => {
  const data = entries.map(({ outcome }) => outcome?.data?.text).filter(text => text !== undefined);
  return data.at(-1) ?? '';
};

/** A recording that is killed at some moment is a session in every format and in a replay, without its last second at most. */
const kill = (input: Input) =>
  inPlace(async place => {
    const { session, last, kept } = await recordAndKill(place, input);
    const end = kept.at(-1);
    if (!end) throw new Error(`nothing is kept of ${last.t} ms`);
    if (end.t < last.t - mostLacking) throw new Error(`${last.t - end.t} ms of it are gone`);
    const gap = kept.findIndex(({ n }, at) => n !== at + 1);
    if (gap >= 0) throw new Error(`entry ${kept[gap]!.n} stands where ${gap + 1} belongs`);
    const datagram = lastDatagram(kept);
    const show = async (name: ExportName) => {
      const text = await textOf(exported(session, '--to', name));
      if (!text.includes(datagram)) throw new Error(`${datagram}, the last one, is not in it as ${name}`);
      if (name === 'jsonl')
        expectSame({ recorded: String(end.n), exported: String(entriesIn(text).at(-1)!.n) });
    };
    for (const name of exportNames) await show(name);
    const bytes = await textOf(exported(session, '--to', 'bytes', '--socket', 'u1'));
    if (!bytes.endsWith(datagram)) throw new Error(`its bytes do not end with ${datagram}`);
    const terminal = place.screen({ args: ['replay', session] });
    await terminal.until(new RegExp(`#${end.n} of #${end.n}\\b`));
  });

export const killed: Campaign = {
  name: 'killed',
  is: 'recordings killed with -9 at any moment: each replays and exports in every format, without its last second at most',
  small: 1,
  full: 100,
  share: 3,
  patience: 300,
  run: eachInput(kill),
};
