import { formatEndpoint } from '../../core/addresses/address.ts';
import type { EndedEntry, Entry } from '../../core/model/entry.ts';
import { t } from '../../core/words/translate.ts';
import { paceWords, sizeWords } from './moved-words.ts';
import { countBytes, createAcceptTrouble, isOwnDoing, newPair, type Pair, troubleOf } from './relay-pair.ts';
import { createSenders } from './relay-senders.ts';

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

export const movedWords = ({ there, back }: Pick<Relayed, 'there' | 'back'>): string =>
  t`${sizeWords(there)} there, ${sizeWords(back)} back`;

export const countWords = (count: number, datagrams: boolean): string => {
  if (datagrams) return count === 1 ? t('1 sender') : t`${count} senders`;
  return count === 1 ? t('1 connection') : t`${count} connections`;
};

/** What there is to say of a pair that is over. */
const lineOf = (pair: Pair, to: string, now: number, stopped: boolean): string => {
  const how = pair.trouble || (stopped ? t('stopped by a signal') : pair.ending);
  const pace = paceWords(pair.there + pair.back, now - pair.since);
  return t`${formatEndpoint(pair.from)} to ${to}: ${movedWords(pair)} ${pace}: ${how}`;
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
    pairs.set(name, newPair(name, peer, t, name));
    return [];
  };

  const closed = (pair: Pair, name: string, t: number): string[] => {
    pair.open.delete(name);
    pairs.delete(name);
    if (pair.open.size > 0) return [];
    connections++;
    there += pair.there;
    back += pair.back;
    return [lineOf(pair, to, t, stopped())];
  };

  const senders = createSenders({ to, pairs, trouble: acceptTrouble, closed });

  const ended = (entry: EndedEntry): string[] => {
    const told = senders.take(entry);
    if (told) return told;
    const { call, outcome, mate, afterwards } = entry;
    if (call.name === 'accept') return relays.has(call.on) ? accepted(entry) : [];
    const about = afterwards?.kind === 'refuse' ? afterwards.socket : (mate ?? call.on);
    const pair = pairs.get(about);
    if (!pair) return [];
    countBytes(pair, entry);
    if (outcome.kind === 'error') {
      if (pair.trouble === '' && !isOwnDoing(outcome)) pair.trouble = troubleOf(entry, outcome, pair);
      return [];
    }
    if (afterwards?.kind === 'refuse') pair.trouble ||= t`${to} would lead back to the relay itself`;
    if (call.name === 'socket' && outcome.kind === 'made') {
      pair.open.add(outcome.name);
      pairs.set(outcome.name, pair);
    }
    // Another address of the target has answered in place of the one before.
    if (call.name === 'connect') pair.trouble = '';
    return call.name === 'close' || call.name === 'reset' ? closed(pair, call.on, entry.t) : [];
  };

  return {
    take: entries =>
      entries.flatMap(entry => {
        if (entry.kind === 'relay') {
          relays.add(entry.socket);
          senders.relays(entry);
        }
        return entry.kind === 'ended' ? ended(entry) : [];
      }),
    open: () => [...pairs.keys()],
    relayed: () => ({ connections, there, back }),
  };
};
