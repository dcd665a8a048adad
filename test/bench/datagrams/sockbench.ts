import { inet, portAt } from '../../../source/core/addresses/endpoint.ts';
import { listening } from '../listening.ts';
import { openBench } from '../workbench.ts';
import { answerQuestions } from './questions.ts';

const bench = openBench({ accept: false, receive: true });
await bench.done({ name: 'socket', on: '', as: 'u1', family: 'AF_INET', type: 'SOCK_DGRAM' });
await bench.done({ name: 'bind', on: 'u1', address: inet('127.0.0.1', 0) });
const bound = await bench.seen(({ sockets }) => Number(portAt(sockets.get('u1')?.local)) > 0);

/** When the first and the newest datagram came in, by the journal's stamps. */
let first = Number.NaN;
let last = Number.NaN;
let read = bench.journal.last();
bench.subscribe(() => {
  const { journal } = bench;
  if (Number.isNaN(first)) {
    const entry = journal
      .slice(read + 1, journal.last())
      .find(one => one.kind === 'ended' && one.call.name === 'recvfrom');
    if (entry) first = entry.t;
  }
  for (let n = journal.last(); n > read; n--) {
    const entry = journal.at(n);
    if (entry?.kind !== 'ended' || entry.call.name !== 'recvfrom') continue;
    last = entry.t;
    break;
  }
  read = journal.last();
});

const count = (): number => {
  bench.flush();
  return bench.socket('u1')!.receives;
};
listening({ port: portAt(bound.sockets.get('u1')!.local)! });
answerQuestions(count, () => ((count() - 1) / (last - first)) * 1000);
