import type { Observed, Sample } from '../../core/model/observer.ts';
import type { UnixSocket } from '../../core/model/socket-facts.ts';
import type { OwnFiles } from './socket-match.ts';
import { unixReader } from './unix-reader.ts';

/** ss's words: a Unix socket has no others. */
const stateOf = ({ listening, peer }: Observed): string => {
  if (listening) return 'LISTEN';
  return peer ? 'ESTAB' : 'UNCONN';
};

/**
 * A listener has its backlog as the second figure. What a socket has sent and nobody has read is counted as the memory it
 * takes, headers included; of datagrams received the length of the first is told alone (unix_inq_len, unix_outq_len).
 */
const sampleOf = (socket: Observed, { rcvQ, sndQ }: UnixSocket): Sample => ({
  socket: socket.name,
  state: stateOf(socket),
  rcvQ,
  sndQ: socket.listening ? 0 : sndQ,
  timer: 'none',
  timerMs: 0,
  retransmits: 0,
  drops: 0,
});

/** What the kernel says of Unix sockets by their inodes; none where it cannot be asked: its table in /proc has no queues. */
export const unixSamples = (sockets: readonly Observed[], files: OwnFiles): ReadonlyMap<Observed, Sample> => {
  const samples = new Map<Observed, Sample>();
  if (sockets.length === 0) return samples;
  const answers = unixReader()?.ask(sockets.map(({ name }) => files.inodeOf(name))) ?? [];
  for (const [index, answer] of answers.entries()) {
    const socket = sockets[index]!;
    if (answer) samples.set(socket, sampleOf(socket, answer));
  }
  return samples;
};
