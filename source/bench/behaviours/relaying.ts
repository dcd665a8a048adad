import type { Endpoint } from '../../core/addresses/endpoint.ts';
import type { Call } from '../../core/calls/call.ts';
import type { Failure, Outcome } from '../../core/calls/outcome.ts';
import { leadsBack, wrappedTo } from '../../core/model/relay.ts';
import type { Around, Behaviour, Memory, Next, PairMemory } from './behaviour.ts';
import { passedOnSize } from './receiving.ts';
import { firstCallTo, socketFor } from './target-calls.ts';

const again: Next = { kind: 'again' };
const end: Next = { kind: 'end' };

type OfPair = Memory & { readonly pair: PairMemory };

/** Another call of the pair, with what changes in what is remembered. */
const make = (memory: OfPair, call: Call, change?: Partial<PairMemory>): Next => ({
  kind: 'make',
  memory: { ...memory, call, pair: change ? { ...memory.pair, ...change } : memory.pair },
});

const onward = (memory: OfPair, calls: readonly Call[]): Next => {
  const [call, ...rest] = calls;
  return call ? make(memory, call, { rest }) : end;
};

const close = (on: string): Call => ({ name: 'close', on });
const reset = (on: string): Call => ({ name: 'reset', on });

/** No target is reached: to the client that is what a server that is not there is to it. */
const refuse = (memory: OfPair, first: readonly Call[]): Next => {
  const next = onward(memory, [...first, reset(memory.home.on)]);
  return next.kind === 'make' ? { ...next, says: { kind: 'refuse', socket: memory.home.on } } : next;
};

/** A socket for the first of the addresses that are left. */
const openFor = (memory: OfPair, addresses: readonly Endpoint[]): Call | null => {
  const [endpoint] = addresses;
  return endpoint ? socketFor(endpoint, memory.pair.target, 'SOCK_STREAM') : null;
};

const lookedUp = (outcome: Outcome, memory: OfPair, around: Around): Next => {
  if (outcome.kind !== 'endpoints') return refuse(memory, []);
  const own = around.local();
  const found = outcome.endpoints.filter(one => !own || !leadsBack(own, one));
  const addresses = [...new Map(found.map(one => [`${one.host} ${one.port}`, one])).values()];
  const call = openFor(memory, addresses);
  return call ? make(memory, call, { addresses }) : refuse(memory, []);
};

const opened = (outcome: Outcome, memory: OfPair): Next => {
  const [address] = memory.pair.addresses;
  if (outcome.kind !== 'made' || !address) return refuse(memory, []);
  return make(memory, { name: 'connect', on: outcome.name, address }, { mate: outcome.name });
};

const wasStopped = ({ code }: Failure): boolean => code === 'INTERRUPTED' || code === 'CLOSED';

/** Both directions begin at once. */
const flow = (memory: OfPair): Next => {
  const { home, origin, pair } = memory;
  const back: Call = { name: 'recv', on: pair.mate, size: passedOnSize };
  return {
    kind: 'pair',
    memory: { home, origin, call: home, pair },
    mate: { home: back, origin: '', call: back, pair: { ...pair, mate: home.on } },
  };
};

const connected = (outcome: Outcome, memory: OfPair): Next => {
  const { pair } = memory;
  if (outcome.kind !== 'error') {
    const settings = wrappedTo(pair.target);
    return settings ? make(memory, { name: 'wrap', on: pair.mate, side: 'client', settings }) : flow(memory);
  }
  if (outcome.code === 'CLOSED') return refuse(memory, []);
  const addresses = pair.addresses.slice(1);
  const call = wasStopped(outcome) ? null : openFor(memory, addresses);
  if (!call) return refuse(memory, [close(pair.mate)]);
  const next = onward(memory, [close(pair.mate), call]);
  return next.kind === 'make' ? { ...next, memory: withAddresses(next.memory, addresses) } : next;
};

const withAddresses = (memory: Memory, addresses: readonly Endpoint[]): Memory =>
  memory.pair ? { ...memory, pair: { ...memory.pair, addresses } } : memory;

/** Somebody else has ended this end: the other one ends too, as far as it is not about that already. */
const gone = (code: Failure['code']): boolean => code === 'CLOSED' || code === 'EBADF';

/** One end has failed: the other's peer hears of it as it came, by a reset. */
const lost = (memory: OfPair, broken: string, whole: string, around: Around): Next =>
  around.mate(memory.pair.mate) === 'ends' ? end : onward(memory, [reset(whole), close(broken)]);

/** This direction is over. Where the other one is too, nothing is left to do for the pair. */
const overIn = (memory: OfPair, around: Around): Next | null => {
  const { home, pair } = memory;
  switch (around.mate(pair.mate)) {
    case 'flows':
      return null;
    case 'ends':
      return end;
    case 'over':
      return onward(memory, [close(pair.mate), close(home.on)]);
  }
};

const received = (outcome: Outcome, memory: OfPair, around: Around): Next => {
  const { home, pair } = memory;
  if (outcome.kind === 'data') {
    const { data } = outcome;
    if (data.length > 0)
      return make(memory, {
        name: 'sendall',
        on: pair.mate,
        data: { kind: 'literal', data, notation: 'text' },
      });
    // CPython's SSLSocket has no error for it, and so the bench's receive has none.
    if (outcome.ending === 'reset') return lost(memory, home.on, pair.mate, around);
    return overIn(memory, around) ?? make(memory, { name: 'shutdown', on: pair.mate, how: 'SHUT_WR' });
  }
  if (outcome.kind !== 'error') return end;
  if (outcome.code === 'TIMEOUT') return again;
  if (outcome.code === 'INTERRUPTED') return end;
  if (!gone(outcome.code)) return lost(memory, home.on, pair.mate, around);
  return around.mate(pair.mate) === 'ends' ? end : onward(memory, [close(pair.mate)]);
};

const sent = (outcome: Outcome, memory: OfPair, around: Around): Next => {
  const { home, pair } = memory;
  if (outcome.kind !== 'error') return make(memory, home);
  if (outcome.code === 'INTERRUPTED') return end;
  if (!gone(outcome.code)) return lost(memory, pair.mate, home.on, around);
  return around.mate(pair.mate) === 'ends' ? end : onward(memory, [close(home.on)]);
};

/** What a relay does for one connection: a socket to the target, and then what comes on one goes to the other. */
export const relay: Behaviour = {
  begin: ({ name, origin }, around) => {
    const target = around.target();
    if (!target) return end;
    const home: Call = { name: 'recv', on: name, size: passedOnSize };
    const pair: PairMemory = { target, mate: '', addresses: [target.endpoint], rest: [] };
    const memory: OfPair = { home, origin, call: home, pair };
    return make(memory, firstCallTo(target, 'SOCK_STREAM'));
  },
  after: (outcome, memory, around) => {
    const { call, pair } = memory;
    if (!pair) return end;
    const own: OfPair = { ...memory, pair };
    switch (call.name) {
      case 'getaddrinfo':
        return lookedUp(outcome, own, around);
      case 'socket':
        return opened(outcome, own);
      case 'connect':
        return connected(outcome, own);
      case 'wrap':
        // A handshake that failed has closed its socket.
        return outcome.kind === 'error' ? refuse(own, []) : flow(own);
      case 'recv':
        return received(outcome, own, around);
      case 'sendall':
        return sent(outcome, own, around);
      case 'shutdown':
        return overIn(own, around) ?? end;
      default:
        return onward(own, pair.rest);
    }
  },
};
