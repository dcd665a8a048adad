import type { Bench } from '../../bench/engine/bench.ts';
import { createBench } from '../../bench/engine/create-bench.ts';
import { formatEndpoint } from '../../core/addresses/address.ts';
import type { Endpoint } from '../../core/addresses/endpoint.ts';
import type { Call } from '../../core/calls/call.ts';
import { formatRelayTarget } from '../../core/language/relay-text.ts';
import { wayTrouble } from '../../core/model/relay.ts';
import { nothingSaved } from '../../core/model/saved-names.ts';
import { t } from '../../core/words/translate.ts';
import { nodeMachine } from '../../drivers/node/node-machine.ts';
import { chooseEnds } from '../../drivers/system/capabilities.ts';
import { savedIn } from '../../settings/saved-in.ts';
import type { AddressFlags } from '../address-words.ts';
import { onSignals } from '../on-signals.ts';
import { complain } from '../print.ts';
import { prepare } from '../screen/keymap-settings.ts';
import { backlog } from '../screen/open-all.ts';
import { startRecording } from '../sessions/recording.ts';
import { tellRecording } from '../sessions/tell-recording.ts';
import { bindAt, causeOf, type Listening, listenAt } from './calls-in-turn.ts';
import { countWords, createPairs, movedWords, type Pairs } from './relay-pairs.ts';
import { type RelayWanted, readRelay } from './relay-words.ts';

const say = (line: string): void => complain(`sockbench relay: ${line}`);

const refuse = (why: string): number => {
  say(why);
  return 2;
};

/** Nobody looks back: a bench that keeps no payloads, and the last few calls. */
const caps = { entries: 1000, bytes: 0 };

const relayBench = (): Bench =>
  createBench({ ...nodeMachine(), loops: { accept: false, receive: false }, caps, recycle: true });

/** Says a line for each connection that is over. */
const tellPairs = (bench: Bench, pairs: Pairs): (() => void) =>
  bench.record({
    readsBytes: false,
    take: entries => pairs.take(entries).forEach(say),
    hasRoom: () => true,
    onRoom: () => {},
  });

/** Listens as a relay; or says why that cannot be, in a sentence. */
const listenAsRelay = async (bench: Bench, { listen, target }: RelayWanted): Promise<Listening | string> => {
  let trouble: string | null = null;
  try {
    const bound = (socket: string, at: Endpoint) => {
      trouble = wayTrouble(at, target.endpoint);
      if (trouble === null) bench.setRelay(socket, target);
    };
    const listening = await (target.datagrams
      ? bindAt(bench, listen, bound)
      : listenAt(bench, listen, backlog, bound));
    return trouble ?? listening;
  } catch (error) {
    if (!causeOf(error)) throw error;
    return (error as Error).message;
  }
};

/** Ends what is connected: a stream by a reset, so that nobody takes what was cut off for all of it. */
const stop = async (bench: Bench, listener: string, pairs: Pairs, by: 'reset' | 'close'): Promise<void> => {
  const done = (call: Call) => new Promise(resolve => bench.perform(call, { onEnd: resolve }));
  await done({ name: 'close', on: listener });
  bench.flush();
  await Promise.all(pairs.open().map(on => done({ name: by, on })));
  bench.flush();
};

const stopped = (signal: AbortSignal): Promise<void> =>
  new Promise(resolve => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

const perform = async (bench: Bench, wanted: RelayWanted, signal: AbortSignal): Promise<number> => {
  const { listen, target } = wanted;
  const to = formatRelayTarget({ ...target, tls: target.tls && {} });
  const pairs = createPairs(to, () => signal.aborted);
  const scheme = listen.tls ? 'tls://' : target.datagrams ? 'udp://' : '';
  const silence = tellPairs(bench, pairs);
  const listening = await listenAsRelay(bench, wanted);
  if (typeof listening === 'string') {
    say(listening);
    return 1;
  }
  say(t`listening on ${scheme}${formatEndpoint(listening.at)}, passing on to ${to}`);
  await stopped(signal);
  await stop(bench, listening.socket, pairs, target.datagrams ? 'close' : 'reset');
  silence();
  const done = pairs.relayed();
  say(t`${countWords(done.connections, target.datagrams === true)}, ${movedWords(done)}`);
  return 0;
};

export type RelaySettings = { readonly record: string | undefined; readonly config: string | undefined };

/** `sockbench relay --no-screen`: passes on until a signal ends it, which is the exit status. */
export const runRelay = async (
  words: readonly string[],
  flags: AddressFlags,
  { record, config }: RelaySettings,
): Promise<number> => {
  const prepared = await prepare(config);
  const wanted = readRelay(words, flags, prepared.ok ? savedIn(prepared.settings) : nothingSaved);
  if (typeof wanted === 'string') return refuse(wanted);
  if (!prepared.ok) return refuse(prepared.message);
  const controller = new AbortController();
  const signals = onSignals(controller);
  const bench = relayBench();
  tellRecording(bench, 'sockbench relay');
  const recording = record === undefined ? null : await startRecording(bench, record);
  if (typeof recording === 'string') return refuse(recording);
  try {
    // The self-test keeps this thread busy, and the first call would seem to take as long.
    await chooseEnds('native').settle();
    const status = await perform(bench, wanted, controller.signal);
    return signals.code() ?? status;
  } finally {
    signals.stop();
    await bench.dispose();
    await recording?.stop();
  }
};
