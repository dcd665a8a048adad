import type { Bench } from '../../bench/engine/bench.ts';
import type { LabTitle, LabView } from '../../bench/view/lab-view.ts';
import { readPayload } from '../../files/payload-file.ts';
import { findLab, labNames } from '../../labs/catalogue.ts';
import type { Lab, Language } from '../../labs/lab.ts';
import type { Position } from '../../labs/lab-session.ts';
import { chapterTitles, inCourse } from '../../labs/lessons/course.ts';
import { createLabPlayer, type LabPlayer } from '../../labs/lessons/lab-player.ts';
import type { Progress } from '../../settings/progress.ts';
import { benchPeers } from '../looking/bench-peers.ts';
import { headlessBench, localPort } from './headless.ts';
import { lacksBesidesPeer } from './lacks.ts';

/** How far a lab was gone through that was left half way. */
const leftAt = (lab: Lab, { at }: Progress): string =>
  at?.lab === lab.name ? `${at.stage + 1}/${lab.stages.length}` : '';

/** The built-in labs in the order of the course. One that cannot be read is left out: `sockbench labs` says why. */
export const courseIn = async (language: Language, progress: Progress): Promise<readonly LabTitle[]> => {
  const read = await Promise.all((await labNames()).map(findLab));
  return inCourse(read.flatMap(each => (each.ok ? [each.lab] : []))).map(lab => ({
    name: lab.name,
    title: lab.title[language],
    chapter: lab.chapter === null ? '' : chapterTitles[lab.chapter][language],
    level: lab.level ?? '',
    minutes: lab.minutes,
    done: Object.hasOwn(progress.done, lab.name),
    left: leftAt(lab, progress),
  }));
};

export { findLab };

/** What is to be known of a lab on the screen. */
export type LabOpening = {
  readonly show: (view: LabView) => void;
  /** Gets the bench before its first entry. */
  readonly prepare: (bench: Bench) => Promise<void>;
  /** Hears of what somebody else's lab would do. */
  readonly ask?: (question: string) => Promise<boolean>;
  /** Where it goes on; its lines before that are run first. */
  readonly from?: Position | null;
  /** Hears where it stands, whenever it waits: null at its end. */
  readonly reached?: (at: Position | null) => void;
};

export type LabBench = { readonly bench: Bench; readonly player: LabPlayer };

/** These are looked at by themselves, and told of with all that they do. */
const startsPrograms = ({ stages }: Lab): boolean =>
  stages.some(({ lines }) => lines.some(({ program }) => program !== undefined));

/**
 * A bench of the lab's own, its loops off, with the lab at its beginning, or on its way to where it goes on.
 * Rejects where it cannot begin.
 */
export const startLab = async (
  lab: Lab,
  language: Language,
  { prepare, ask = async () => false, ...opening }: LabOpening,
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
      ask,
      ...opening,
    });
    return { bench, player };
  } catch (error) {
    await bench.dispose();
    throw error;
  }
};
