import type { World } from '../../bench/view/store.ts';
import { shownBench } from '../../bench/view/view.ts';
import { formatFaults, parseFaultsText } from '../../core/language/fault-text.ts';
import { parsed, refused } from '../../core/language/parsed.ts';
import { type Faults, isOff, unfit } from '../../core/model/faults.ts';
import { faultsOf } from '../../core/model/state.ts';
import { carriesDatagrams } from '../../core/model/transports.ts';
import { marked, t } from '../../core/words/translate.ts';
import { act, type Parameter, panePlaces, refusal, say } from '../calling/command.ts';
import { anySocket, missing } from '../calling/targets.ts';

/** What is on, so that one word more or less is a change; else an example. */
const nowOn = (world: World): string => {
  const found = anySocket(world);
  if (typeof found === 'function') return 'delay 200ms';
  const faults = faultsOf(shownBench(world), found);
  if (faults && !isOff(faults)) return formatFaults(faults);
  return carriesDatagrams(found) ? 'drop 10%' : 'delay 200ms';
};

const faultsValue: Parameter<Faults> = {
  title: marked('faults'),
  hint: marked(
    'delay 200ms, rate 64KiB/s, split 3, merge 1KiB, stall, reset after 10KiB, drop 10% seed 7 ... or off; your own calls are left alone',
  ),
  fallback: nowOn,
  parse: (text, world) => {
    const faults = parseFaultsText(text);
    const found = anySocket(world);
    if (!faults.ok || typeof found === 'function') return faults;
    const why = unfit(faults.value, found.name, carriesDatagrams(found));
    return why === null ? parsed(faults.value) : refused(why);
  },
};

const saidOf = (name: string, faults: Faults, listens: boolean): string => {
  if (isOff(faults)) return t`${name}: nothing goes wrong any more`;
  const on = formatFaults(faults);
  return listens
    ? t`${name}: ${on}, where loops, rules or a relay act on what is accepted from ${name}; your own calls are left alone`
    : t`${name}: ${on}, where loops, rules or a relay act on ${name}; your own calls are left alone`;
};

const fault = act<{ faults: Faults }>({
  id: 'fault',
  title: marked('Faults of the socket in focus, in what its loops, rules and relay do'),
  short: marked('faults'),
  keys: ['f'],
  where: panePlaces,
  ask: true,
  disabled: (world, keyOf) => missing(anySocket(world), keyOf),
  parameters: { faults: faultsValue },
  run: (context, { faults }) => {
    const found = anySocket(context.store.getState());
    if (typeof found === 'function') return null;
    const why = context.bench.setFaults(found.name, faults);
    if (why !== null) return refusal(why);
    const { name, condition } = found;
    say(context, saidOf(name, faults, condition === 'LISTEN'));
    return null;
  },
});

export const faultCommands = [fault];
