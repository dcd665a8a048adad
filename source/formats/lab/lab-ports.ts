import { type Endpoint, inet, isInet, portAt } from '../../core/addresses/endpoint.ts';
import { endpointKey } from '../../core/addresses/twins.ts';
import type { Call } from '../../core/calls/call.ts';
import { hasIn } from '../../core/calls/calls.ts';
import type { PlannedCall } from '../projection/call-plan.ts';

/** How the ports of a session are written in a lab, where they are others each time. */
export type LabPorts = {
  /** Variables for the ports that sockets were bound to, and those ports. */
  readonly variables: ReadonlyMap<string, number>;
  /** The call with those put in; `whole` stands for its address where only a socket's own name can say it. */
  readonly written: (call: Call) => { readonly call: Call; readonly whole: string };
  /** An address of an outcome: its variable, or `*` for a port that the system chose. */
  readonly pattern: (endpoint: Endpoint) => Endpoint;
  /** Where a relay leads: its variable, or the port as it is. */
  readonly reached: (endpoint: Endpoint) => Endpoint;
  /** Puts the variables into a formatted line. */
  readonly named: (text: string) => string;
  /** Lines that must come first, to learn an address that the call names. */
  readonly before: (call: Call) => readonly string[];
  /** The variable that takes the address of a foreign sender which a later call names; '' where none does. */
  readonly sender: (planned: PlannedCall) => string;
  /** Takes notice of the addresses a call made known. */
  readonly after: (planned: PlannedCall) => void;
};

/** Ports of the lab language are numbers or names; a variable is put in as text afterwards. */
const mark = (name: string): string => `PORT-${name}`;

const addressOf = (call: Call): Endpoint | undefined => ('address' in call ? call.address : undefined);

const boundPort = ({ call, outcome }: PlannedCall): number | undefined => {
  const binds = hasIn(call, 'sets', 'address');
  if (!(binds || hasIn(call, 'sets', 'backlog')) || outcome?.kind !== 'none') return undefined;
  const port = portAt(outcome.local) ?? (binds ? portAt(call.address) : undefined);
  return typeof port === 'number' && port > 0 ? port : undefined;
};

export const labPorts = (
  calls: readonly PlannedCall[],
  isForeign: (address: Endpoint) => boolean = () => false,
): LabPorts => {
  const bound = new Map<number | string | undefined, string>();
  const variables = new Map<string, number>();
  for (const planned of calls) {
    const port = boundPort(planned);
    if (port === undefined || bound.has(port)) continue;
    const name = bound.size === 0 ? 'port' : `port${bound.size + 1}`;
    bound.set(port, name);
    variables.set(name, port);
  }
  /** Sockets by the port that the system chose for them. */
  const chosen = new Map<number | string | undefined, string>();
  /** Variables with the addresses of foreign senders, by these. */
  const senders = new Map<string, string>();

  const variableOf = (planned: Call, address: Endpoint): string | undefined => {
    if (!hasIn(planned, 'sets', 'address')) return bound.get(portAt(address));
    const own = calls.find(
      ({ call }) => hasIn(call, 'sets', 'address') && call.on === planned.on && call.address === address,
    );
    return bound.get((own && boundPort(own)) ?? portAt(address));
  };

  const whole = (address: Endpoint | undefined): string => {
    const sender = address && senders.get(endpointKey(address));
    if (sender) return `$${sender}`;
    const port = portAt(address);
    const socket = bound.has(port) ? undefined : chosen.get(port);
    return socket ? `$at_${socket}` : '';
  };

  return {
    variables,
    written: call => {
      const address = addressOf(call);
      const name = address && variableOf(call, address);
      if (!address || !name || !isInet(address)) return { call, whole: whole(address) };
      return { call: { ...call, address: { ...address, port: mark(name) } } as Call, whole: '' };
    },
    pattern: endpoint => {
      if (!isInet(endpoint)) return endpoint;
      const { host, port } = endpoint;
      const name = bound.get(port);
      return inet(host, name ? mark(name) : port === 0 ? 0 : '*');
    },
    reached: endpoint => {
      const name = bound.get(portAt(endpoint));
      return isInet(endpoint) && name ? inet(endpoint.host, mark(name)) : endpoint;
    },
    named: text => text.replace(/PORT-(port\d*)/g, '$$$1'),
    before: call => {
      const address = addressOf(call);
      const [, socket] = /^\$at_(.*)$/.exec(whole(address)) ?? [];
      return socket === undefined ? [] : [`at_${socket} = ${socket}.getsockname`];
    },
    sender: ({ call, outcome }) => {
      const from = hasIn(call, 'returns', 'datagram') && outcome?.kind === 'data' ? outcome.from : undefined;
      if (!from || !isForeign(from)) return '';
      const key = endpointKey(from);
      const name = senders.get(key) ?? `sender${senders.size + 1}`;
      senders.set(key, name);
      return name;
    },
    after: ({ call, outcome }) => {
      const local = outcome?.kind === 'none' || outcome?.kind === 'count' ? outcome.local : undefined;
      const port = portAt(local);
      if (port !== undefined && !bound.has(port)) chosen.set(port, call.on);
    },
  };
};
