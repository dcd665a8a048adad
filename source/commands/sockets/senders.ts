import { formatEndpoint } from '../../core/addresses/address.ts';
import type { Endpoint } from '../../core/addresses/endpoint.ts';
import type { Journal } from '../../core/model/journal.ts';
import type { SocketState } from '../../core/model/state.ts';

/** How far back the history of a socket is read, in entries. */
const depth = 500;

/** Peers that a datagram socket heard from, the newest first, at most nine. */
export const senders = (journal: Journal, socket: SocketState): Endpoint[] => {
  const found = new Map<string, Endpoint>();
  let n = socket.last;
  for (let steps = 0; n > 0 && steps < depth && found.size < 9; steps++) {
    const entry = journal.at(n);
    if (!entry) break;
    if (entry.kind === 'ended' && entry.outcome.kind === 'data' && entry.outcome.from) {
      const key = formatEndpoint(entry.outcome.from);
      if (!found.has(key)) found.set(key, entry.outcome.from);
    }
    n = entry.prev;
  }
  return [...found.values()];
};
