import type { MouseReport } from '../commands/looking/mouse-commands.ts';
import { isLateReport, reportAt } from './mouse-reports.ts';
import { createPaste, isPasteCut } from './pasted-text.ts';
import { isLateAnswer, stringAt } from './terminal-strings.ts';

/** Takes out of what a terminal sends what no key sent: its answers, and the mouse's reports, however reads cut them. */
export type InputFilter = {
  /** What is left of the next chunk for the keyboard. */
  readonly take: (chunk: string) => string;
  /** How long to wait, in ms, before `release` where nothing more comes; 0: until something comes. */
  readonly patience: () => number;
  /** Nothing more came: what was held back and may be keys. */
  readonly release: () => string;
  /** Who hears of the mouse; null: its reports are left alone. */
  readonly follow: (listener: ((report: MouseReport) => void) | null) => void;
};

/** A person's Esc is a key this much later, in ms: the rest of what a terminal sends follows sooner. */
const escapePatience = 20;
/** Longer for what begins as a string does: Alt with `]`, `P`, `X`, `^` or `_` is seldom typed. */
const stringPatience = 80;
/** How long an answer's end is waited for: then it is dropped, and what comes next are keys again. */
const answerPatience = 1_000;

/** Characters of a string that are waited for; what is longer has lost its end. */
const longest = 1 << 20;

/** Esc in a form that nothing can continue, so that Ink need not wait for more (kitty's protocol). */
const escapeKey = '\x1b[27u';

/** Esc and then an arrow or the like, which urxvt sends for that key with Alt. */
const afterEscape = /^\x1b\x1b(?:\[|O)(\d{0,2})([A-DFH~])/;

/** The same with a modifier that no keyboard has (2 alt, 16 hyper, and 1): input.ts tells it from Alt by that. */
const marked = ([, number, final]: RegExpExecArray): string => `\x1b[${number || 1};19${final}`;

type Listener = (report: MouseReport) => void;

/** What the beginning of a text is: so many characters, and the keys in them. `cut`: the rest of it is still to come. */
type Piece = { readonly length: number; readonly keys: string; readonly cut?: true };

const cutOff = (text: string): Piece => ({ length: text.length, keys: '', cut: true });

const reportIn = (text: string, listener: Listener | null): Piece | null => {
  const found = listener && reportAt(text);
  if (!found) return null;
  if (!found.whole) return cutOff(text);
  if (found.report) listener?.(found.report);
  return { length: found.length, keys: '' };
};

const answerIn = (text: string): Piece | null => {
  const found = stringAt(text);
  if (!found) return null;
  return found.whole || text.length > longest ? { length: found.length, keys: '' } : cutOff(text);
};

const escapeIn = (text: string): Piece | null => {
  const escaped = afterEscape.exec(text);
  if (escaped) return { length: escaped[0].length, keys: marked(escaped) };
  return text.startsWith('\x1b\x1b') ? { length: 1, keys: escapeKey } : null;
};

export const createInputFilter = (): InputFilter => {
  let listener: Listener | null = null;
  let held = '';
  /** An Esc was released: the rest of what it began may still come. */
  let given = '';
  const paste = createPaste();

  const typed = (length: number, text: string): Piece => ({ length, keys: text.slice(0, length) });

  /** How much of a text that begins with Esc, or in a paste, is understood. */
  const next = (text: string): Piece => {
    if (paste.isOpen()) return typed(paste.take(text), text);
    const known = reportIn(text, listener) ?? answerIn(text);
    if (known) return known;
    return isPasteCut(text) ? cutOff(text) : (escapeIn(text) ?? typed(paste.begin(text) || 1, text));
  };

  const isLate = (text: string): boolean =>
    given !== '' && ((listener !== null && isLateReport(text)) || isLateAnswer(text));

  return {
    take: chunk => {
      let text = (isLate(given + chunk) ? given : held) + chunk;
      held = '';
      given = '';
      let keys = '';
      while (text !== '') {
        const plain = paste.isOpen() ? 0 : text.indexOf('\x1b');
        if (plain < 0) return keys + text;
        keys += text.slice(0, plain);
        text = text.slice(plain);
        const piece = next(text);
        if (piece.cut) held = text;
        keys += piece.keys;
        text = text.slice(piece.length);
      }
      return keys;
    },
    patience: () => {
      if (held === '') return 0;
      const found = stringAt(held);
      if (found) return found.answer ? answerPatience : stringPatience;
      return listener && held !== '\x1b' ? 0 : escapePatience;
    },
    release: () => {
      const text = stringAt(held)?.answer ? '' : held;
      held = '';
      given = text;
      return text === '\x1b' ? escapeKey : text;
    },
    follow: heard => {
      listener = heard;
    },
  };
};
