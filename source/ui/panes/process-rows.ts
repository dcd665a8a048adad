import { socketsOf } from '../../bench/view/selectors-sockets.ts';
import { humanDuration, plural } from '../../core/language/units.ts';
import { lookEvery } from '../../core/model/looks.ts';
import type { ProcessId, ProcessState, ThreadDoing, ThreadState } from '../../core/model/process.ts';
import type { BenchState } from '../../core/model/state.ts';
import { argumentWords, doingWords, endWords } from '../../core/words/process-words.ts';
import { line, type StyledLine, span, spread } from '../parts/styled-line.ts';
import { wrap } from '../parts/wrap-text.ts';
import type { RowContext } from './socket-rows.ts';

/** More threads that are in no call on a socket than are told one by one. */
const fewThreads = 3;

const numberOf = ({ thread }: ThreadState): string => thread.split('/')[1] ?? '';

const threadLine = (thread: ThreadState, { now, width, theme }: RowContext): StyledLine => {
  const { does, since } = thread;
  const for_ = does === 'running' ? '' : ` ${humanDuration(Math.max(0, now - since))}`;
  const words = line(span(` thread ${numberOf(thread)}  ${doingWords[does]}`, 'dim'));
  return spread(words, line(span(for_, 'dim')), width, theme.ellipsis);
};

/** `12 threads: 8 wait for another thread, 4 are running`. */
const countedLine = (threads: readonly ThreadState[]): StyledLine => {
  const counts = new Map<ThreadDoing, number>();
  for (const { does } of threads) counts.set(does, (counts.get(does) ?? 0) + 1);
  const words = [...counts].map(([does, count]) => `${count} ${does}`);
  return line(
    span(` ${plural(threads.length, 'thread')} in no call on a socket: ${words.join(', ')}`, 'dim'),
  );
};

const stateLines = (process: ProcessState, context: RowContext): StyledLine[] => {
  const { ended, threads } = process;
  if (ended) return [line(span(` ended: it ${endWords(ended)}`, 'warning'))];
  const others = threads.filter(({ does }) => does !== 'call');
  if (others.length > fewThreads) return [countedLine(others)];
  return others.map(thread => threadLine(thread, context));
};

/** What of a process that is watched is to be seen: a call that is over before a second look meets it is not. */
export const seenWords = `${1000 / lookEvery} looks a second; a call is seen once two of them meet it`;

/** What a pane says of a process besides its sockets: how it ended, what its other threads do, and what looks cannot see. */
export const processLines = (
  bench: BenchState,
  actor: ProcessId,
  context: RowContext,
): readonly StyledLine[] => {
  const process = bench.processes.get(actor);
  if (!process) return [line(span(' Nothing is known of it at this time.', 'dim'))];
  const none = socketsOf(bench, actor).length === 0 && !process.ended;
  return [
    ...stateLines(process, context),
    ...(none ? [line(span(' no socket is open', 'dim'))] : []),
    ...wrap(argumentWords(process.args), context.width - 1, 'dim')
      .slice(0, 1)
      .map(part => line(' ', part)),
    ...(process.traced || process.ended
      ? []
      : wrap(seenWords, context.width - 1, 'dim').map(part => line(' ', part))),
  ];
};
