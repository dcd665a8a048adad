import { type Campaign, type Context, eachInput, type Input, type Tally } from '../campaign.ts';
import { eventually } from '../eventually.ts';
import { clearScratch } from '../scratch.ts';
import { answers, enter, heldBy, openSoaked, type Soaked, shortWait, tries } from './bench.ts';
import { descriptorsOf, familyOf, residentOf, type Sample, slopes } from './slopes.ts';
import { echoes, fillJournal, openServers, soak } from './traffic.ts';

/** Everything that keys have opened is closed, so that what is held is comparable. */
const closeAll = async (soaked: Soaked): Promise<void> => {
  const { recording } = soaked;
  await soaked.stopPeers();
  await answers(soaked);
  // An Alt key whose two bytes come apart is an Esc, which leaves the line: it is entered once more.
  for (let n = 0; n < tries; n++) {
    // Listeners first: what waits there would be accepted meanwhile.
    for (const name of recording.open().toSorted((a, b) => Number(b[0] === 's') - Number(a[0] === 's')))
      if (recording.open().includes(name)) await enter(soaked, `${name}.reset`);
    if ((await eventually(recording.open, open => open.length === 0, shortWait)).length === 0) return;
  }
  throw new Error(`${recording.open().join(' ')} cannot be closed`);
};

const sampleOf = async (soaked: Soaked, began: number): Promise<Sample> => {
  const pid = soaked.terminal.pid()!;
  // Memory of buffers is given back behind a collection, by another thread: the least of two answers counts.
  const held = Math.min(await heldBy(soaked), await heldBy(soaked));
  const family = familyOf(pid);
  return {
    minute: (performance.now() - began) / 60_000,
    held,
    resident: residentOf(pid),
    descriptors: family.reduce((sum, each) => sum + descriptorsOf(each), 0),
    processes: family.length,
  };
};

/** One program for all inputs, as long as it lasts. */
const createSoak = () => {
  let soaked: Soaked | undefined;
  let samples: Sample[] = [];
  const began = performance.now();

  const open = async (input: Input): Promise<Soaked> => {
    soaked = await openSoaked();
    samples = [];
    if (input.timed) await fillJournal(soaked, await openServers(soaked));
    await closeAll(soaked);
    return soaked;
  };

  return {
    round: async (input: Input): Promise<void> => {
      const one = soaked ?? (await open(input));
      try {
        const ports = await openServers(one);
        await echoes(one, ports);
        await soak(one, ports, input);
        await closeAll(one);
        samples.push(await sampleOf(one, began));
      } catch (error) {
        // What happened before is no part of the next input.
        soaked = undefined;
        await one.end();
        throw error;
      }
    },
    samples: (): readonly Sample[] => samples,
    /** Ends it as a signal does, and says with what exit status. */
    end: async (): Promise<number> => {
      if (!soaked) return 143;
      soaked.terminal.kill('SIGTERM');
      const code = await soaked.terminal.exited;
      await soaked.end();
      return code;
    },
  };
};

/** The last input is what all of them came to. */
const run = async (context: Context): Promise<Tally> => {
  const { count, seed, timed, follower } = context;
  const all = createSoak();
  const rounds = await eachInput(all.round)({ ...context, count: timed ? Math.max(1, count - 1) : count });
  const samples = all.samples();
  const code = await all.end();
  clearScratch();
  if (!timed) return rounds;
  const last = seed + rounds.tried;
  follower.begins(last);
  const judged = samples.length < 2 ? [] : slopes(samples);
  const told = judged.map(({ line }) => line);
  for (const line of told) follower.tells(line);
  const faults = [
    ...(code === 143 ? [] : [`it ended with ${code}`]),
    ...judged.filter(({ isFlat }) => !isFlat).map(({ line }) => line),
  ];
  if (faults.length === 0) follower.survives();
  else follower.loses({ seed: last, what: faults.join('\n') });
  const lost = faults.length === 0 ? [] : [{ seed: last, what: faults.join('\n') }];
  return {
    tried: rounds.tried + 1,
    survived: rounds.survived + (lost.length === 0 ? 1 : 0),
    lost: [...rounds.lost, ...lost],
    told,
  };
};

/** Traffic, faults and keys for as long as is asked for: nothing grows, nothing is out of order, nothing breaks. */
export const soakCampaign: Campaign = {
  name: 'soak',
  is: 'traffic, faults and keys of the whole table, on and on: memory and descriptors stay, no entry is out of order',
  small: 1,
  full: 1_000_000,
  share: 2.5,
  patience: 600,
  run,
};
