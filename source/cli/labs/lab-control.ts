import type { Bench } from '../../bench/engine/bench.ts';
import type { LabControl, LabTitle, LabView } from '../../bench/view/lab-view.ts';
import { createWorldStore, unsavedEntries, type WorldStore } from '../../bench/view/store.ts';
import { visit } from '../../bench/view/view.ts';
import { actorNamed, isProgram, type Program } from '../../core/model/actors.ts';
import { socketNamedIn } from '../../core/model/names.ts';
import type { BenchState } from '../../core/model/state.ts';
import type { Lab, Language } from '../../labs/lab.ts';
import type { LabPlayer } from '../../labs/lab-player.ts';
import { type Recording, startRecording } from '../sessions/recording.ts';
import { createLabQuestions, type LabQuestions } from './lab-question.ts';

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
  const { history, saved, form, ending, mode, mouse } = from.getState().view;
  to.setState(({ view }) => ({ view: { ...view, history, saved, form, ending, mode, mouse } }));
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
    const recording = await startRecording(bench, toRecord, lab.name);
    if (typeof recording === 'string') throw new Error(recording);
    toRecord = undefined;
    return recording;
  };
};

/** Starts a lab on a bench of its own, with the lesson in focus. */
const begin = async (
  source: string,
  lab: Lab,
  { language, recordingOf }: { readonly language: Language; readonly recordingOf: RecordingOf },
): Promise<OpenLab> => {
  const { startLab } = await loaded();
  let store: WorldStore | undefined;
  let first: LabView | null = null;
  let recording: Recording | null = null;
  const questions = createLabQuestions();
  const ask = (question: string) =>
    store ? questions.ask(store, `${question}. Let it?`) : Promise.resolve(false);
  const show = (next: LabView) => {
    if (store) showLab(store, next);
    else first = next;
  };
  try {
    const prepare = async (made: Bench) => {
      recording = await recordingOf(made, lab);
    };
    const { bench, player } = await startLab(lab, language, show, prepare, ask);
    store = createWorldStore(bench);
    store.setState(({ view }) => ({ view: { ...view, lab: first, focus: 'lab' } }));
    return { bench, store, source, player, recording, questions, recorded: recording !== null };
  } catch (error) {
    await stopRecording(recording);
    throw error;
  }
};

/** Labs on the screen: each on a bench of its own, and the person's bench waits behind it. */
export const createLabControl = ({ own, language, record, show: turnScreen }: LabControlOptions): LabDesk => {
  let open: OpenLab | null = null;
  const recordingOf = createFirstRecording(record);
  let titles: Promise<readonly LabTitle[]> | undefined;

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
  const turnTo = async (source: string): Promise<string> => {
    const read = await (await loaded()).findLab(source);
    if (!read.ok) return read.message;
    try {
      exchange(await begin(source, read.lab, { language, recordingOf }));
      return '';
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  };

  return {
    list: () => {
      titles ??= loaded().then(({ labTitles }) => labTitles(language));
      return titles;
    },
    open: turnTo,
    get current() {
      if (!open) return null;
      const { source, player, bench, questions } = open;
      return {
        step: player.step,
        runOn: player.runOn,
        again: () =>
          void turnTo(source).then(trouble => {
            if (trouble !== '') bench.note('warning', trouble);
          }),
        leave: () => exchange(null),
        allow: () => questions.answer(true),
      };
    },
    own: () => own.bench.state(),
    ownUnsaved: () => unsavedEntries(own.bench.state(), own.store.getState().view),
    onScreen: () => open ?? own,
    close: () => close(open),
  };
};
