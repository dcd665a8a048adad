import type { LiveSource } from '../../bench/engine/source.ts';
import { createWatch } from '../../bench/processes/create-watch.ts';
import { createWorldStore } from '../../bench/view/store.ts';
import { t } from '../../core/words/translate.ts';
import type { GlobalFlags } from '../global-flags.ts';
import { complain } from '../print.ts';
import { draw } from '../screen/draw.tsx';
import { type Prepared, prepare } from '../screen/keymap-settings.ts';
import { systemServices } from '../screen/system-services.ts';
import { speaksUtf8, terminalTrouble } from '../screen/terminal.ts';
import { startRecording } from '../sessions/recording.ts';
import { startLooker } from './look-worker.ts';
import { lookFrom, ownLookout, pidsNamed, processorOf } from './whom.ts';

export type WatchFlags = { readonly pid?: readonly string[] };

const refuse = (message: string): number => {
  complain(`sockbench watch: ${message}`);
  return 2;
};

/** The processes that are to be watched, or why they cannot be. */
const whom = (names: readonly string[], flags: WatchFlags): readonly number[] | string => {
  const words = [...names, ...(flags.pid ?? [])];
  if (words.length === 0)
    return t('name whom to watch: a PID, a NAME or a :PORT; sockbench why lists who is blocked');
  const lookout = ownLookout();
  const processor = processorOf(lookout);
  if (typeof processor !== 'string') return processor.unfit;
  return pidsNamed(lookFrom(lookout, processor), words, { ...lookout, command: 'watch' });
};

type Ready = Extract<Prepared, { ok: true }>;

const onScreen = async (source: LiveSource<'watch'>, flags: GlobalFlags, ready: Ready): Promise<number> => {
  const { settings, keymap } = ready;
  const recording = flags.record === undefined ? null : await startRecording(source, flags.record);
  if (typeof recording === 'string') return refuse(recording);
  const on = { source, store: createWorldStore(source, recording !== null), recorded: recording !== null };
  const ascii = flags.ascii ?? settings.ascii ?? !speaksUtf8();
  const code = await (await draw(on, { keymap, services: systemServices, ascii })).done;
  await source.dispose();
  await recording?.stop();
  return code;
};

/** `sockbench watch`: processes of this machine in the workbench, as looks see them. Nothing of theirs is stopped. */
export const runWatch = async (
  flags: GlobalFlags,
  names: readonly string[],
  watched: WatchFlags,
): Promise<number> => {
  if (flags.screenReader) return refuse(t('it is a screen; sockbench why tells the same once, in lines'));
  const pids = whom(names, watched);
  if (typeof pids === 'string') return refuse(pids);
  const trouble = terminalTrouble();
  if (trouble) return refuse(trouble.replace(/^sockbench: /, ''));
  const ready = await prepare(flags.config);
  if (!ready.ok) return refuse(ready.message);
  const looker = startLooker(pids, error => {
    throw error;
  });
  const source = createWatch({ looker });
  const code = await onScreen(source, flags, ready);
  await source.dispose();
  return code;
};
