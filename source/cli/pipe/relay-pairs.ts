import { formatEndpoint } from '../../core/addresses/address.ts';
import type { Endpoint } from '../../core/addresses/endpoint.ts';
import { byteLength } from '../../core/bytes/bytes.ts';
import type { Call } from '../../core/calls/call.ts';
import type { Failure } from '../../core/calls/outcome.ts';
import type { EndedEntry, Entry } from '../../core/model/entry.ts';
import { explain } from '../../core/words/errors.ts';
import { paceWords, sizeWords } from './moved-words.ts';

/** A connection that was accepted, and what was connected for it. */
type Pair = {
  readonly client: string;
  readonly from: Endpoint;
  /** When it was accepted, in ms of the bench. */
  readonly since: number;
  /** Bytes that the kernel took, on the way to the target and on the way back. */
  there: number;
  back: number;
  readonly open: Set<string>;
  /** What went wrong first. */
  trouble: string;
};

/** What a relay has done so far: connections that are over, and bytes both ways. */
export type Relayed = { readonly connections: number; readonly there: number; readonly back: number };

/** The pairs of a relay, as its entries tell of them. */
export type Pairs = {
  /** A line for each connection that is over with one of these entries. */
  readonly take: (entries: readonly Entry[]) => readonly string[];
  /** Sockets of pairs that are not over. */
  readonly open: () => readonly string[];
  readonly relayed: () => Relayed;
};

/** Of calls that a stopping relay ends by itself. */
const isOwnDoing = ({ code }: Failure): boolean => code === 'INTERRUPTED' || code === 'CLOSED';

const sentenceOf = (failure: Failure, call: Call): string => {
  const { sentence, code } = explain(failure, call);
  return `${sentence.replace(/\.$/, '')} (${call.name} ${code})`;
};

const troubleOf = ({ call }: EndedEntry, failure: Failure, { client }: Pair): string =>
  `the ${call.on === client ? 'client' : 'target'}: ${sentenceOf(failure, call)}`;

export const movedWords = ({ there, back }: Pick<Relayed, 'there' | 'back'>): string =>
  `${sizeWords(there)} there, ${sizeWords(back)} back`;

const countBytes = (pair: Pair, { call, outcome }: EndedEntry): void => {
  if (!('data' in call)) return;
  const taken = outcome.kind === 'error' ? (outcome.count ?? 0) : byteLength(call.data);
  if (call.on === pair.client) pair.back += taken;
  else pair.there += taken;
};

/** Why listeners take nobody, told once until they take somebody again. */
const createAcceptTrouble = () => {
  let told = false;
  return {
    over: () => {
      told = false;
    },
    tell: (failure: Failure, call: Call): string[] => {
      const isNews = !told;
      told = true;
      return isNews ? [sentenceOf(failure, call)] : [];
    },
  };
};

/** `stopped`: the relay is being stopped, by which connections end that nothing is wrong with. */
export const createPairs = (to: string, stopped: () => boolean): Pairs => {
  const relays = new Set<string>();
  /** By each of the sockets that are open. */
  const pairs = new Map<string, Pair>();
  let connections = 0;
  let there = 0;
  let back = 0;
  const acceptTrouble = createAcceptTrouble();

  const accepted = ({ outcome, call, t }: EndedEntry): string[] => {
    if (outcome.kind === 'error' && !isOwnDoing(outcome)) return acceptTrouble.tell(outcome, call);
    if (outcome.kind !== 'made' || !outcome.peer) return [];
    acceptTrouble.over();
    const { name, peer } = outcome;
    const open = new Set([name]);
    pairs.set(name, { client: name, from: peer, since: t, there: 0, back: 0, open, trouble: '' });
    return [];
  };

  const lineOf = (pair: Pair, t: number): string => {
    const how = pair.trouble || (stopped() ? 'stopped by a signal' : 'both sides are done');
    const pace = paceWords(pair.there + pair.back, t - pair.since);
    return `${formatEndpoint(pair.from)} to ${to}: ${movedWords(pair)} ${pace}: ${how}`;
  };

  const closed = (pair: Pair, name: string, t: number): string[] => {
    pair.open.delete(name);
    pairs.delete(name);
    if (pair.open.size > 0) return [];
    connections++;
    there += pair.there;
    back += pair.back;
    return [lineOf(pair, t)];
  };

  const ended = (entry: EndedEntry): string[] => {
    const { call, outcome, mate, afterwards, t } = entry;
    if (call.name === 'accept') return relays.has(call.on) ? accepted(entry) : [];
    const about = afterwards?.kind === 'refuse' ? afterwards.socket : (mate ?? call.on);
    const pair = pairs.get(about);
    if (!pair) return [];
    countBytes(pair, entry);
    if (outcome.kind === 'error') {
      if (pair.trouble === '' && !isOwnDoing(outcome)) pair.trouble = troubleOf(entry, outcome, pair);
      return [];
    }
    if (afterwards?.kind === 'refuse') pair.trouble ||= `${to} would lead back to the relay itself`;
    if (call.name === 'socket' && outcome.kind === 'made') {
      pair.open.add(outcome.name);
      pairs.set(outcome.name, pair);
    }
    // Another address of the target has answered in place of the one before.
    if (call.name === 'connect') pair.trouble = '';
    return call.name === 'close' || call.name === 'reset' ? closed(pair, call.on, t) : [];
  };

  return {
    take: entries =>
      entries.flatMap(entry => {
        if (entry.kind === 'relay') relays.add(entry.socket);
        return entry.kind === 'ended' ? ended(entry) : [];
      }),
    open: () => [...pairs.keys()],
    relayed: () => ({ connections, there, back }),
  };
};
