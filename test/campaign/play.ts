import { openSync, writeSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { type Campaign, type Context, mostTold } from './campaign.ts';
import './tsx.ts';

/** The process of one campaign: `play.ts TABLE NAME SEED COUNT DEADLINE PROGRESS`. `played.ts` starts it. */
const [table = '', name = '', seed, count, deadline, progress = ''] = process.argv.slice(2);

const { campaigns } = (await import(pathToFileURL(table).href)) as { campaigns: readonly Campaign[] };
const campaign = campaigns.find(one => one.name === name)!;

const file = openSync(progress, 'w');
let tried = 0;
let survived = 0;
let told = 0;

/** Three numbers in their columns, written over in place before each input: a process that is killed has left them. */
const note = (at: number): void => {
  writeSync(file, [at, tried, survived].map(number => String(number).padStart(20)).join(''), 0);
};

const context: Context = {
  seed: Number(seed),
  count: Number(count),
  deadline: Number(deadline),
  timed: true,
  follower: {
    begins: at => {
      note(at);
      tried++;
    },
    survives: () => {
      survived++;
    },
    loses: lost => {
      if (told++ < mostTold) process.send!(lost);
    },
    tells: line => process.send!(line),
  },
};

// Nobody would read on: whoever started this has gone.
process.once('disconnect', () => process.exit());

await campaign.run(context);
note(-1);
process.exit();
