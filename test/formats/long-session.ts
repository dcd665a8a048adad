import { encodeEntry, encodeHeader, headerOf } from '../../source/formats/session/jsonl.ts';
import { callOf } from '../support/playing.ts';
import { createMachine } from '../support/simulated-machine.ts';

/** Lines of a session of four bytes there and back, so many times. */
export const longSession = (rounds: number): string[] => {
  const machine = createMachine();
  const bench = machine.bench({ loops: { accept: false, receive: false } });
  const play = (line: string) => {
    bench.perform(callOf(line));
    machine.settle();
    bench.flush();
  };
  for (const line of ['s1 = socket', 's1.bind 127.0.0.1:9000', 's1.listen 1', 'c1 = socket']) play(line);
  for (const line of ['c1.connect 127.0.0.1:9000', 'a1 = s1.accept']) play(line);
  for (let round = 0; round < rounds; round++)
    for (const line of ['c1.send "ping"', 'a1.recv 10', 'a1.send "pong"', 'c1.recv 10']) play(line);
  const entries = bench.journal.slice(1, bench.journal.last());
  return [encodeHeader(headerOf(bench.began, undefined, bench.start)), ...entries.map(encodeEntry)];
};
