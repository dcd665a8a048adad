import { startRecording } from '../../../source/cli/sessions/recording.ts';
import { listening } from '../listening.ts';
import { openBench } from '../workbench.ts';

/** `[FILE | spooled]`: recorded into it, or kept in a spool as on the screen. */
const [, , how] = process.argv;
const spooled = how === 'spooled';
const file = spooled ? undefined : how;
const bench = openBench({ accept: true, receive: true }, spooled);
const recording = file === undefined ? null : await startRecording(bench, file);
if (typeof recording === 'string') throw new Error(recording);
listening({ port: await bench.listen(1) });

/** The newest end of such a call that the journal still has, in ms. */
const endOf = (name: 'accept' | 'recv'): number => {
  for (let n = bench.journal.last(); n >= bench.journal.first(); n--) {
    const entry = bench.journal.at(n);
    if (entry?.kind === 'ended' && entry.call.name === name) return entry.t;
  }
  return Number.NaN;
};

/** From the accept, which a long stream pushes out of the journal, to the EOF. */
await bench.seen(({ sockets }) => sockets.has('a1'));
const began = endOf('accept');
const state = await bench.seen(({ sockets }) => sockets.get('a1')?.eof === true);
const ended = endOf('recv');
const received = state.sockets.get('a1')!.received;
console.log('result', received / (ended - began) / 1e6);
await bench.dispose();
await recording?.stop();
