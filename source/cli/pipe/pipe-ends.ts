import type { Bench } from '../../bench/engine/bench.ts';
import { failureSentence } from '../../commands/calling/performed.ts';
import { clientSettings } from '../../commands/sockets/wrapping.ts';
import { formatEndpoint } from '../../core/addresses/address.ts';
import { type Endpoint, isInet, unix } from '../../core/addresses/endpoint.ts';
import { familyOf } from '../../core/addresses/ip.ts';
import type { Outcome } from '../../core/calls/outcome.ts';
import { t } from '../../core/words/translate.ts';
import type { Opening } from '../address-words.ts';
import { causeOf, errorOf, familyFor, listenAt, localOf, made } from './calls-in-turn.ts';

/** A socket that has its peer. */
export type Joined = {
  readonly socket: string;
  readonly datagrams: boolean;
  /** False: its peer has no name that anything could be sent to. */
  readonly answers: boolean;
  /** The datagram by which it was found; null: none. */
  readonly first: Uint8Array | null;
};

/** A sentence that says why there is none. */
export type NotJoined = { readonly words: string };

/** Where a name leads, each address once; an address is its own. */
const endpointsOf = async (bench: Bench, { address, type }: Opening): Promise<readonly Endpoint[]> => {
  const { endpoint, family } = address;
  if (!isInet(endpoint) || endpoint.host === '' || familyOf(endpoint.host)) return [endpoint];
  const { host, port } = endpoint;
  const asked = { name: 'getaddrinfo', on: '', host, port, type } as const;
  const found = await made(bench, family ? { ...asked, family } : asked);
  if (found.kind !== 'endpoints') return [];
  return [...new Map(found.endpoints.map(each => [formatEndpoint(each), each])).values()];
};

/** One address with a socket of its own, bound where it is to be. */
const connectOne = async (bench: Bench, opening: Opening, endpoint: Endpoint): Promise<string> => {
  const { type, local } = opening;
  const family = familyFor(endpoint, opening.address);
  const socket = bench.nextName('c');
  await made(bench, { name: 'socket', on: '', as: socket, family, type });
  try {
    if (local) await made(bench, { name: 'bind', on: socket, address: local });
    // Linux gives it a name of the abstract namespace (unix(7), autobind): nothing can be answered to a socket without one.
    else if (family === 'AF_UNIX' && type === 'SOCK_DGRAM')
      await made(bench, { name: 'bind', on: socket, address: unix('') });
    await made(bench, { name: 'connect', on: socket, address: endpoint });
    if (opening.tls) {
      const settings = clientSettings(opening.address, opening.tls);
      await made(bench, { name: 'wrap', on: socket, side: 'client', settings });
    }
    return socket;
  } catch (error) {
    await made(bench, { name: 'close', on: socket });
    throw error;
  }
};

/** The first address of a name that takes the connection. */
const connect = async (bench: Bench, opening: Opening): Promise<Joined> => {
  const tried: string[] = [];
  let last: unknown = new Error('getaddrinfo answered nothing');
  for (const endpoint of await endpointsOf(bench, opening)) {
    try {
      const socket = await connectOne(bench, opening, endpoint);
      return { socket, datagrams: opening.type === 'SOCK_DGRAM', answers: true, first: null };
    } catch (error) {
      tried.push(`${formatEndpoint(endpoint)} (${causeOf(error)?.failure.code})`);
      last = error;
    }
  }
  const cause = causeOf(last);
  if (!cause || tried.length < 2) throw last;
  throw new Error(failureSentence(cause.failure, cause.call, t`tried ${tried.join(', ')}`), { cause });
};

/** One connection; the listener is closed behind it, as ncat -l does, so that a second client is refused and not left waiting. */
const acceptOne = async (bench: Bench, opening: Opening, say: (at: Endpoint) => void): Promise<Joined> => {
  const { socket: on, at, wrap } = await listenAt(bench, opening, 1);
  say(at);
  const handshake = Promise.withResolvers<void>();
  const onWrapped = (outcome: Outcome) => {
    if (wrap && outcome.kind === 'error') handshake.reject(errorOf(outcome, wrap));
    else handshake.resolve();
  };
  const accepted = await made(bench, { name: 'accept', on }, { onWrapped });
  await made(bench, { name: 'close', on });
  if (wrap) await handshake.promise;
  if (accepted.kind !== 'made') throw new Error('accept made no socket');
  return { socket: accepted.name, datagrams: false, answers: true, first: null };
};

/** No datagram is larger. */
const largest = 65_536;

/** The sender of the first datagram is the peer from then on, as of ncat -l -u. */
const firstSender = async (bench: Bench, opening: Opening, say: (at: Endpoint) => void): Promise<Joined> => {
  const { endpoint } = opening.address;
  const on = bench.nextName('u');
  await made(bench, {
    name: 'socket',
    on: '',
    as: on,
    family: familyFor(endpoint, opening.address),
    type: 'SOCK_DGRAM',
  });
  const bound = await made(bench, { name: 'bind', on, address: endpoint });
  say(localOf(bound, endpoint));
  const got = await made(bench, { name: 'recvfrom', on, size: largest });
  if (got.kind !== 'data' || !got.from) throw new Error('recvfrom told no sender');
  const answers = isInet(got.from) || got.from.path !== '';
  // Copied: the memory is another datagram's once the journal lets go of this one.
  const first = got.data.slice();
  if (answers) await made(bench, { name: 'connect', on, address: got.from });
  return { socket: on, datagrams: true, answers, first };
};

/** Connects, or waits for one who does. `say` hears where that is. */
export const joinPeer = async (
  bench: Bench,
  opening: Opening,
  listens: boolean,
  say: (at: Endpoint) => void,
): Promise<Joined | NotJoined> => {
  try {
    if (!listens) return await connect(bench, opening);
    return await (opening.type === 'SOCK_DGRAM' ? firstSender : acceptOne)(bench, opening, say);
  } catch (error) {
    if (!causeOf(error)) throw error;
    return { words: (error as Error).message };
  }
};
