import { formatEndpoint } from '../../core/addresses/address.ts';
import type { Endpoint } from '../../core/addresses/endpoint.ts';
import type { Call } from '../../core/calls/call.ts';
import type { Outcome } from '../../core/calls/outcome.ts';
import { leadsBack } from '../../core/model/relay.ts';
import { idleTime, mostSenders } from '../../core/model/relay-limits.ts';
import type { Around, Behaviour, HubMemory, Memory, Next, Route, SpokeMemory } from './behaviour.ts';
import { largestDatagram } from './receiving.ts';
import { firstCallTo, socketFor } from './target-calls.ts';

const again: Next = { kind: 'again' };
const end: Next = { kind: 'end' };

type OfHub = Memory & { readonly hub: HubMemory };
type OfSpoke = Memory & { readonly spoke: SpokeMemory };

/** Another call of the relay's socket, with what changes in what is remembered. */
const make = (memory: OfHub, call: Call, change: Partial<HubMemory> = {}): Next => ({
  kind: 'make',
  memory: { ...memory, call, hub: { ...memory.hub, ...change } },
});

const sending = (on: string, data: Uint8Array): Call => ({
  name: 'send',
  on,
  data: { kind: 'literal', data, notation: 'text' },
});

/** Nothing is to be sent any more: the next datagram. */
const receiveNext = (memory: OfHub, change: Partial<HubMemory> = {}): Next =>
  make(memory, memory.home, { ...change, waiting: null });

/** The newest stands last: the first is the one that has been silent for longest. */
const withRoute = (hub: HubMemory, route: Route): HubMemory['routes'] => {
  const routes = new Map(hub.routes);
  const key = formatEndpoint(route.from);
  routes.delete(key);
  return routes.set(key, route);
};

/** What ended since is no pair any more. */
const living = ({ routes }: HubMemory, around: Around): Map<string, Route> =>
  new Map([...routes].filter(([, { mate }]) => around.mate(mate) === 'flows'));

/** A sender that is new: where there is no room for another, the one that has been silent for longest gives way. */
const admit = (memory: OfHub, from: Endpoint, data: Uint8Array, around: Around): Next => {
  const routes = living(memory.hub, around);
  // Copied: the memory is another datagram's once the journal lets go of this one, and the calls to come take a while.
  const waiting = { from, data: data.slice() };
  const { target } = memory.hub;
  const change = { routes, waiting, addresses: [target.endpoint], mate: '' };
  const [eldest] = routes.size < mostSenders ? [] : routes.values();
  return make(
    memory,
    eldest ? { name: 'close', on: eldest.mate } : firstCallTo(target, 'SOCK_DGRAM'),
    change,
  );
};

const received = (outcome: Outcome, memory: OfHub, around: Around): Next => {
  if (outcome.kind === 'error')
    return outcome.code === 'TIMEOUT' || outcome.code === 'ECONNREFUSED' ? again : end;
  if (outcome.kind !== 'data' || !outcome.from) return again;
  const { from, data } = outcome;
  const { hub } = memory;
  const route = hub.routes.get(formatEndpoint(from));
  if (!route || around.mate(route.mate) !== 'flows') return admit(memory, from, data, around);
  return make(memory, sending(route.mate, data), { routes: withRoute(hub, { ...route, at: around.now() }) });
};

/** A socket for the first of the addresses that are left; where none is, the datagram is lost, as any may be. */
const openNext = (memory: OfHub, addresses: readonly Endpoint[]): Next => {
  const [address] = addresses;
  if (!address) return receiveNext(memory);
  return make(memory, socketFor(address, memory.hub.target, 'SOCK_DGRAM'), { addresses, mate: '' });
};

const lookedUp = (outcome: Outcome, memory: OfHub, around: Around): Next => {
  if (outcome.kind !== 'endpoints') return receiveNext(memory);
  const own = around.local();
  const found = outcome.endpoints.filter(one => !own || !leadsBack(own, one));
  return openNext(memory, [...new Map(found.map(one => [formatEndpoint(one), one])).values()]);
};

const opened = (outcome: Outcome, memory: OfHub): Next => {
  const [address] = memory.hub.addresses;
  if (outcome.kind !== 'made' || !address) return receiveNext(memory);
  return make(memory, { name: 'connect', on: outcome.name, address }, { mate: outcome.name });
};

const connected = (outcome: Outcome, memory: OfHub): Next => {
  const { mate, addresses } = memory.hub;
  if (outcome.kind !== 'error') return make(memory, { name: 'settimeout', on: mate, timeout: idleTime });
  if (outcome.code === 'CLOSED') return receiveNext(memory);
  return make(
    memory,
    { name: 'close', on: mate },
    { addresses: outcome.code === 'INTERRUPTED' ? [] : addresses.slice(1) },
  );
};

/** The pair stands: what waited goes to the target, and what comes back from there is received. */
const flow = (memory: OfHub, around: Around): Next => {
  const { mate, waiting } = memory.hub;
  if (!waiting) return receiveNext(memory);
  const { from, data } = waiting;
  const routes = withRoute(memory.hub, { from, mate, at: around.now() });
  const call: Call = { name: 'recv', on: mate, size: largestDatagram };
  return {
    kind: 'pair',
    memory: { ...memory, call: sending(mate, data), hub: { ...memory.hub, routes, waiting: null } },
    mate: { home: call, origin: '', call, spoke: { hub: memory.home.on, from } },
  };
};

/** Closed is the pair that gave way, or a socket that reached no target. */
const closed = (memory: OfHub): Next => {
  const { mate, addresses, target } = memory.hub;
  return mate === '' ? make(memory, firstCallTo(target, 'SOCK_DGRAM')) : openNext(memory, addresses);
};

const afterHub = (outcome: Outcome, memory: OfHub, around: Around): Next => {
  switch (memory.call.name) {
    case 'recvfrom':
      return received(outcome, memory, around);
    case 'getaddrinfo':
      return lookedUp(outcome, memory, around);
    case 'socket':
      return opened(outcome, memory);
    case 'connect':
      return connected(outcome, memory);
    case 'settimeout':
      return outcome.kind === 'error' ? receiveNext(memory) : flow(memory, around);
    case 'close':
      return closed(memory);
    default:
      // However a send ended, its entry has it: a datagram that nobody took is lost, and the pair stays.
      return receiveNext(memory);
  }
};

const close = (memory: OfSpoke): Next => ({
  kind: 'make',
  memory: { ...memory, call: { name: 'close', on: memory.home.on } },
});

const isGone = (outcome: Outcome): boolean =>
  outcome.kind === 'error' && (outcome.code === 'CLOSED' || outcome.code === 'EBADF');

/** What its sender has sent in the meantime keeps a pair, as RFC 4787, REQ-6, has it. */
const isIdle = ({ home, spoke }: OfSpoke, around: Around): boolean => {
  const at = around.sentTo(spoke.hub, home.on);
  return at === null || around.now() - at >= idleTime;
};

const answered = (outcome: Outcome, memory: OfSpoke, around: Around): Next => {
  const { hub, from } = memory.spoke;
  if (outcome.kind === 'data') {
    const data = { kind: 'literal', data: outcome.data, notation: 'text' } as const;
    return { kind: 'make', memory: { ...memory, call: { name: 'sendto', on: hub, data, address: from } } };
  }
  if (outcome.kind !== 'error' || isGone(outcome)) return end;
  if (outcome.code === 'INTERRUPTED') return close(memory);
  if (outcome.code === 'TIMEOUT') return isIdle(memory, around) ? close(memory) : again;
  // Nobody takes datagrams there now, as ICMP tells: somebody may later.
  return outcome.code === 'ECONNREFUSED' ? again : close(memory);
};

const afterSpoke = (outcome: Outcome, memory: OfSpoke, around: Around): Next => {
  switch (memory.call.name) {
    case 'recv':
      return answered(outcome, memory, around);
    case 'sendto':
      return isGone(outcome) ? close(memory) : { kind: 'make', memory: { ...memory, call: memory.home } };
    default:
      return end;
  }
};

/** A relay of datagrams: a socket of its own for each sender, by which what the target answers finds its way back. */
export const relayDatagrams: Behaviour = {
  begin: ({ name }, around) => {
    const target = around.target();
    if (!target) return end;
    const home: Call = { name: 'recvfrom', on: name, size: largestDatagram };
    const hub: HubMemory = { target, routes: new Map(), waiting: null, addresses: [], mate: '' };
    return { kind: 'make', memory: { call: home, home, origin: '', hub } };
  },
  after: (outcome, memory, around) => {
    const { hub, spoke } = memory;
    if (hub) return afterHub(outcome, { ...memory, hub }, around);
    return spoke ? afterSpoke(outcome, { ...memory, spoke }, around) : end;
  },
};
