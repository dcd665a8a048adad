import type { Bench } from '../../source/bench/engine/bench.ts';
import type { Call } from '../../source/core/calls/call.ts';
import { parseCall } from '../../source/core/language/line.ts';
import type { Policy } from '../../source/core/model/names.ts';
import { createMachine, type Machine } from './simulated-machine.ts';

/** The call a line of the grammar stands for; throws where it does not parse. */
export const callOf = (line: string): Call => {
  const call = parseCall(line);
  if (!call.ok) throw new Error(`${line}: ${call.message}`);
  return call.value;
};

/** A listener s1 with room for one, a client connected to it, and both ends of a connection. */
export const listener = ['s1 = socket', 's1.bind 127.0.0.1:9000', 's1.listen 0'];
export const client = (name: string) => [`${name} = socket`, `${name}.connect 127.0.0.1:9000`];
export const pair = [...listener, ...client('c1'), 'a1 = s1.accept'];

/** More than any buffer holds. */
export const much = '64MiB of "x"';

export type Playing = {
  readonly machine: Machine;
  readonly bench: Bench;
  /** Makes the calls one after the other, without waiting for those that block, and comes to rest. */
  readonly play: (...lines: string[]) => Promise<void>;
};

/** A bench without loops on a simulated machine. */
export const playing = (policy: Policy, options?: Parameters<typeof createMachine>[0]): Playing => {
  const machine = createMachine(options);
  const bench = machine.bench({ policy, loops: { accept: false, receive: false } });
  const play = async (...lines: string[]) => {
    for (const line of lines) {
      bench.perform(callOf(line));
      machine.settle();
    }
    await machine.quiesce(bench);
  };
  return { machine, bench, play };
};
