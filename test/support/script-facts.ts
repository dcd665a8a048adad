import { type Endpoint, portAt } from '../../source/core/addresses/endpoint.ts';
import { byteLength } from '../../source/core/bytes/bytes.ts';
import type { Call } from '../../source/core/calls/call.ts';
import { hasIn } from '../../source/core/calls/calls.ts';
import type { Outcome } from '../../source/core/calls/outcome.ts';

/** One end of a connection. Before it is accepted the server's end is called `?` and its client's name. */
export type End = {
  readonly name: string;
  twin: string;
  sent: number;
  received: number;
  shut: boolean;
};

/** What the outcomes of a script's calls tell, and nothing else. */
export type Facts = {
  readonly ends: Map<string, End>;
  readonly datagrams: Set<string>;
  /** Timeouts and backlogs in force, by socket. */
  readonly timeouts: Map<string, number | null>;
  readonly backlogs: Map<string, number>;
  /** The server's ends of connections that wait to be accepted, by listener. */
  readonly waiting: Map<string, string[]>;
  /** Clients by their local port; what was accepted before its connect was heard to have ended. */
  readonly clients: Map<string | number | undefined, string>;
  readonly early: Map<string | number | undefined, string>;
};

export const newFacts = (): Facts => ({
  ends: new Map(),
  datagrams: new Set(),
  timeouts: new Map(),
  backlogs: new Map(),
  waiting: new Map(),
  clients: new Map(),
  early: new Map(),
});

const addEnd = ({ ends }: Facts, name: string, twin: string): void => {
  ends.set(name, { name, twin, sent: 0, received: 0, shut: false });
};

/** Two sockets that are connected with each other. */
export const pairEnds = (facts: Facts, a: string, b: string): void => {
  addEnd(facts, a, b);
  addEnd(facts, b, a);
};

const connected = (facts: Facts, client: string, local: Endpoint): void => {
  const server = facts.early.get(portAt(local)) ?? `?${client}`;
  facts.clients.set(portAt(local), client);
  pairEnds(facts, client, server);
  if (server.startsWith('?')) facts.waiting.get('s1')!.push(server);
};

const accepted = ({ ends, waiting, clients, early }: Facts, name: string, peer: Endpoint): void => {
  const client = clients.get(portAt(peer));
  if (client === undefined) {
    early.set(portAt(peer), name);
    return;
  }
  const queue = waiting.get('s1')!;
  queue.splice(queue.indexOf(`?${client}`), 1);
  ends.set(name, { ...ends.get(`?${client}`)!, name });
  ends.delete(`?${client}`);
  ends.get(client)!.twin = name;
};

const sentBy = (call: Call, outcome: Outcome): number => {
  if (outcome.kind === 'count') return outcome.count;
  if (outcome.kind === 'error') return outcome.count ?? 0;
  return 'data' in call ? byteLength(call.data) : 0;
};

const peeks = (call: Call): boolean => 'flags' in call && Boolean(call.flags?.includes('MSG_PEEK'));

const learnBytes = ({ ends }: Facts, call: Call, outcome: Outcome): void => {
  const end = ends.get(call.on);
  if (!end) return;
  if (hasIn(call, 'moves', 'out')) end.sent += sentBy(call, outcome);
  else if (hasIn(call, 'ends', 'direction') && outcome.kind === 'none') end.shut = true;
  else if (hasIn(call, 'ends', 'connection')) ends.delete(call.on);
  else if (hasIn(call, 'moves', 'in') && outcome.kind === 'data' && !peeks(call)) {
    end.received += outcome.data.length;
  }
};

/** Takes notice of how a call ended. */
export const learn = (facts: Facts, call: Call, outcome: Outcome): void => {
  learnBytes(facts, call, outcome);
  if (outcome.kind === 'error') return;
  switch (call.name) {
    case 'socket':
      if (call.type === 'SOCK_DGRAM' && call.as) facts.datagrams.add(call.as);
      return;
    case 'settimeout':
      facts.timeouts.set(call.on, call.timeout);
      return;
    case 'listen':
      facts.backlogs.set(call.on, call.backlog);
      facts.waiting.set(call.on, []);
      return;
    case 'connect':
      if (facts.datagrams.has(call.on) || outcome.kind !== 'none') return;
      return connected(facts, call.on, outcome.local!);
    case 'accept':
      if (outcome.kind === 'made') accepted(facts, outcome.name, outcome.peer!);
      return;
    default:
      return;
  }
};
