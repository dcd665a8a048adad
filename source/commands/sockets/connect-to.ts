import type { Refusal } from '../../bench/view/overlay.ts';
import { callsOn } from '../../bench/view/selectors-sockets.ts';
import { type Address, formatEndpoint } from '../../core/addresses/address.ts';
import { type Endpoint, type InetEndpoint, isInet } from '../../core/addresses/endpoint.ts';
import { familyOf } from '../../core/addresses/ip.ts';
import type { CallOf } from '../../core/calls/call.ts';
import type { Failure } from '../../core/calls/outcome.ts';
import type { SocketType } from '../../core/model/names.ts';
import type { TlsSettings } from '../../core/model/tls.ts';
import { t } from '../../core/words/translate.ts';
import { type ActingContext, look, type Result, refusal } from '../calling/command.ts';
import { begun, failureSentence, type Late, refusalOf, soon, unlessLate } from '../calling/performed.ts';
import { formatWrappedAddress } from '../calling/wrapped-address.ts';
import { bindTo, closing, makeSocket, show } from './open-sockets.ts';
import { clientSettings, wrapConnected } from './wrapping.ts';

/** One socket on its way to one address. `local`: bound before connect. */
type Way = {
  readonly address: Address;
  readonly type: SocketType;
  readonly local: Endpoint | null;
  /** What it is wrapped with once it has connected; null in the clear. */
  readonly tls: TlsSettings | null;
};

/** The socket that is to connect, on the screen and bound where it is to be. */
const preparedFor = async (
  context: ActingContext,
  { address, type, local }: Way,
): Promise<{ readonly name: string } | { readonly refused: Refusal }> => {
  const made = await makeSocket(context, 'c', address, type);
  if ('refused' in made) return made;
  if (local) {
    const refused = await bindTo(context, made.name, type, local);
    if (refused) return { refused };
    // A bound datagram socket's receive loop is in recvfrom by now, and connect would wait behind it; it goes on after.
    context.source.flush();
    for (const { id, looped } of callsOn(context.source.state(), made.name))
      if (looped) context.bench.cancel(id);
  }
  show(context, 'client', made.name);
  return made;
};

const connectOnce = async (context: ActingContext, way: Way): Promise<Result> => {
  const made = await preparedFor(context, way);
  if ('refused' in made) return made.refused;
  const call: CallOf<'connect'> = { name: 'connect', on: made.name, address: way.address.endpoint };
  if (way.tls) return unlessLate(context, connectAndWrap(context, call, way.tls));
  return soon(context, call, closing(context, made.name), failure =>
    refusalOf(failure, call, { field: 'address' }),
  );
};

const connectAndWrap = async (
  context: ActingContext,
  call: CallOf<'connect'>,
  tls: TlsSettings,
): Promise<Late | null> => {
  const { id, ended } = begun(context, call, true);
  const outcome = await ended;
  if (outcome.kind !== 'error') return wrapConnected(context, call.on, tls);
  closing(context, call.on)();
  return { refusal: refusalOf(outcome, call, { field: 'address' }), id, quiet: wasStopped(outcome) };
};

type Tried = { readonly call: CallOf<'connect'>; readonly failure: Failure; readonly id: number };

const refusalOfAll = (tried: readonly Tried[]): Refusal => {
  const last = tried.at(-1)!;
  const each = tried.map(({ call, failure }) => `${formatEndpoint(call.address)} (${failure.code})`);
  const all = tried.length > 1 ? t`tried ${each.join(t(', '))}` : '';
  return refusal(failureSentence(last.failure, last.call, all), { field: 'address' });
};

/** A call that the person ended, or whose socket was closed, is no reason to try the next address. */
const wasStopped = ({ code }: Failure): boolean => code === 'INTERRUPTED' || code === 'CLOSED';

/** One address after the other, each with a socket of its own, until one connects: Python's create_connection. */
const connectToFirst = async (
  context: ActingContext,
  way: Way,
  { host, port }: InetEndpoint,
): Promise<Late | null> => {
  const { family } = way.address;
  const call: CallOf<'getaddrinfo'> = {
    name: 'getaddrinfo',
    on: '',
    host,
    port,
    ...(family ? { family } : {}),
  };
  const lookup = begun(context, call);
  const found = await lookup.ended;
  if (found.kind === 'error')
    return { refusal: refusalOf(found, call, { field: 'address' }), id: lookup.id, quiet: wasStopped(found) };
  const endpoints = found.kind === 'endpoints' ? found.endpoints : [];
  const tried: Tried[] = [];
  let refused: Refusal | null = null;
  for (const endpoint of new Map(endpoints.map(each => [formatEndpoint(each), each])).values()) {
    const at = familyOf(endpoint.host) ?? 'AF_INET';
    const made = await preparedFor(context, { ...way, address: { endpoint, family: at } });
    if ('refused' in made) {
      refused = made.refused;
      continue;
    }
    const connect: CallOf<'connect'> = { name: 'connect', on: made.name, address: endpoint };
    const attempt = begun(context, connect, way.tls !== null);
    const outcome = await attempt.ended;
    if (outcome.kind !== 'error') return way.tls ? wrapConnected(context, made.name, way.tls) : null;
    closing(context, made.name)();
    tried.push({ call: connect, failure: outcome, id: attempt.id });
    if (wasStopped(outcome)) break;
  }
  const last = tried.at(-1);
  if (!last) return refused && { refusal: refused, id: lookup.id, quiet: false };
  return { refusal: refusalOfAll(tried), id: last.id, quiet: wasStopped(last.failure) };
};

const isName = (host: string): boolean => host !== '' && host !== '*' && familyOf(host) === null;

/**
 * socket + connect; with bind between them where the local address is given. A name is looked up and each of its
 * addresses tried in turn, and a tls:// address is wrapped where it has connected. A connect that blocks goes on by itself; one that fails takes its socket with it.
 */
export const connectTo = async (
  context: ActingContext,
  address: Address,
  type: SocketType,
  local: Endpoint | null = null,
  settings: TlsSettings = {},
): Promise<Result> => {
  const scheme = address.tls ? 'tls://' : '';
  const lastDone = `${scheme}${formatEndpoint(address.endpoint)}`;
  const reach = formatWrappedAddress(address, settings);
  look(context, { lastDone, ...(type === 'SOCK_STREAM' ? { reach } : {}) });
  const { endpoint } = address;
  const way: Way = { address, type, local, tls: address.tls ? clientSettings(address, settings) : null };
  return isInet(endpoint) && isName(endpoint.host)
    ? unlessLate(context, connectToFirst(context, way, endpoint))
    : connectOnce(context, way);
};
