import type { Endpoint } from '../../source/core/addresses/endpoint.ts';
import { materialise } from '../../source/core/bytes/bytes.ts';
import type { EndedEntry, Entry } from '../../source/core/model/entry.ts';

/** What the journal says one socket sent and received, straight from its calls, and where it stood. */
export type JournalBytes = {
  readonly local: Endpoint | null;
  readonly peer: Endpoint | null;
  readonly sent: Buffer;
  readonly received: Buffer;
};

type Growing = { local: Endpoint | null; peer: Endpoint | null; sent: Uint8Array[]; received: Uint8Array[] };

const sends = new Set(['send', 'sendall', 'sendto']);
const receives = new Set(['recv', 'recvfrom', 'read', 'readline']);

/** Bytes of the call's data that the kernel took. */
const taken = ({ call, outcome }: EndedEntry): Uint8Array => {
  const data = 'data' in call ? materialise(call.data) : new Uint8Array(0);
  if (outcome.kind === 'count') return data.subarray(0, outcome.count);
  if (outcome.kind === 'error') return data.subarray(0, outcome.count ?? 0);
  return data;
};

/** By the sockets' names; a name stands for the newest socket that had it. */
export const journalBytes = (entries: readonly Entry[]): Map<string, JournalBytes> => {
  const sockets = new Map<string, Growing>();
  const files = new Map<string, { socket: string; held: Uint8Array[] }>();
  const ended = (entry: EndedEntry) => {
    const { call, outcome } = entry;
    const file = files.get(call.on);
    const socket = sockets.get(file?.socket ?? call.on);
    if (outcome.kind === 'made' && call.name !== 'makefile') {
      const { local = null, peer = null } = outcome;
      sockets.set(outcome.name, { local, peer, sent: [], received: [] });
    }
    if (outcome.kind === 'made' && call.name === 'makefile')
      files.set(outcome.name, { socket: call.on, held: [] });
    if (!socket) return;
    if (call.name === 'connect' && outcome.kind === 'none') {
      socket.local = outcome.local ?? null;
      socket.peer = outcome.peer ?? null;
    }
    if (sends.has(call.name)) socket.sent.push(taken(entry));
    if (receives.has(call.name) && outcome.kind === 'data') socket.received.push(outcome.data);
    if (call.name === 'write' && outcome.kind === 'count') file?.held.push(taken(entry));
    if (call.name === 'flush' && outcome.kind === 'none') socket.sent.push(...(file?.held.splice(0) ?? []));
  };
  for (const entry of entries) if (entry.kind === 'ended') ended(entry);
  return new Map(
    [...sockets].map(([name, { local, peer, sent, received }]) => [
      name,
      { local, peer, sent: Buffer.concat(sent), received: Buffer.concat(received) },
    ]),
  );
};
