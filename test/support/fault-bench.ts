import type { Bench } from '../../source/bench/engine/bench.ts';
import type { BenchOptions } from '../../source/bench/engine/bench-options.ts';
import { waitsFor } from '../../source/bench/view/selectors-waits.ts';
import { parseFaultsText } from '../../source/core/language/fault-text.ts';
import { parseRelayTarget } from '../../source/core/language/relay-text.ts';
import { parseRuleText } from '../../source/core/language/rule-text.ts';
import type { EndedEntry } from '../../source/core/model/entry.ts';
import { entryText } from '../../source/core/words/entry-text.ts';
import { callOf } from './playing.ts';
import { createMachine } from './simulated-machine.ts';

/** A bench on a simulated machine, with rules, relays and faults as they are written. */
export const setUp = (options: Partial<BenchOptions> = {}, capacity?: number) => {
  const machine = createMachine(capacity === undefined ? {} : { capacity });
  const bench = machine.bench(options);
  const settle = () => {
    machine.settle();
    bench.flush();
  };
  return {
    machine,
    bench,
    play: (...lines: string[]) => {
      for (const line of lines) {
        bench.perform(callOf(line));
        settle();
      }
    },
    relay: (socket: string, text: string) => {
      const target = parseRelayTarget(text);
      if (!target.ok) throw new Error(target.message);
      bench.setRelay(socket, target.value);
      settle();
    },
    rule: (socket: string, text: string) => {
      const read = parseRuleText(text);
      if (!read.ok) throw new Error(read.message);
      bench.addRule(socket, read.value);
      settle();
    },
    fault: (socket: string, text: string): string | null => {
      const read = parseFaultsText(text);
      if (!read.ok) throw new Error(read.message);
      const why = bench.setFaults(socket, read.value);
      settle();
      return why;
    },
    run: async (ms: number) => {
      await machine.run(ms);
      bench.flush();
    },
  };
};

export const entriesOf = (bench: Bench) => bench.journal.slice(1, bench.journal.last());

export const ended = (bench: Bench, on: string): EndedEntry[] =>
  entriesOf(bench).filter(entry => entry.kind === 'ended' && entry.call.on === on) as EndedEntry[];

/** What a socket received, call by call. */
export const received = (bench: Bench, socket: string): string[] =>
  ended(bench, socket).flatMap(({ outcome }) =>
    outcome.kind === 'data' ? [new TextDecoder().decode(outcome.data)] : [],
  );

/** What the log says of the socket's faults. */
export const told = (bench: Bench, socket: string): string[] =>
  entriesOf(bench)
    .filter(entry => (entry.kind === 'fault' || entry.kind === 'faults') && entry.socket === socket)
    .map(entry => entryText(entry));

export const waiting = (bench: Bench, title: string): string => {
  const call = [...bench.state().calls.values()].find(({ call: { on, name } }) => `${on}.${name}` === title);
  return call ? waitsFor(bench.state(), call, null) : 'nothing: it is over';
};

export const connected = [
  's1 = socket',
  's1.bind 127.0.0.1:9000',
  's1.listen 5',
  'c1 = socket',
  'c1.connect 127.0.0.1:9000',
];
export const datagrams = [
  'u1 = socket AF_INET SOCK_DGRAM',
  'u1.bind 127.0.0.1:5000',
  'c1 = socket AF_INET SOCK_DGRAM',
  'c1.bind 127.0.0.1:5001',
];
