import { basename } from 'node:path';
import { createReplay, createShows, type Replay } from '../../bench/engine/create-replay.ts';
import { createWorldStore, type WorldStore } from '../../bench/view/store.ts';
import { safeText } from '../../core/bytes/payload.ts';
import { t } from '../../core/words/translate.ts';
import type { StoredFile } from '../../formats/session/entry-places.ts';
import { storedSession } from '../../formats/session/stored-entries.ts';
import type { GlobalFlags } from '../global-flags.ts';
import { complain } from '../print.ts';
import { draw } from '../screen/draw.tsx';
import { prepare } from '../screen/keymap-settings.ts';
import { systemServices } from '../screen/system-services.ts';
import { speaksUtf8, terminalTrouble } from '../screen/terminal.ts';
import { readSessionFile, withSessionFile } from './session-file.ts';

const refuse = (message: string): number => {
  complain(`sockbench replay: ${message}`);
  return 2;
};

const nothing = (file: string): string =>
  t`${safeText(file)}: nothing was recorded: there is no entry to replay`;

/** A session that is read whole. */
const wholeReplay = async (file: string): Promise<Replay | string> => {
  const read = await readSessionFile(file);
  if (!read.ok) return read.message;
  const { header, entries, cut } = read.session;
  if (entries.length === 0) return nothing(file);
  return createReplay({ entries, began: Date.parse(header.began), start: header.start, cut });
};

/** One whose entries are read when they are looked at; null: it must be read whole. */
const storedReplay = (stored: StoredFile, file: string): Replay | string | null => {
  const { take, shows } = createShows();
  const read = storedSession(stored, take);
  if (!read) return null;
  if (!read.ok) return read.message;
  const { header, cut, stored: entries } = read;
  if (entries.length === 0) return nothing(file);
  const { first, states, every } = entries;
  const session = { entries, first, states, every, shows: shows() };
  return createReplay({ entries: session, began: Date.parse(header.began), start: header.start, cut });
};

/** The store follows the time cursor. */
const storeOf = ({ source, control }: Replay): WorldStore => {
  const store = createWorldStore(source);
  const follow = () => store.setState(({ view }) => ({ view: { ...view, replay: control.view() } }));
  follow();
  store.setState(({ view }) => ({ view: { ...view, focus: 'time' } }));
  source.subscribe(follow);
  return store;
};

/** Flags that a replay has no use for, in a sentence; '' where there is none. */
const uselessFlag = ({ screenReader, record }: GlobalFlags): string => {
  if (screenReader)
    return t('a replay is a screen; "sockbench export FILE --to strace" writes its calls as lines');
  return record === undefined ? '' : t('a replay makes no calls, so there is nothing to record');
};

/** A recorded session on the screen, until it is left. */
const showReplay = async (flags: GlobalFlags, file: string, replay: Replay | string): Promise<number> => {
  if (typeof replay === 'string') return refuse(replay);
  const trouble = terminalTrouble();
  if (trouble) return refuse(trouble.replace(/^sockbench: /, ''));
  const prepared = await prepare(flags.config);
  if (!prepared.ok) return refuse(prepared.message);
  const { settings, keymap } = prepared;
  const on = { source: replay.source, store: storeOf(replay), recorded: false };
  const { save: _, ...rest } = systemServices;
  const services = { ...rest, replay: replay.control };
  const ascii = flags.ascii ?? settings.ascii ?? !speaksUtf8();
  const heading = t`replay of ${safeText(basename(file))}`;
  const code = await (await draw(on, { keymap, services, ascii, heading })).done;
  await replay.source.dispose();
  return code;
};

/** A recorded session on the screen, under a time cursor. Exit status 2 where the file is no session. */
export const runReplay = async (flags: GlobalFlags, file: string): Promise<number> => {
  const useless = uselessFlag(flags);
  if (useless) return refuse(useless);
  if (file === '-') return refuse(t('a replay reads its keys from standard input: name a file'));
  const code = await withSessionFile(file, async stored => {
    const replay = storedReplay(stored, file);
    return replay === null ? null : showReplay(flags, file, replay);
  });
  if (typeof code === 'object' && code !== null) return refuse(code.message);
  return code ?? showReplay(flags, file, await wholeReplay(file));
};
