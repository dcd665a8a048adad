import { createToldSource, type ToldSource } from '../../bench/processes/told-source.ts';
import { createWorldStore } from '../../bench/view/store.ts';
import { safeText } from '../../core/bytes/printable.ts';
import { t } from '../../core/words/translate.ts';
import type { GlobalFlags } from '../global-flags.ts';
import { draw } from '../screen/draw.tsx';
import { type Prepared, prepare } from '../screen/keymap-settings.ts';
import { systemServices } from '../screen/system-services.ts';
import { speaksUtf8, terminalTrouble } from '../screen/terminal.ts';
import { startRecording } from '../sessions/recording.ts';
import { toldStreams } from './program-streams.ts';
import { isAlive } from './trace-living.ts';
import { endRun, startRun, type TraceRun } from './trace-run.ts';
import type { Whom } from './trace-whom.ts';

export type OnScreen = { readonly whom: Whom; readonly bySeccomp: boolean };

type Source = ToldSource<'trace'>;

/** Programs that were started, but not told of yet. */
const isStarting = (source: Source, { session }: TraceRun): boolean => {
  const told = new Set([...source.state().processes.values()].map(({ pid }) => pid));
  return session.roots().some(pid => pid > 0 && !told.has(pid) && isAlive(pid));
};

/** What quitting ends, in words; '' where nothing lives that was started here. `run`: null until all were started. */
const endsWords = (source: Source, whom: Whom, run: TraceRun | null): string => {
  if (whom.kind === 'pids') return '';
  if (run === null || isStarting(source, run)) return t('what is being started here will be ended');
  const own = run.living.own();
  const living = [...source.state().processes.values()].filter(
    ({ pid, ended }) => !ended && own.includes(pid) && isAlive(pid),
  );
  const [first] = living;
  if (!first) return '';
  if (living.length > 1) return t`the ${living.length} programs that were started here will be ended`;
  return t`${safeText(first.name)} (${first.actor}, pid ${first.pid}) will be ended`;
};

/** Starts the programs beside the screen: it is drawn at once, and hears of them as they come. */
const startBeside = (source: Source, { whom, bySeccomp }: OnScreen) => {
  const unwanted = new AbortController();
  const note = (text: string) => source.tell({ kind: 'note', t: source.now(), level: 'warning', text });
  /** By the number that it was started with: its children print under its name. */
  const who = (pid: number) => {
    const process = [...source.state().processes.values()].findLast(each => each.pid === pid);
    return { actor: process?.actor ?? 'p1', ...(process && { name: process.name, pid }) } as const;
  };
  const run = startRun(
    {
      whom,
      bySeccomp,
      streamsOf: print => toldStreams(print, true),
      printed: (printed, pid, at) =>
        source.tell({ kind: 'output', t: Math.max(0, at - source.began), ...who(pid), ...printed }),
      trouble: note,
      unwanted: unwanted.signal,
    },
    source,
  );
  let started: TraceRun | null = null;
  void run.then(all => {
    started = all;
  });
  const finish = async (): Promise<void> => {
    unwanted.abort();
    const all = await run;
    await endRun(all, whom);
    await all.session.over;
    all.stop();
  };
  return { finish, started: () => started };
};

type Ready = Extract<Prepared, { ok: true }>;

const drawn = async (source: Source, on: OnScreen, flags: GlobalFlags, ready: Ready): Promise<number> => {
  const { settings, keymap } = ready;
  const store = createWorldStore(source, flags.record !== undefined);
  const { finish, started } = startBeside(source, on);
  const services = { ...systemServices, ends: () => endsWords(source, on.whom, started()) };
  const ascii = flags.ascii ?? settings.ascii ?? !speaksUtf8();
  const shown = { source, store, recorded: flags.record !== undefined };
  const code = await (await draw(shown, { keymap, services, ascii })).done;
  await finish();
  return code;
};

/** `sockbench trace`: programs in the workbench, every socket call of theirs. The exit status, or why there is no screen. */
export const traceOnScreen = async (on: OnScreen, flags: GlobalFlags): Promise<number | string> => {
  if (flags.screenReader) return t('it is a screen; sockbench trace --no-screen tells the same in lines');
  const trouble = terminalTrouble('"sockbench trace --no-screen"');
  if (trouble) return trouble.replace(/^sockbench: /, '');
  const ready = await prepare(flags.config);
  if (!ready.ok) return ready.message;
  const source = createToldSource('trace');
  const recording = flags.record === undefined ? null : await startRecording(source, flags.record);
  if (typeof recording === 'string') return recording;
  try {
    return await drawn(source, on, flags, ready);
  } finally {
    await source.dispose();
    await recording?.stop();
  }
};
