import { formatEndpoint } from '../../core/addresses/address.ts';
import type { EndedEntry, RelayEntry } from '../../core/model/entry.ts';
import { idleTime } from '../../core/model/relay-limits.ts';
import { t } from '../../core/words/translate.ts';
import {
  countBytes,
  type createAcceptTrouble,
  isOwnDoing,
  newPair,
  type Pair,
  troubleOf,
} from './relay-pair.ts';

const silent = (): string => t`its sender was silent for ${idleTime / 1000} s`;
const gaveWay = (): string => t('it gave way to another sender');

export type SendersHost = {
  readonly to: string;
  /** By each of the sockets that are open. */
  readonly pairs: Map<string, Pair>;
  readonly trouble: ReturnType<typeof createAcceptTrouble>;
  /** A socket of the pair is closed: what there is to say of it. */
  readonly closed: (pair: Pair, name: string, t: number) => string[];
};

/** The pairs of a relay of datagrams, one for each sender, as its entries tell of them. */
export const createSenders = (host: SendersHost) => {
  /** By whose datagrams they pass on. */
  const senders = new Map<string, Pair>();
  let datagrams = false;

  const over = (pair: Pair, { call, t }: EndedEntry): string[] => {
    const key = formatEndpoint(pair.from);
    if (senders.get(key) === pair) senders.delete(key);
    return host.closed(pair, call.on, t);
  };

  /** A call of a relay of datagrams: what fails is told at once, and the pair goes on. */
  const endedOfSender = (pair: Pair, entry: EndedEntry): string[] => {
    const { call, outcome } = entry;
    countBytes(pair, entry);
    if (outcome.kind !== 'error') return call.name === 'close' ? over(pair, entry) : [];
    if (call.name === 'recv') pair.ending = outcome.code === 'TIMEOUT' ? silent() : gaveWay();
    if (isOwnDoing(outcome) || outcome.code === 'TIMEOUT' || pair.trouble !== '') return [];
    pair.trouble = troubleOf(entry, outcome, pair);
    return [t`${formatEndpoint(pair.from)} to ${host.to}: ${pair.trouble}`];
  };

  const ofSender = (entry: EndedEntry): string[] | null => {
    const { call, outcome, sender, looped, t } = entry;
    if (sender && outcome.kind === 'made') {
      host.trouble.over();
      const pair = newPair('', sender, t, outcome.name);
      pair.ending = gaveWay();
      host.pairs.set(outcome.name, pair);
      senders.set(formatEndpoint(sender), pair);
      return [];
    }
    if (sender && outcome.kind === 'error') return host.trouble.tell(outcome, call);
    const pair = call.name === 'sendto' ? senders.get(formatEndpoint(call.address)) : host.pairs.get(call.on);
    if (pair?.client === '') return endedOfSender(pair, entry);
    const failed = looped && call.name === 'getaddrinfo' && datagrams && outcome.kind === 'error';
    return failed ? host.trouble.tell(outcome, call) : null;
  };

  return {
    relays: ({ target }: RelayEntry) => {
      datagrams = target?.datagrams === true;
    },
    /** What there is to say of a call of its; null where it is none. */
    take: ofSender,
  };
};
