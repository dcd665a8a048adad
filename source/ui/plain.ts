import { createInterface, type Interface } from 'node:readline';
import type { Bench } from '../bench/engine/bench.ts';
import type { OverlayKind } from '../bench/view/overlay.ts';
import type { World, WorldStore } from '../bench/view/store.ts';
import type { AppServices, Context, Keymap, KeyOf } from '../commands/calling/command.ts';
import { createContext } from '../commands/calling/context.ts';
import { dispatchText } from '../commands/calling/dispatch-text.ts';
import { pressNamed } from '../commands/calling/invoke.ts';
import { safeText } from '../core/bytes/payload.ts';
import { isTold } from '../core/model/entry.ts';
import { entryText } from '../core/words/entry-text.ts';
import { marked, t } from '../core/words/translate.ts';
import { labList, labNews } from './plain-lab.ts';
import { overlayWords } from './plain-overlays.ts';

export type PlainOptions = {
  readonly bench: Bench;
  readonly store: WorldStore;
  readonly keymap: Keymap;
  readonly services: Omit<AppServices, 'quit' | 'suspend' | 'redraw' | 'hasMouse'>;
  readonly input: NodeJS.ReadableStream;
  readonly output: NodeJS.WritableStream;
  /** Ends it: another bench takes its place. */
  readonly signal?: AbortSignal;
};

const welcome = marked(
  'sockbench, lines only. Type a call or a command, for example: listen 9000, connect 9000, c1.send "hi", help, quit.',
);

/** Commands are typed by their names here, and only Ctrl-C, which the terminal makes a signal of, is a key. */
const typedOnly: KeyOf = command => (command === 'interrupt' ? 'Ctrl-C' : '');

/** Lines of entries told one by one after a flush; of more, only how many and the newest. */
const toldAtOnce = 20;

/** Tells lines that belong together, escaped. */
type Write = (...lines: readonly string[]) => void;

/** What cannot be told in lines: it waits for keys. */
const onScreenOnly = (kind: OverlayKind | undefined): boolean =>
  kind !== undefined && !['confirm', 'labs', 'why', 'options', 'rules', 'saved', 'glossary'].includes(kind);

/** Tells entries as they come, and messages: nothing that was written is ever drawn again. */
const tell = ({ bench, store }: Pick<PlainOptions, 'bench' | 'store'>, write: Write): (() => void) => {
  let last = 0;
  const entries = () => {
    const upTo = bench.state().entries;
    if (upTo - last > toldAtOnce) {
      write(t`${upTo - last - toldAtOnce} entries more, not told one by one`);
      last = upTo - toldAtOnce;
    }
    for (const entry of bench.journal.slice(last + 1, upTo)) {
      if (isTold(entry)) write(`#${entry.n} ${entryText(entry, 400)}`);
    }
    last = upTo;
  };
  const messages = (now: World, before: World) => {
    const { message, overlays } = now.view;
    if (message && message !== before.view.message) write(message.text);
    const { lab } = now.view;
    if (lab && lab !== before.view.lab) write(...labNews(lab, before.view.lab, typedOnly));
    const news = overlays !== before.view.overlays;
    const list = news
      ? [...labList(overlays.at(-1)), ...overlayWords(now, { now: bench.now(), keyOf: typedOnly })]
      : [];
    write(...list);
    if (news && onScreenOnly(overlays.at(-1)?.kind)) {
      store.setState(({ view }) => ({ view: { ...view, overlays: [] } }));
      write(
        t(
          'That needs the screen. In lines it is typed whole, for example: c1.send "hi", c1.close, save FILE.',
        ),
      );
    }
    if (list.length > 0) store.setState(({ view }) => ({ view: { ...view, overlays: [] } }));
    const question = overlays.at(-1);
    if (question?.kind === 'confirm' && question !== before.view.overlays.at(-1)) {
      write(t`${question.question} Type y or n.`);
    }
  };
  const stops = [bench.subscribe(entries), store.subscribe(messages)];
  entries();
  const { lab: first } = store.getState().view;
  write(...(first ? labNews(first, null, typedOnly) : []));
  return () => {
    for (const stop of stops) stop();
  };
};

/** What a typed line does: an answer to a question, help, or a command or call. */
const take = async (context: Context, text: string, write: Write): Promise<void> => {
  const overlay = context.store.getState().view.overlays.at(-1);
  if (overlay?.kind === 'confirm')
    return pressNamed(context, text.trim().toLowerCase().startsWith('y') ? 'yes' : 'no');
  if (text.trim() === '') return;
  if (text.trim() === 'help') {
    for (const { id, title, listed } of context.keymap.commands) if (listed) write(t`${id}: ${t(title)}`);
    return;
  }
  const refused = await dispatchText(context, text.trim());
  if (refused === null) return;
  if (refused.column !== null) write(t`column ${refused.column + 1}: ${refused.message}`);
  else write(refused.message);
  if (refused.offer !== '') write(t`${refused.offer} is free`);
};

const openLines = ({ input, output, store }: PlainOptions): Interface =>
  createInterface({
    input,
    output,
    prompt: 'sockbench> ',
    historySize: 100,
    // readline draws a line that is recalled as it is.
    history: store
      .getState()
      .view.history.palette.filter(line => safeText(line) === line)
      .reverse(),
  });

/** What belongs to a screen has no meaning here. */
const contextOf = ({ bench, store, services, keymap }: PlainOptions, quit: (code: number) => void): Context =>
  createContext(
    bench,
    store,
    { ...services, redraw: () => {}, suspend: async () => {}, quit },
    keymap,
    typedOnly,
  );

/**
 * The workbench for screen readers (`--screen-reader`): lines as they come, nothing redrawn, commands and calls
 * typed as in the palette. Resolves with the exit status.
 */
export const runPlain = (options: PlainOptions): Promise<number> =>
  new Promise(resolve => {
    const { bench, store, output } = options;
    store.setState({ bench: bench.state() });
    const lines = openLines(options);
    const write: Write = (...told) => {
      output.write(told.map(text => `\n${safeText(text)}`).join(''));
    };
    let open = true;
    const prompt = () => {
      if (!open) return;
      output.write('\n');
      lines.prompt(true);
    };
    let code = 0;
    const context = contextOf(options, status => {
      code = status;
      lines.close();
    });
    output.write(t(welcome));
    const follow = bench.subscribe(state => store.setState({ bench: state }));
    const stop = tell(options, (...told) => {
      if (told.length === 0) return;
      write(...told);
      prompt();
    });
    lines.on('SIGINT', () => pressNamed(context, 'interrupt'));
    lines.on('line', text => void take(context, text, write).then(prompt));
    lines.on('close', () => {
      open = false;
      stop();
      follow();
      resolve(code);
    });
    options.signal?.addEventListener('abort', () => lines.close());
    prompt();
  });
