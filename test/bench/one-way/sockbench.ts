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
const state = await bench.seen(({ sockets }) => sockets.get('a1')?.eof === true);
const received = state.sockets.get('a1')!.received;

/** From the accept to the EOF, as the journal has them. */
let began = Number.NaN;
let ended = Number.NaN;
for (let n = bench.journal.last(); n >= bench.journal.first(); n--) {
  const entry = bench.journal.at(n);
  if (entry?.kind !== 'ended') continue;
  if (entry.call.name === 'recv' && Number.isNaN(ended)) ended = entry.t;
  if (entry.call.name === 'accept' && entry.outcome.kind === 'made') began = entry.t;
}
console.log('result', received / (ended - began) / 1e6);
await bench.dispose();
await recording?.stop();
