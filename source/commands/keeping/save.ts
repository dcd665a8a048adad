import type { World } from '../../bench/view/store.ts';
import { parsed } from '../../core/language/parsed.ts';
import { type ExportName, exportEndings, exportNames } from '../../core/model/exports.ts';
import { marked, t } from '../../core/words/translate.ts';
import { cannotAct } from '../calling/acting.ts';
import {
  type Context,
  command,
  look,
  type Parameter,
  panePlaces,
  type Result,
  refusal,
  say,
} from '../calling/command.ts';
import { anyText, oneOf } from '../calling/parameters.ts';

const two = (value: number): string => String(value).padStart(2, '0');

/** YYYYMMDD-HHMMSS by the local clock. */
export const timeStamp = (now: Date): string => {
  const day = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  const time = `${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}`;
  return `${day}-${time}`;
};

/** sockbench-YYYYMMDD-HHMMSS and the ending of the format, by the local clock. */
export const sessionFile = (now: Date, format: ExportName): string =>
  `sockbench-${timeStamp(now)}.${exportEndings[format]}`;

const save = async (context: Context, file: string, format: ExportName): Promise<Result> => {
  const lab = context.store.getState().view.lab?.name;
  const { entries } = context.source.state();
  const saved = await context.app.save?.(context.source, file, format, lab);
  if (!saved) return refusal(t('Sessions cannot be saved here'));
  if (!saved.ok) return refusal(saved.message, { field: 'file' });
  if (format === 'jsonl') look(context, ({ kept }) => ({ kept: Math.max(kept, entries) }));
  say(context, saved.message);
  return null;
};

/** A replay is a file already. */
const notNow = ({ bench, source }: World): string | null => {
  if (source === 'replay') return cannotAct(source);
  return bench.entries === 0 ? t('Nothing has happened yet that could be saved') : null;
};

const newFile = marked('a new file, in the folder sockbench was started in; only you can read it');

const fileToExport: Parameter<string> = {
  title: marked('file'),
  hint: marked(
    'a new file, in the folder sockbench was started in; only you can read it; empty: a name by the time',
  ),
  fallback: () => '',
  isPath: true,
  parse: text => parsed(text.trim()),
};

export const saveCommands = [
  command<{ file: string }>({
    id: 'save',
    title: marked('Save the session so far: replay and export read it'),
    short: marked('save'),
    keys: ['S'],
    where: [...panePlaces, 'lab'],
    ask: true,
    footer: 13,
    disabled: notNow,
    parameters: {
      file: {
        ...anyText(marked('file'), newFile),
        fallback: () => sessionFile(new Date(), 'jsonl'),
        isPath: true,
      },
    },
    run: (context, { file }) => save(context, file.trim(), 'jsonl'),
  }),
  command<{ format: ExportName; file: string }>({
    id: 'export',
    title: marked('Export the session so far: as a lab, Python, packets, strace text'),
    keys: [],
    where: [...panePlaces, 'lab'],
    ask: true,
    disabled: notNow,
    parameters: { format: oneOf(marked('format'), exportNames, () => 'lab'), file: fileToExport },
    run: (context, { format, file }) => save(context, file || sessionFile(new Date(), format), format),
  }),
];
