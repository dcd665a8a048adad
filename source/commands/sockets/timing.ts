import { callsOn } from '../../bench/view/selectors-sockets.ts';
import type { World } from '../../bench/view/store.ts';
import { titleOf } from '../../core/calls/call.ts';
import { calls } from '../../core/calls/calls.ts';
import { formatDuration } from '../../core/language/units.ts';
import type { CallState } from '../../core/model/state.ts';
import { callLabel } from '../../core/model/wait.ts';
import { listed } from '../../core/words/listed.ts';
import { marked, t } from '../../core/words/translate.ts';
import {
  type ActingContext,
  act,
  canAct,
  command,
  everywhere,
  look,
  panePlaces,
  say,
} from '../calling/command.ts';
import { keysHere } from '../calling/hint-keys.ts';
import { doneBy } from '../calling/keymap.ts';
import { placeOf } from '../calling/overlays.ts';
import { backlogSize, oneOf, timeoutValue } from '../calling/parameters.ts';
import { performed, refusalOf } from '../calling/performed.ts';
import { anySocket, callInFocus, listener, missing } from '../calling/targets.ts';

/**
 * Calls of a person that wait on the socket in focus and can be made again as they are: what receives or accepts. What sends may have sent
 * a part, and a loop makes its next call by itself.
 */
const waitingCalls = (world: World): readonly CallState[] => {
  const found = anySocket(world);
  if (typeof found === 'function') return [];
  return callsOn(world.bench, found.name).filter(({ call, looped, inside, startedAt }) => {
    const { moves, waits } = calls[call.name];
    return startedAt !== null && !looped && inside === 0 && (moves === 'in' || waits === 'client');
  });
};

/** Each is cancelled and made again, which the log tells before it shows it. */
const restart = (context: ActingContext, waiting: readonly CallState[], ms: number | null): void => {
  for (const { id, call } of waiting) {
    const text = t`${titleOf(call)} is cancelled and made again with its new timeout, ${formatDuration(ms)}`;
    if (!waits(context, id)) continue;
    context.bench.note('info', text);
    context.bench.cancel(id);
    context.bench.perform(call);
  }
};

const waits = ({ source }: ActingContext, id: number): boolean => source.state().calls.has(id);

type Timeout = { timeout: number | null; waiting: 'keep' | 'restart' };

const timeout = act<Timeout>({
  id: 'timeout',
  title: marked('Set the timeout of the socket in focus'),
  short: marked('timeout'),
  keys: ['t'],
  where: panePlaces,
  ask: true,
  footer: 35,
  disabled: (world, keyOf) => missing(anySocket(world), keyOf),
  parameters: {
    timeout: timeoutValue,
    waiting: {
      ...oneOf<Timeout['waiting']>(marked('call that waits'), ['keep', 'restart'], () => 'keep'),
      hint: marked('keep lets it wait as it began; restart cancels it and makes it again with this timeout'),
      applies: world => waitingCalls(world).length > 0,
    },
  },
  run: async (context, { timeout: ms, waiting }) => {
    const world = context.store.getState();
    const found = anySocket(world);
    if (typeof found === 'function') return null;
    const inFlight = waitingCalls(world);
    const call = { name: 'settimeout', on: found.name, timeout: ms } as const;
    const outcome = await performed(context, call);
    if (outcome.kind === 'error') return refusalOf(outcome, call);
    const names = listed(
      inFlight.map(each => titleOf(each.call)),
      'and',
    );
    const from = t`${found.name}: timeout ${formatDuration(ms)} from the next call on, as in Python`;
    if (names === '') say(context, from);
    else if (waiting === 'keep') {
      say(context, t`${from}; ${names} waits on without it: ${doneBy(context.keyOf, 'timeout')}, restart`);
    } else {
      restart(context, inFlight, ms);
      say(
        context,
        t`${found.name}: timeout ${formatDuration(ms)}; ${names} was cancelled and made again with it`,
      );
    }
    return null;
  },
});

const backlog = act<{ backlog: number }>({
  id: 'backlog',
  title: marked('Change how many connections may wait at the listener'),
  short: marked('backlog'),
  keys: ['b'],
  where: panePlaces,
  ask: true,
  footer: 25,
  disabled: (world, keyOf) => missing(listener(world), keyOf),
  parameters: {
    backlog: {
      ...backlogSize,
      fallback: world => {
        const found = listener(world);
        return typeof found === 'function' ? '1' : String(found.backlog ?? 1);
      },
    },
  },
  run: async (context, { backlog: size }) => {
    const found = listener(context.store.getState());
    if (typeof found === 'function') return null;
    const call = { name: 'listen', on: found.name, backlog: size } as const;
    const outcome = await performed(context, call);
    return outcome.kind === 'error' ? refusalOf(outcome, call) : null;
  },
});

/** Ends a call, and says so: a frozen view may show one that has ended. */
export const cancelCall = (context: ActingContext, call: CallState): void => {
  const label = callLabel(call);
  if (!context.bench.cancel(call.id)) return say(context, t`${label} has ended by itself`, 'warning');
  say(
    context,
    call.looped
      ? t`Cancelled ${label} and its loop (KeyboardInterrupt)`
      : t`Cancelled ${label} (KeyboardInterrupt)`,
  );
};

const cancel = act({
  id: 'cancel',
  title: marked('Cancel the call in flight on the socket in focus'),
  short: marked('cancel'),
  keys: ['x'],
  where: [...panePlaces, 'lab'],
  footer: 58,
  disabled: world => (callInFocus(world) ? null : t('No call is in flight on the socket in focus')),
  actsOn: world => callInFocus(world)?.id ?? null,
  run: context => {
    const call = callInFocus(context.store.getState());
    if (call) cancelCall(context, call);
  },
});

/** How long a second Ctrl-C quits, in ms. */
const quitWindow = 2_000;

const interrupt = command({
  id: 'interrupt',
  title: marked('Cancel the call in flight and its loop; twice with nothing to cancel: quit'),
  short: marked('cancel'),
  keys: ['ctrl-c'],
  where: everywhere,
  listed: false,
  run: context => {
    const { view } = context.store.getState();
    const now = context.source.now();
    if (now < view.quitBefore) return context.app.quit(130);
    const inPane = placeOf(context.store.getState()) === view.focus;
    const call = inPane ? callInFocus(context.store.getState()) : undefined;
    if (call && canAct(context)) return cancelCall(context, call);
    const ends = context.app.ends?.() ?? '';
    const key = doneBy(keysHere(context), 'interrupt');
    say(context, ends === '' ? t`${key} again quits` : t`${key} again quits: ${ends}`);
    look(context, { quitBefore: now + quitWindow });
  },
});

export const timingCommands = [timeout, backlog, cancel];

export const interruptCommands = [interrupt];
