import { callsOn } from '../../bench/view/selectors-sockets.ts';
import type { World } from '../../bench/view/store.ts';
import { shownBench } from '../../bench/view/view.ts';
import { calls } from '../../core/calls/calls.ts';
import { actorTitle, type LoopName, type Program } from '../../core/model/actors.ts';
import { type Policy, policies } from '../../core/model/names.ts';
import { marked, t } from '../../core/words/translate.ts';
import { type ActingContext, act, type Parameter, panePlaces, say } from '../calling/command.ts';
import { keysHere } from '../calling/hint-keys.ts';
import { doneBy } from '../calling/keymap.ts';
import { oneOf } from '../calling/parameters.ts';
import { listener, named, programInFocus } from '../calling/targets.ts';

const accept = act({
  id: 'accept',
  title: marked('Accept one connection'),
  short: marked('accept'),
  keys: ['a'],
  where: panePlaces,
  footer: 75,
  disabled: (world, keyOf) => {
    const found = listener(world);
    if (typeof found === 'function') return found(keyOf);
    if (!callsOn(world.bench, found.name).some(({ call }) => calls[call.name].waits === 'client'))
      return null;
    return world.bench.programs['tcp-server'].loops.accept
      ? t`The accept loop is in ${found.name}.accept already: ${doneBy(keyOf, 'accept-loop')} turns the loop off`
      : t`${found.name}.accept is in flight already: it takes the next client`;
  },
  actsOn: world => named(listener(world)),
  run: context => {
    const found = listener(context.store.getState());
    if (typeof found !== 'function') context.bench.perform({ name: 'accept', on: found.name });
  },
});

const switchWord = (title: string, on: (world: World) => boolean): Parameter<'on' | 'off'> =>
  oneOf(title, ['on', 'off'], world => (on(world) ? 'off' : 'on'));

/** What is said of a loop that was switched; `byHand` does one of what it did. */
const loopWords = (program: Program, loop: LoopName, on: boolean, byHand: string): string => {
  const title = actorTitle(program);
  if (loop === 'accept')
    return on
      ? t`${title}: accept loop on, it accepts by itself`
      : t`${title}: accept loop off, ${byHand} accepts one at a time`;
  return on
    ? t`${title}: receive loop on, it receives by itself`
    : t`${title}: receive loop off, ${byHand} receives one at a time`;
};

const setLoop = (context: ActingContext, program: Program, loop: LoopName, on: boolean): void => {
  context.bench.setLoop(program, loop, on);
  // The key is that of a bench on which the loop's own call is over.
  context.source.flush();
  say(context, loopWords(program, loop, on, doneBy(keysHere(context), loop)));
};

const acceptLoop = act<{ state: 'on' | 'off' }>({
  id: 'accept-loop',
  title: marked('Accept loop of the TCP server, on or off'),
  short: marked('accept loop'),
  keys: ['A'],
  where: panePlaces,
  // Without a listener it matters only where one would be.
  footer: world => (programInFocus(world) === 'tcp-server' || typeof listener(world) !== 'function' ? 40 : 0),
  parameters: { state: switchWord(marked('loop'), world => world.bench.programs['tcp-server'].loops.accept) },
  run: (context, { state }) => setLoop(context, 'tcp-server', 'accept', state === 'on'),
});

const receiveLoop = act<{ state: 'on' | 'off' }>({
  id: 'receive-loop',
  title: marked('Receive loop of the program in focus, on or off'),
  short: marked('receive loop'),
  keys: ['R'],
  where: panePlaces,
  footer: 38,
  actsOn: programInFocus,
  parameters: {
    state: switchWord(marked('loop'), world => world.bench.programs[programInFocus(world)].loops.receive),
  },
  run: (context, { state }) =>
    setLoop(context, programInFocus(context.store.getState()), 'receive', state === 'on'),
});

const meaning: Readonly<Record<Policy, string>> = {
  single: marked('one thread makes every call, the others wait'),
  'per-socket': marked('a thread a socket'),
  duplex: marked('a reader and a writer a socket'),
};

const nextPolicy = (world: World): Policy => {
  const now = shownBench(world).programs[programInFocus(world)].policy;
  return policies[(policies.indexOf(now) + 1) % policies.length]!;
};

const policy = act<{ policy: Policy }>({
  id: 'policy',
  title: marked('Threading policy of the program in focus: the next, or one by name'),
  short: marked('policy'),
  keys: ['P'],
  where: panePlaces,
  footer: 28,
  actsOn: programInFocus,
  parameters: { policy: oneOf(marked('policy'), policies, nextPolicy) },
  run: (context, { policy: chosen }) => {
    const program = programInFocus(context.store.getState());
    context.bench.setPolicy(program, chosen);
    say(context, t`${actorTitle(program)}: ${chosen}, ${t(meaning[chosen])}; calls made from now on`);
  },
});

export const acceptCommands = [accept];

export const loopCommands = [acceptLoop, receiveLoop, policy];
