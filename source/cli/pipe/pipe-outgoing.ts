import { passedOnSize } from '../../bench/behaviours/receiving.ts';
import type { PerformOptions } from '../../bench/engine/bench.ts';
import { failureSentence } from '../../commands/calling/performed.ts';
import type { Call } from '../../core/calls/call.ts';
import { marked, t } from '../../core/words/translate.ts';
import { readStandardInput } from '../../drivers/node/standard-input.ts';
import type { Direction, DirectionOptions, Over } from './pipe-direction.ts';

/** Bytes of the largest datagram over IPv4 (udp(7)). */
const largestDatagram = 65_507;

/** Bytes that may wait for the flush that writes them down: what is sent fast would be 60 MB of them in a frame. */
const mostUnflushed = 4 << 20;

const nameless = marked('the sender of the first datagram has no name: nothing can be sent to it');

/** The peer is gone: in a pipe the socket has been connected, and shut down by nobody here. */
const goneWords = marked('the peer has closed the connection and takes no more of standard input (EPIPE)');

/** Sends a piece: true where the kernel has it at once, else `next` is called when it has. */
const createSender = ({ bench, joined, moved, stir, recorded }: DirectionOptions, over: Over) => {
  const { socket: on, datagrams } = joined;
  const name = datagrams ? 'send' : 'sendall';
  let call: Call = { name: 'getsockname', on };
  let size = 0;
  let ended = false;
  let later: (() => void) | null = null;
  let unflushed = 0;
  /** The buffer is read into again once the kernel has the piece; a recording writes it down later than that. */
  const kept = (bytes: Uint8Array): Uint8Array => {
    if (unflushed >= mostUnflushed) {
      bench.flush();
      unflushed = 0;
    }
    unflushed += bytes.length;
    return Uint8Array.prototype.slice.call(bytes);
  };
  const options: PerformOptions = {
    onEnd: outcome => {
      if (outcome.kind === 'error') {
        moved.sent += outcome.count ?? 0;
        const words = outcome.code === 'EPIPE' ? t(goneWords) : failureSentence(outcome, call);
        return over({ kind: datagrams ? 'lost' : 'refused', words });
      }
      moved.sent += size;
      stir();
      ended = true;
      later?.();
    },
  };
  return (bytes: Uint8Array, next: () => void): boolean => {
    const data = recorded ? kept(bytes) : bytes;
    call = { name, on, data: { kind: 'literal', data, notation: 'text' } };
    size = bytes.length;
    ended = false;
    later = null;
    bench.perform(call, options);
    later = next;
    return ended;
  };
};

/** Standard input to the peer: the next piece is read once the kernel has taken the last one. */
export const openOutgoing: Direction = (options, over) => {
  const { bench, joined, tellsEnd } = options;
  const send = createSender(options, over);
  const end = (error?: NodeJS.ErrnoException) => {
    if (error)
      return over({ kind: 'lost', words: t`standard input cannot be read (${error.code ?? error.message})` });
    if (joined.datagrams || !tellsEnd) return over({ kind: 'ended' });
    const shutdown: Call = { name: 'shutdown', on: joined.socket, how: 'SHUT_WR' };
    bench.perform(shutdown, {
      onEnd: outcome =>
        over(
          outcome.kind === 'error'
            ? { kind: 'refused', words: failureSentence(outcome, shutdown) }
            : { kind: 'ended' },
        ),
    });
  };
  const take = (bytes: Uint8Array): boolean => {
    if (joined.answers) return send(bytes, input.resume);
    over({ kind: 'lost', words: t(nameless) });
    return false;
  };
  const input = readStandardInput(joined.datagrams ? largestDatagram : passedOnSize, { take, end });
  return input.stop;
};
