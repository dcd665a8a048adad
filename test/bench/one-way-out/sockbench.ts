import { inet } from '../../../source/core/addresses/endpoint.ts';
import type { Call } from '../../../source/core/calls/call.ts';
import type { Outcome } from '../../../source/core/calls/outcome.ts';
import { openBench } from '../workbench.ts';

const [port, size, piece] = process.argv.slice(2).map(Number) as [number, number, number];

const bench = openBench({ accept: false, receive: false });
await bench.done({ name: 'socket', on: '', as: 'c1', family: 'AF_INET', type: 'SOCK_STREAM' });
await bench.done({ name: 'connect', on: 'c1', address: inet('127.0.0.1', port) });

const data = new Uint8Array(piece);
const sendall = (bytes: Uint8Array): Call => ({
  name: 'sendall',
  on: 'c1',
  data: { kind: 'literal', data: bytes, notation: 'text' },
});

/** One sendall after another, as a program makes them. */
await new Promise<void>((resolve, reject) => {
  let left = size;
  const whole = sendall(data);
  let performing = false;
  let again = true;
  /** Calls that end at once follow each other in this loop: on the stack, a thousand would not fit. */
  const perform = () => {
    performing = true;
    while (again && left > 0) {
      again = false;
      const call = left < piece ? sendall(data.subarray(0, left)) : whole;
      left -= piece;
      bench.perform(call, { onEnd });
    }
    performing = false;
    if (again) resolve();
  };
  const onEnd = (outcome: Outcome) => {
    if (outcome.kind === 'error') return reject(new Error(outcome.code));
    again = true;
    if (!performing) perform();
  };
  perform();
});
await bench.done({ name: 'close', on: 'c1' });
bench.flush();
const expected = Math.ceil(size / piece);
if (bench.journal.last() < expected) throw new Error(`${bench.journal.last()} entries for ${expected} calls`);
console.log('sent');
await bench.dispose();
