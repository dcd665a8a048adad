import { socketsOf } from '../../bench/view/selectors-sockets.ts';
import { humanDuration } from '../../core/language/units.ts';
import { lookEvery } from '../../core/model/looks.ts';
import type { ProcessId, ProcessState, ThreadDoing, ThreadState } from '../../core/model/process.ts';
import type { BenchState } from '../../core/model/state.ts';
import { argumentWords, doingWords, endWords } from '../../core/words/process-words.ts';
import { marked, t } from '../../core/words/translate.ts';
import { line, type StyledLine, span, spread } from '../parts/styled-line.ts';
import { wrap } from '../parts/wrap-text.ts';
import type { RowContext } from './socket-rows.ts';

/** More threads that are in no call on a socket than are told one by one. */
const fewThreads = 3;

const numberOf = ({ thread }: ThreadState): string => thread.split('/')[1] ?? '';

const threadLine = (thread: ThreadState, { now, width, theme }: RowContext): StyledLine => {
  const { does, since } = thread;
  const for_ = does === 'running' ? '' : ` ${humanDuration(Math.max(0, now - since))}`;
  const words = line(span(` ${t`thread ${numberOf(thread)}`}  ${t(doingWords[does])}`, 'dim'));
  return spread(words, line(span(for_, 'dim')), width, theme.ellipsis);
};

/** What a thread is about, in few letters. */
const doingNames: Readonly<Record<ThreadDoing, string>> = {
  call: marked('call'),
  lock: marked('lock'),
  'shared lock': marked('shared lock'),
  running: marked('running'),
  stopped: marked('stopped'),
  outside: marked('outside'),
  hidden: marked('hidden'),
  unread: marked('unread'),
  nothing: marked('nothing'),
  restart: marked('restart'),
  sleep: marked('sleep'),
  child: marked('child'),
  signal: marked('signal'),
  pipe: marked('pipe'),
  terminal: marked('terminal'),
  file: marked('file'),
  unix: 'unix',
  ring: marked('ring'),
  unknown: marked('unknown'),
};

/** `12 threads in no call on a socket: 8 lock, 4 running`. */
const countedLine = (threads: readonly ThreadState[]): StyledLine => {
  const counts = new Map<ThreadDoing, number>();
  for (const { does } of threads) counts.set(does, (counts.get(does) ?? 0) + 1);
  const words = [...counts].map(([does, count]) => `${count} ${t(doingNames[does])}`).join(t(', '));
  return line(span(` ${t`${threads.length} threads in no call on a socket: ${words}`}`, 'dim'));
};

const stateLines = (process: ProcessState, context: RowContext): StyledLine[] => {
  const { ended, threads } = process;
  if (ended) return [line(span(` ${t`ended: it ${endWords(ended)}`}`, 'warning'))];
  const others = threads.filter(({ does }) => does !== 'call');
  if (others.length > fewThreads) return [countedLine(others)];
  return others.map(thread => threadLine(thread, context));
};

/** What of a process that is watched is to be seen: a call that is over before a second look meets it is not. */
const seenWords = (): string =>
  t`${1000 / lookEvery} looks a second; a call is seen once two of them meet it`;

/** What a pane says of a process besides its sockets: how it ended, what its other threads do, and what looks cannot see. */
export const processLines = (
  bench: BenchState,
  actor: ProcessId,
  context: RowContext,
): readonly StyledLine[] => {
  const process = bench.processes.get(actor);
  if (!process) return [line(span(` ${t('Nothing is known of it at this time.')}`, 'dim'))];
  const none = socketsOf(bench, actor).length === 0 && !process.ended;
  return [
    ...stateLines(process, context),
    ...(none ? [line(span(` ${t('no socket is open')}`, 'dim'))] : []),
    ...wrap(argumentWords(process.args), context.width - 1, 'dim')
      .slice(0, 1)
      .map(part => line(' ', part)),
    ...(process.traced || process.ended
      ? []
      : wrap(seenWords(), context.width - 1, 'dim').map(part => line(' ', part))),
  ];
};
