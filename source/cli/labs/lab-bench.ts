import type { Bench } from '../../bench/engine/bench.ts';
import type { LabTitle, LabView } from '../../bench/view/lab-view.ts';
import { readPayload } from '../../files/payload-file.ts';
import { findLab, labNames } from '../../labs/catalogue.ts';
import type { Lab, Language } from '../../labs/lab.ts';
import { createLabPlayer, type LabPlayer } from '../../labs/lab-player.ts';
import { benchPeers } from '../looking/bench-peers.ts';
import { headlessBench, localPort } from './headless.ts';
import { lacksBesidesPeer } from './lacks.ts';

/** The built-in labs with their titles. One that cannot be read is left out: `sockbench labs` says why. */
export const labTitles = async (language: Language): Promise<readonly LabTitle[]> => {
  const titles: LabTitle[] = [];
  for (const name of await labNames()) {
    const read = await findLab(name);
    if (read.ok) titles.push({ name, title: read.lab.title[language] });
  }
  return titles;
};

export { findLab };

export type LabBench = { readonly bench: Bench; readonly player: LabPlayer };

/** These are looked at by themselves, and told of with all that they do. */
const startsPrograms = ({ stages }: Lab): boolean =>
  stages.some(({ lines }) => lines.some(({ program }) => program !== undefined));

/**
 * A bench of the lab's own, its loops off, with the lab at its beginning. `prepare` gets it before its first entry; `ask` hears of
 * what somebody else's lab would do.
 * Rejects where it cannot begin.
 */
export const startLab = async (
  lab: Lab,
  language: Language,
  show: (view: LabView) => void,
  prepare: (bench: Bench) => Promise<void>,
  ask: (question: string) => Promise<boolean> = async () => false,
): Promise<LabBench> => {
  const bench = headlessBench(startsPrograms(lab) ? {} : benchPeers);
  try {
    await prepare(bench);
    const player = await createLabPlayer({
      lab,
      bench,
      language,
      freePort: localPort,
      readFile: readPayload,
      lacks: lacksBesidesPeer,
      show,
      ask,
    });
    return { bench, player };
  } catch (error) {
    await bench.dispose();
    throw error;
  }
};
