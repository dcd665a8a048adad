import { isatty } from 'node:tty';
import type { Bench } from '../../bench/engine/bench.ts';
import { systemClock } from '../../bench/engine/clock.ts';
import { createBench } from '../../bench/engine/create-bench.ts';
import { formatEndpoint } from '../../core/addresses/address.ts';
import { type Endpoint, portAt } from '../../core/addresses/endpoint.ts';
import { safeText } from '../../core/bytes/payload.ts';
import { parseDuration } from '../../core/language/units.ts';
import { t } from '../../core/words/translate.ts';
import { widenPipe } from '../../drivers/native/wide-pipe.ts';
import { nodeMachine } from '../../drivers/node/node-machine.ts';
import { chooseEnds } from '../../drivers/system/capabilities.ts';
import { type AddressFlags, type Opening, readAddresses } from '../address-words.ts';
import { onSignals } from '../on-signals.ts';
import { complain, openDataOut } from '../print.ts';
import { startRecording } from '../sessions/recording.ts';
import { tellRecording } from '../sessions/tell-recording.ts';
import { joinPeer } from './pipe-ends.ts';
import { flow } from './pipe-flow.ts';
import { type End, exitOf, type Moved, summaryOf, troubleWords } from './pipe-words.ts';

export type PipeFlags = AddressFlags & {
  readonly listen?: boolean;
  /** --no-shutdown makes it false. */
  readonly shutdown?: boolean;
  readonly quitAfter?: string;
  readonly timeout?: string;
  readonly quiet?: boolean;
  readonly record?: string;
};

/** The flags once they are read. Times in ms; null: none. */
type Wanted = {
  readonly opening: Opening;
  readonly timeout: number | null;
  readonly quitAfter: number | null;
};

const timeOf = (flag: string, text: string | undefined): number | null | string => {
  if (text === undefined) return null;
  const read = parseDuration(text);
  return read.ok ? read.value : `${flag}: ${read.message}`;
};

/** What there is to do, or what is wrong with an argument. */
const readWanted = (words: readonly string[], flags: PipeFlags): Wanted | string => {
  const read = readAddresses(flags.listen ? 'listen' : 'connect', words, flags);
  if (!read.ok) return read.message;
  const [opening, second] = read.openings;
  if (!opening) return t('name an address: HOST:PORT, HOST PORT or unix:/path');
  if (second) return t`${safeText(second.text)} is one address too many: a pipe has one`;
  const timeout = timeOf('--timeout', flags.timeout);
  if (typeof timeout === 'string') return timeout;
  const quitAfter = timeOf('--quit-after', flags.quitAfter);
  if (typeof quitAfter === 'string') return quitAfter;
  return { opening, timeout, quitAfter };
};

/** Nobody looks back: a bench that keeps no payloads, and the last few calls. */
const caps = { entries: 1000, bytes: 0 };

const pipeBench = (): Bench =>
  createBench({ ...nodeMachine(), loops: { accept: false, receive: false }, caps, recycle: true });

/** What happens to a pipe from outside: the first of it ends the pipe. */
const createOutside = (timeout: number | null, signal: AbortSignal) => {
  const { promise: ended, resolve } = Promise.withResolvers<End>();
  const output = openDataOut(code => resolve({ kind: 'output', code }));
  let stirred = performance.now();
  let stopWaiting = () => {};
  const waitIdle = (ms: number) => {
    const left = stirred + ms - performance.now();
    if (left <= 0) resolve({ kind: 'idle', ms });
    else stopWaiting = systemClock.deadline(left, () => waitIdle(ms));
  };
  if (timeout !== null) waitIdle(timeout);
  const stir = () => {
    stirred = performance.now();
  };
  const abort = () => resolve({ kind: 'signal' });
  signal.addEventListener('abort', abort, { once: true });
  if (signal.aborted) abort();
  return { ended, output, stir, stop: () => stopWaiting() };
};

/** Where one can connect to; with --quiet only where the system chose the port, since nobody else can tell. */
const sayWhere =
  ({ opening }: Wanted, quiet: boolean) =>
  (at: Endpoint): void => {
    if (!quiet || portAt(opening.address.endpoint) === 0)
      complain(t`sockbench pipe: listening on ${opening.tls ? 'tls://' : ''}${formatEndpoint(at)}`);
  };

const perform = async (
  bench: Bench,
  wanted: Wanted,
  flags: PipeFlags,
  signal: AbortSignal,
): Promise<number> => {
  const { opening, timeout, quitAfter } = wanted;
  const quiet = flags.quiet === true;
  const outside = createOutside(timeout, signal);
  const moved: Moved = { sent: 0, received: 0, since: null };
  let stop = () => {};
  const work = async (): Promise<End> => {
    const joined = await joinPeer(bench, opening, flags.listen === true, sayWhere(wanted, quiet));
    if ('words' in joined) return { kind: 'failed', words: joined.words };
    outside.stir();
    moved.since = performance.now();
    const { output, stir } = outside;
    const tellsEnd = flags.shutdown !== false;
    const recorded = flags.record !== undefined;
    // Somebody at a terminal sees nothing happen; a script's standard input ends by itself.
    const peerEnded = () => {
      // Not by process.stdin: what it would open is open.
      if (!quiet && isatty(0))
        complain(t('sockbench pipe: the peer sends no more; the end of what you type ends this side'));
    };
    const moving = flow({ bench, joined, output, moved, stir, tellsEnd, recorded, quitAfter, peerEnded });
    stop = () => {
      moving.stop();
      bench.perform({ name: 'close', on: joined.socket });
    };
    return moving.ended;
  };
  const end = await Promise.race([outside.ended, work()]);
  const now = performance.now();
  stop();
  outside.stop();
  const trouble = troubleWords(end);
  if (trouble !== '') complain(`sockbench pipe: ${trouble}`);
  const summary = quiet ? '' : summaryOf(moved, now, end);
  if (summary !== '') complain(`sockbench pipe: ${summary}`);
  return exitOf(end);
};

const refuse = (why: string): number => {
  complain(`sockbench pipe: ${why}`);
  return 2;
};

/** `sockbench pipe`: standard input and output joined to a socket. */
export const runPipe = async (words: readonly string[], flags: PipeFlags): Promise<number> => {
  const wanted = readWanted(words, flags);
  if (typeof wanted === 'string') return refuse(wanted);
  const controller = new AbortController();
  const signals = onSignals(controller);
  const bench = pipeBench();
  tellRecording(bench, 'sockbench pipe');
  const recording = flags.record === undefined ? null : await startRecording(bench, flags.record);
  if (typeof recording === 'string') return refuse(recording);
  try {
    // The self-test keeps this thread busy, and the first call would seem to take as long.
    await chooseEnds('native').settle();
    if (wanted.opening.type === 'SOCK_STREAM') for (const fd of [0, 1]) widenPipe(fd);
    const status = await perform(bench, wanted, flags, controller.signal);
    return signals.code() ?? status;
  } finally {
    signals.stop();
    await bench.dispose();
    await recording?.stop();
  }
};
