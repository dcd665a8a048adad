import { hostAt } from '../../core/addresses/endpoint.ts';
import { canonicalHost, isLoopback } from '../../core/addresses/ip.ts';
import { isProgram } from '../../core/model/actors.ts';
import { isBrokenHere } from '../../core/model/finding.ts';
import type { News, PeerLooker } from '../../core/model/looks.ts';
import type { BenchState, SocketState } from '../../core/model/state.ts';
import { hasForeignPeer } from '../view/selectors-sockets.ts';

export type Peers = {
  readonly see: (state: BenchState) => void;
  readonly stop: () => void;
};

/**
 * An address of this machine, as far as the socket's own tells. Whose the peer of a Unix socket is its connect or accept
 * has told (SO_PEERCRED).
 */
const isHere = ({ local, peer }: SocketState): boolean => {
  if (peer?.kind !== 'inet') return false;
  const own = hostAt(local);
  return isLoopback(peer.host) || (own !== undefined && canonicalHost(own) === canonicalHost(peer.host));
};

/** Which sockets of the bench have somebody else of this machine at their other end, as a text that is another where they are. */
const signOf = (state: BenchState): string => {
  const names: string[] = [];
  for (const socket of state.sockets.values()) {
    const { actor, closed, name, condition } = socket;
    if (closed || !isProgram(actor) || !isHere(socket) || !hasForeignPeer(state, socket)) continue;
    names.push(`${name} ${condition}`);
  }
  return names.join(' ');
};

/** Deadlocks with such programs of which looks have yet to tell whether they are certain; another text where there are others. */
const unsureOf = ({ findings }: BenchState): string =>
  [...findings.values()]
    .filter(found => found.name === 'deadlock' && found.seen?.certain === false && isBrokenHere(found))
    .map(({ key }) => key)
    .join();

/**
 * Looks at processes of this machine while they are at the other end of the bench's sockets: no thread is started before, and none
 * works after. What is new is told by the teller that keeps a journal for this program's pid.
 */
export const watchPeers = (
  start: () => Promise<PeerLooker>,
  tellerFor: (self: number) => (news: News) => void,
): Peers => {
  let looker: PeerLooker | null = null;
  let sockets: BenchState['sockets'] | null = null;
  let sign = '';
  let findings: BenchState['findings'] | null = null;
  let unsure = '';
  let asked = false;
  let stopped = false;

  const begin = async () => {
    asked = true;
    // Without it the rows say what the kernel tells of the bench's own sockets.
    const found = await start().catch(() => null);
    if (stopped) return found?.stop();
    if (!found) return;
    looker = found;
    const tell = tellerFor(looker.self);
    looker.start(news => {
      if (!stopped) tell(news);
    });
    if (sign === '') looker.rest();
  };

  const seeSockets = (state: BenchState): void => {
    if (state.sockets === sockets) return;
    sockets = state.sockets;
    const now = signOf(state);
    if (now === sign) return;
    sign = now;
    if (sign === '') looker?.rest();
    else if (asked) looker?.poke();
    else void begin();
  };

  const seeFindings = (state: BenchState): void => {
    if (state.findings === findings) return;
    findings = state.findings;
    const now = unsureOf(state);
    if (now === unsure) return;
    unsure = now;
    if (unsure !== '') looker?.poke();
  };

  return {
    see: state => {
      seeSockets(state);
      seeFindings(state);
    },
    stop: () => {
      stopped = true;
      looker?.stop();
    },
  };
};
