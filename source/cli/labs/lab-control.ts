import type { Bench } from '../../bench/engine/bench.ts';
import type { Course, LabControl, LabTitle, LabView } from '../../bench/view/lab-view.ts';
import { createWorldStore, unsavedEntries, type WorldStore } from '../../bench/view/store.ts';
import { visit } from '../../bench/view/view.ts';
import { actorNamed, isProgram, type Program } from '../../core/model/actors.ts';
import { socketNamedIn } from '../../core/model/names.ts';
import type { BenchState } from '../../core/model/state.ts';
import { t } from '../../core/words/translate.ts';
import type { Lab, Language } from '../../labs/lab.ts';
import type { Position } from '../../labs/lab-session.ts';
import type { LabPlayer } from '../../labs/lessons/lab-player.ts';
import { nextLab } from '../../labs/lessons/next-lab.ts';
import type { Recording } from '../sessions/recording.ts';
import { createLabQuestions, type LabQuestions } from './lab-question.ts';
import { noProgress, type ProgressKeeper } from './progress-keeper.ts';

/** A bench and what the person looks at on it. */
export type OnScreen = { readonly bench: Bench; readonly store: WorldStore; readonly recorded: boolean };

type OpenLab = OnScreen & {
  /** Its name, or its file. */
  readonly source: string;
  readonly player: LabPlayer;
  readonly recording: Recording | null;
  readonly questions: LabQuestions;
};

export type LabControlOptions = {
  /** The person's own bench. */
  readonly own: OnScreen;
  readonly language: Language;
  /** The first lab's session is recorded here. */
  readonly record: string | undefined;
  /** What is kept of how far the person has come; nothing is where none is given. */
  readonly progress?: ProgressKeeper;
  /** Puts another bench on the screen. */
  readonly show: (next: OnScreen) => void;
};

export type LabDesk = LabControl & {
  readonly onScreen: () => OnScreen;
  /** Ends the lab that is open, if one is. */
  readonly close: () => Promise<void>;
};

/** What the person chose to see goes along from bench to bench; what is about its sockets does not. */
const carryOver = (from: WorldStore, to: WorldStore): void => {
  const { history, saved, form, ending, mode, mouse, stage } = from.getState().view;
  to.setState(({ view }) => ({ view: { ...view, history, saved, form, ending, mode, mouse, stage } }));
};

/** The program whose socket the lesson's line is about: the one that runs, or ran last. */
const programAt = ({ lines }: LabView, { sockets }: BenchState): Program | undefined => {
  const line =
    lines.find(({ status }) => status === 'running') ??
    lines.findLast(({ status }) => status !== 'ahead' && status !== 'next');
  const name = socketNamedIn(line?.text ?? '');
  const actor = name && (sockets.get(name)?.actor ?? actorNamed(name));
  return actor && isProgram(actor) ? actor : undefined;
};

/** The lesson as it goes on. While it has the focus, the program it is about is the one that is seen. */
const showLab = (store: WorldStore, lab: LabView): void =>
  store.setState(({ view, bench }) => {
    const program = view.focus === 'lab' ? programAt(lab, bench) : undefined;
    return { view: { ...view, lab, visited: program ? visit(program, view) : view.visited } };
  });

const stopRecording = async (recording: Recording | null): Promise<void> => recording?.stop();

/** What reads YAML and runs lines is loaded with the first lab, not with the workbench. */
const loaded = () => import('./lab-bench.ts');

type RecordingOf = (bench: Bench, lab: Lab) => Promise<Recording | null>;

/** Records the first bench that it is asked for, where a file is named; rejects where that cannot be written. */
const createFirstRecording = (file: string | undefined): RecordingOf => {
  let toRecord = file;
  return async (bench, lab) => {
    if (toRecord === undefined) return null;
    const { startRecording } = await import('../sessions/recording.ts');
    const recording = await startRecording(bench, toRecord, lab.name);
    if (typeof recording === 'string') throw new Error(recording);
    toRecord = undefined;
    return recording;
  };
};

type Beginning = {
  readonly language: Language;
  readonly recordingOf: RecordingOf;
  readonly from: Position | null;
  /** Hears where the lab stands; answers the title of what comes next at its end. */
  readonly reached: (lab: Lab, at: Position | null, bench: Bench) => Promise<string>;
};

/** What comes after a lab that is over. */
const showNext = (store: WorldStore, next: string): void =>
  store.setState(({ view }) => (view.lab ? { view: { ...view, lab: { ...view.lab, next } } } : {}));

/** Starts a lab on a bench of its own, with the lesson in focus. */
const begin = async (
  source: string,
  lab: Lab,
  { language, recordingOf, from, reached }: Beginning,
): Promise<OpenLab> => {
  const { startLab } = await loaded();
  let store: WorldStore | undefined;
  let first: LabView | null = null;
  let recording: Recording | null = null;
  const questions = createLabQuestions();
  const ask = (question: string) =>
    store ? questions.ask(store, t`${question}. Let it?`) : Promise.resolve(false);
  const show = (next: LabView) => {
    if (store) showLab(store, next);
    else first = next;
  };
  let own: Bench | undefined;
  const prepare = async (made: Bench) => {
    own = made;
    recording = await recordingOf(made, lab);
  };
  const hear = async (at: Position | null) => {
    const next = await reached(lab, at, own!);
    if (store && next !== '') showNext(store, next);
  };
  try {
    const { bench, player } = await startLab(lab, language, {
      show,
      prepare,
      ask,
      from,
      reached: at => void hear(at),
    });
    store = createWorldStore(bench);
    store.setState(({ view }) => ({ view: { ...view, lab: first, focus: 'lab' } }));
    return { bench, store, source, player, recording, questions, recorded: recording !== null };
  } catch (error) {
    await stopRecording(recording);
    throw error;
  }
};

/** How far the person has come, and what is next. */
const createCourse = (language: Language, progress: ProgressKeeper) => {
  const list = async (): Promise<Course> => {
    const { progress: known, trouble } = await progress.read();
    return { labs: await (await loaded()).courseIn(language, known), trouble };
  };
  const next = async (after?: string): Promise<LabTitle | undefined> => nextLab((await list()).labs, after);
  return {
    list,
    next,
    /** Where a lab was left half way through. */
    leftAt: async (name: string): Promise<Position | null> => {
      const { at } = (await progress.read()).progress;
      return at?.lab === name ? at : null;
    },
    reached: async (lab: Lab, at: Position | null, bench: Bench): Promise<string> => {
      if (lab.folder !== null) return '';
      const said = await progress.keep(lab.name, at);
      if (said !== '') bench.note('warning', said);
      return at ? '' : ((await next(lab.name))?.title ?? '');
    },
  };
};

/** Labs on the screen: each on a bench of its own, and the person's bench waits behind it. */
export const createLabControl = ({
  own,
  language,
  record,
  progress = noProgress,
  show: turnScreen,
}: LabControlOptions): LabDesk => {
  let open: OpenLab | null = null;
  const recordingOf = createFirstRecording(record);
  const course = createCourse(language, progress);

  const close = async (lab: OpenLab | null): Promise<void> => {
    lab?.player.stop();
    await lab?.bench.dispose();
    await stopRecording(lab?.recording ?? null);
  };

  const exchange = (next: OpenLab | null): void => {
    const before = open;
    carryOver((before ?? own).store, (next ?? own).store);
    open = next;
    turnScreen(next ?? own);
    void close(before);
  };

  /** Reads a lab and opens it in place of what is on the screen; answers why not, or ''. */
  const turnTo = async (source: string, goOn = false): Promise<string> => {
    const read = await (await loaded()).findLab(source);
    if (!read.ok) return read.message;
    try {
      const from = goOn && read.lab.folder === null ? await course.leftAt(read.lab.name) : null;
      exchange(await begin(source, read.lab, { language, recordingOf, from, reached: course.reached }));
      return '';
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };

  return {
    list: course.list,
    open: turnTo,
    goOn: async () => {
      const { labs } = await course.list();
      const found = labs.find(({ left }) => left !== '') ?? nextLab(labs) ?? labs[0];
      return found ? turnTo(found.name, true) : t('there are no labs here');
    },
    get current() {
      if (!open) return null;
      const { source, player, bench, questions } = open;
      return {
        step: player.step,
        runOn: player.runOn,
        predict: player.predict,
        again: () =>
          void turnTo(source).then(trouble => {
            if (trouble !== '') bench.note('warning', trouble);
          }),
        next: async () => {
          const next = await course.next(source);
          return next ? turnTo(next.name) : t('All labs of the course are done');
        },
        leave: () => exchange(null),
        allow: () => questions.answer(true),
      };
    },
    own: () => own.bench.state(),
    ownUnsaved: () => unsavedEntries(own.bench, own.store.getState().view),
    onScreen: () => open ?? own,
    close: async () => {
      await close(open);
      await progress.settled();
    },
  };
};
