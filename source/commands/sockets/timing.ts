import { formatDuration } from '../../core/language/units.ts';
import type { CallState } from '../../core/model/state.ts';
import { callLabel } from '../../core/model/wait.ts';
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
import { doneBy } from '../calling/keymap.ts';
import { placeOf } from '../calling/overlays.ts';
import { backlogSize, timeoutValue } from '../calling/parameters.ts';
import { performed, refusalOf } from '../calling/performed.ts';
import { anySocket, callInFocus, listener, missing } from '../calling/targets.ts';

const timeout = act<{ timeout: number | null }>({
  id: 'timeout',
  title: 'Set the timeout of the socket in focus',
  short: 'timeout',
  keys: ['t'],
  where: panePlaces,
  ask: true,
  footer: 35,
  disabled: (world, keyOf) => missing(anySocket(world), keyOf),
  parameters: { timeout: timeoutValue },
  run: async (context, { timeout: ms }) => {
    const found = anySocket(context.store.getState());
    if (typeof found === 'function') return null;
    const call = { name: 'settimeout', on: found.name, timeout: ms } as const;
    const outcome = await performed(context, call);
    if (outcome.kind === 'error') return refusalOf(outcome, call);
    say(context, `${found.name}: timeout ${formatDuration(ms)} from the next call on, as in Python`);
    return null;
  },
});

const backlog = act<{ backlog: number }>({
  id: 'backlog',
  title: 'Change how many connections may wait at the listener',
  short: 'backlog',
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
  if (!context.bench.cancel(call.id)) return say(context, `${label} has ended by itself`, 'warning');
  say(context, `Cancelled ${label}${call.looped ? ' and its loop' : ''} (KeyboardInterrupt)`);
};

const cancel = act({
  id: 'cancel',
  title: 'Cancel the call in flight on the socket in focus',
  short: 'cancel',
  keys: ['x'],
  where: [...panePlaces, 'lab'],
  footer: 58,
  disabled: world => (callInFocus(world) ? null : 'No call is in flight on the socket in focus'),
  run: context => {
    const call = callInFocus(context.store.getState());
    if (call) cancelCall(context, call);
  },
});

/** How long a second Ctrl-C quits, in ms. */
const quitWindow = 2_000;

const interrupt = command({
  id: 'interrupt',
  title: 'Cancel the call in flight and its loop; twice with nothing to cancel: quit',
  short: 'cancel',
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
    say(context, `${doneBy(context.keyOf, 'interrupt')} again quits${ends === '' ? '' : `: ${ends}`}`);
    look(context, { quitBefore: now + quitWindow });
  },
});

export const timingCommands = [timeout, backlog, cancel];

export const interruptCommands = [interrupt];
