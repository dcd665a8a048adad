import { accepts } from './accepts/case.ts';
import { blockedAccept } from './blocked-accept/case.ts';
import { blockedScreen } from './blocked-screen/case.ts';
import type { BenchCase } from './case.ts';
import { connections } from './connections/case.ts';
import { datagrams } from './datagrams/case.ts';
import { deadline } from './deadline/case.ts';
import { exchange } from './exchange/case.ts';
import { exporting, exportMemory } from './export/case.ts';
import { firstFrame } from './first-frame/case.ts';
import { keys } from './keys/case.ts';
import { looks } from './looks/case.ts';
import { memory } from './memory/case.ts';
import { onScreen } from './on-screen/case.ts';
import { oneWay } from './one-way/case.ts';
import { oneWayOut } from './one-way-out/case.ts';
import { overhead } from './overhead/case.ts';
import { pipe, pipeBack } from './pipe/case.ts';
import { recording } from './recording/case.ts';
import { relay, relayBoth } from './relay/case.ts';
import { replay, replayMemory } from './replay/case.ts';
import { trace } from './trace/case.ts';
import { watch } from './watch/case.ts';
import { watchCpu } from './watch-cpu/case.ts';
import { why } from './why/case.ts';

/** Every case, in the order of the table. */
export const cases: readonly BenchCase[] = [
  oneWay,
  oneWayOut,
  onScreen,
  recording,
  exchange,
  accepts,
  datagrams,
  overhead,
  keys,
  firstFrame,
  memory,
  connections,
  blockedScreen,
  blockedAccept,
  deadline,
  exporting,
  exportMemory,
  replay,
  replayMemory,
  looks,
  why,
  pipe,
  pipeBack,
  relay,
  relayBoth,
  watch,
  watchCpu,
  trace,
];
