import { readFile } from 'node:fs/promises';
import { render } from 'ink';
import type { Bench } from '../bench/bench.ts';
import { createBench } from '../bench/create-bench.ts';
import { createWorldStore, type WorldStore } from '../bench/store.ts';
import type { Keymap } from '../commands/keymap.ts';
import { freePort } from '../drivers/free-port.ts';
import { nodeMachine } from '../drivers/node-machine.ts';
import { portHolder } from '../drivers/port-holder.ts';
import { readHistory, writeHistory } from '../settings/history.ts';
import { settingsPaths } from '../settings/paths.ts';
import type { Settings } from '../settings/settings.ts';
import { App, type OutsideServices } from '../ui/app.tsx';
import type { ScreenOptions } from '../ui/services.ts';
import { type AddressFlags, type Opening, readAddresses } from './address-words.ts';
import { copyText } from './clipboard.ts';
import { prepare } from './keymap-settings.ts';
import { openAll } from './open-all.ts';
import type { GlobalFlags } from './program.ts';
import { startRecording } from './recording.ts';
import { restoreTerminal, signalCodes, terminalTrouble } from './terminal.ts';

export type Verb = 'listen' | 'connect';

export type ToOpen = { readonly verb: Verb; readonly words: readonly string[]; readonly flags: AddressFlags };

const refuse = (message: string): number => {
  process.stderr.write(`${message}\n`);
  return 2;
};

const holderOf = async (port: number): Promise<string> => {
  const holder = await portHolder('tcp', port);
  if (!holder) return '';
  if (holder.pid === null) return `it is in ${holder.state} at ${holder.local.host}`;
  return `${holder.name} (pid ${holder.pid}) has it`;
};

const services: OutsideServices = {
  copy: text => copyText(text, sequence => process.stdout.write(sequence)),
  readFile: path => readFile(path),
  freePort,
  holderOf,
  wait: ms => new Promise(resolve => setTimeout(resolve, ms)),
};

const startBench = (settings: Settings): Bench =>
  createBench({
    ...nodeMachine(),
    recycle: true,
    policy: settings.policy,
    loops: { accept: settings.acceptLoop ?? true, receive: settings.receiveLoop ?? true },
  });

/** Box drawing needs UTF-8 on the other side (locale(7): LC_ALL before LC_CTYPE before LANG). */
const speaksUtf8 = (): boolean => {
  const { LC_ALL, LC_CTYPE, LANG } = process.env;
  const locale = LC_ALL || LC_CTYPE || LANG;
  return process.platform === 'win32' || locale === undefined || /utf-?8/i.test(locale);
};

const tellCrash = (what: string, error: unknown): void => {
  restoreTerminal();
  process.stderr.write(`${what}: ${error instanceof Error ? error.stack : String(error)}\n`);
};

/** Draws until the person quits, a signal comes or the screen fails; answers the exit status. */
const draw = async (
  bench: Bench,
  store: WorldStore,
  keymap: Keymap,
  options: ScreenOptions,
): Promise<number> => {
  // Before the first frame, so that keys typed meanwhile are neither echoed nor changed.
  process.stdin.setRawMode(true);
  const app = render(
    <App bench={bench} store={store} keymap={keymap} services={services} options={options} />,
    { alternateScreen: true, exitOnCtrlC: false, maxFps: 120, incrementalRendering: true, interactive: true },
  );
  let code = 0;
  const onSignal = (signal: NodeJS.Signals) => {
    code = signalCodes[signal as keyof typeof signalCodes];
    app.unmount();
  };
  for (const signal of Object.keys(signalCodes)) process.once(signal, onSignal);
  // A failure outside the screen must not leave the terminal in its modes either.
  const onCrash = (error: unknown) => {
    if (code === 0) app.unmount();
    code = 1;
    tellCrash('sockbench', error);
  };
  process.on('uncaughtException', onCrash);
  process.on('unhandledRejection', onCrash);
  try {
    const result = await app.waitUntilExit();
    return typeof result === 'number' ? result : code;
  } catch (error) {
    tellCrash('sockbench: the screen failed', error);
    return 1;
  }
};

const openingsOf = (open: ToOpen | null): readonly Opening[] | string => {
  if (!open) return [];
  const read = readAddresses(open.words, open.flags);
  return read.ok ? read.openings : `sockbench ${open.verb}: ${read.message}`;
};

/** The workbench on the terminal it was started in. Exit status 2 where there is none or an argument is bad. */
export const runWorkbench = async (flags: GlobalFlags, open: ToOpen | null): Promise<number> => {
  const openings = openingsOf(open);
  if (typeof openings === 'string') return refuse(openings);
  const trouble = terminalTrouble();
  if (trouble) return refuse(trouble);
  const prepared = await prepare(flags.config);
  if (!prepared.ok) return refuse(`sockbench: ${prepared.message}`);
  const { settings, keymap } = prepared;
  const bench = startBench(settings);
  const recording = flags.record === undefined ? null : await startRecording(bench, flags.record);
  if (typeof recording === 'string') return refuse(`sockbench: ${recording}`);
  const store = createWorldStore(bench.state());
  const { history: historyFile } = settingsPaths();
  const history = await readHistory(historyFile);
  store.setState(({ view }) => ({ view: { ...view, history } }));
  if (open) openAll(open.verb, openings, { bench, store, keymap, services });
  const ascii = flags.ascii ?? settings.ascii ?? !speaksUtf8();
  const options = { ascii, recording: flags.record ? 'rec on' : 'rec off', origin: bench.began };
  const code = await draw(bench, store, keymap, options);
  await writeHistory(historyFile, store.getState().view.history).catch(() => {});
  await bench.dispose();
  await recording?.stop();
  return code;
};
