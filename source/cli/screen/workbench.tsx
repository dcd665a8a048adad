import type { Bench } from '../../bench/engine/bench.ts';
import { createBench } from '../../bench/engine/create-bench.ts';
import { createWorldStore } from '../../bench/view/store.ts';
import { nothingSaved } from '../../core/model/saved-names.ts';
import type { Spool } from '../../core/model/sink.ts';
import { t } from '../../core/words/translate.ts';
import { nodeMachine } from '../../drivers/node/node-machine.ts';
import { chooseEnds } from '../../drivers/system/capabilities.ts';
import type { Language } from '../../labs/lab.ts';
import { readHistory, writeHistory } from '../../settings/history.ts';
import { settingsPaths } from '../../settings/paths.ts';
import { savedIn } from '../../settings/saved-in.ts';
import type { Settings } from '../../settings/settings.ts';
import type { OutsideServices } from '../../ui/app.tsx';
import type { GlobalFlags } from '../global-flags.ts';
import { createLabControl, type OnScreen } from '../labs/lab-control.ts';
import { createProgressKeeper } from '../labs/progress-keeper.ts';
import { systemLanguage } from '../language.ts';
import { benchPeers } from '../looking/bench-peers.ts';
import { complain } from '../print.ts';
import { fileTrouble } from '../sessions/new-file.ts';
import type { Recording } from '../sessions/recording.ts';
import { spoolOf, withSpool } from '../spool-file.ts';
import { type Drawn, draw } from './draw.tsx';
import { type Prepared, prepare } from './keymap-settings.ts';
import { createSavedControl } from './saved-control.ts';
import { systemServices } from './system-services.ts';
import { speaksUtf8, terminalTrouble } from './terminal.ts';
import { openerOf, type ToOpen } from './to-open.ts';

/** The self-test of private Node access costs about 20 ms; the first frame comes before. */
const idleMs = 150;

const refuse = (message: string): number => {
  complain(message);
  return 2;
};

const startBench = (settings: Settings, spool?: Spool): Bench =>
  createBench({
    ...nodeMachine(),
    ...(spool && { spool }),
    recycle: true,
    policy: settings.policy,
    loops: { accept: settings.acceptLoop ?? true, receive: settings.receiveLoop ?? true },
    closeEnded: settings.closeEnded ?? false,
    ...benchPeers,
  });

/** A lab is on the screen with more than this, its file among it. */
const drawnOf = ({ bench, ...rest }: OnScreen): Drawn => ({ ...rest, source: bench });

type Ready = Extract<Prepared, { ok: true }>;

/** The person's bench with what they typed before; recorded, unless a lab is what is to be recorded. */
const ownBench = async (
  { settings }: Ready,
  { record, stage = false }: Pick<GlobalFlags, 'record' | 'stage'>,
): Promise<(OnScreen & { recording: Recording | null }) | string> => {
  const bench = record === undefined ? withSpool(spool => startBench(settings, spool)) : startBench(settings);
  const recording =
    record === undefined
      ? null
      : await (await import('../sessions/recording.ts')).startRecording(bench, record);
  if (typeof recording === 'string') return recording;
  const store = createWorldStore(bench, recording !== null);
  const history = await readHistory(settingsPaths().history);
  store.setState(({ view }) => ({ view: { ...view, stage, history, saved: savedIn(settings) } }));
  return { bench, store, recorded: recording !== null, recording };
};

/** The workbench on the terminal it was started in. Exit status 2 where there is none or an argument is bad. */
export const runWorkbench = async (flags: GlobalFlags, open: ToOpen | null): Promise<number> => {
  const prepared = await prepare(flags.config);
  const kept = prepared.ok ? savedIn(prepared.settings) : nothingSaved;
  const opener = await openerOf(open, kept);
  if (typeof opener === 'string') return refuse(opener);
  const trouble = terminalTrouble(open?.verb === 'relay' ? '"sockbench relay --no-screen"' : undefined);
  if (trouble) return refuse(trouble);
  if (!prepared.ok) return refuse(`sockbench: ${prepared.message}`);
  const { settings, keymap } = prepared;
  const isLab = open?.verb === 'lab';
  const own = await ownBench(prepared, isLab ? { ...flags, record: undefined } : flags);
  if (typeof own === 'string') return refuse(`sockbench: ${own}`);
  const { history: typed } = own.store.getState().view;
  const language: Language = flags.lang ?? systemLanguage();
  let screen: Awaited<ReturnType<typeof draw>> | undefined;
  const plain = flags.screenReader ? (await import('./plain-screen.ts')).createPlain() : null;
  const show = (next: OnScreen) => {
    screen?.show(drawnOf(next));
    plain?.turn();
  };
  const record = isLab ? flags.record : undefined;
  const labs = createLabControl({
    own,
    language,
    record,
    show,
    progress: createProgressKeeper(settingsPaths().progress),
  });
  const saved = createSavedControl(flags.config);
  const services: OutsideServices = { ...systemServices, labs, saved };
  let over = false;
  const end = async (code: number): Promise<number> => {
    over = true;
    await labs.close();
    await own.bench.dispose();
    await spoolOf(own.bench)?.close();
    await own.recording?.stop();
    return code;
  };
  if (isLab) {
    const why = await (open.lab === null ? labs.goOn() : labs.open(open.lab));
    if (why !== '') return end(refuse(`sockbench lab: ${why}`));
  }
  const openNamed = () => {
    if (opener && !over) opener({ ...own, keymap, services });
  };
  const ascii = flags.ascii ?? settings.ascii ?? !speaksUtf8();
  const drawn = async () => {
    screen = await draw(drawnOf(labs.onScreen()), { keymap, services, ascii });
    // Drawing and self-test come first: both keep this thread busy, and a connect would seem to take as long.
    const settle = () => void chooseEnds('native').settle().finally(openNamed);
    setTimeout(settle, opener ? 0 : idleMs).unref();
    return screen.done;
  };
  const inLines = (lines: NonNullable<typeof plain>) => {
    openNamed();
    return lines.run(labs, keymap, services);
  };
  const code = await (plain ? inLines(plain) : drawn());
  const { history } = labs.onScreen().store.getState().view;
  if (history !== typed) {
    await writeHistory(settingsPaths().history, history).catch(error =>
      complain(t`sockbench: what was typed is not kept: ${fileTrouble(settingsPaths().history, error)}`),
    );
  }
  return end(code);
};
