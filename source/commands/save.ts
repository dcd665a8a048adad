import { type Context, command, everyPane, type Result, refusal, say } from './command.ts';
import { anyText } from './parameters.ts';

const two = (value: number): string => String(value).padStart(2, '0');

/** sockbench-YYYYMMDD-HHMMSS.jsonl, by the local clock. */
export const sessionFile = (now: Date): string => {
  const day = `${now.getFullYear()}${two(now.getMonth() + 1)}${two(now.getDate())}`;
  return `sockbench-${day}-${two(now.getHours())}${two(now.getMinutes())}${two(now.getSeconds())}.jsonl`;
};

const save = async (context: Context, file: string): Promise<Result> => {
  const saved = await context.app.save?.(context.bench, file, context.store.getState().view.lab?.name);
  if (!saved) return refusal('Sessions cannot be saved here');
  if (!saved.ok) return refusal(saved.message, { field: 'file' });
  say(context, saved.message);
  return null;
};

export const saveCommands = [
  command<{ file: string }>({
    id: 'save',
    title: 'Save the session so far: replay and export read it',
    short: 'save',
    keys: ['S'],
    where: everyPane,
    ask: true,
    footer: 13,
    disabled: ({ bench }) => (bench.entries === 0 ? 'Nothing has happened yet that could be saved' : null),
    parameters: {
      file: {
        ...anyText('file', 'a new file, in the folder sockbench was started in; only you can read it'),
        fallback: () => sessionFile(new Date()),
      },
    },
    run: (context, { file }) => save(context, file.trim()),
  }),
];
