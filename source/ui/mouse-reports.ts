import type { MouseReport } from '../commands/mouse.ts';

/** Takes the mouse's reports out of what a terminal sends, however its reads cut them. */
export type ReportFilter = {
  /** What is left of the next chunk for the keyboard. */
  readonly take: (chunk: string) => string;
  /** Whether an Esc is held back that may be a key of its own. What is longer waits for what comes next. */
  readonly holdsEscape: () => boolean;
  /** Nothing more came: what was held back. */
  readonly release: () => string;
};

/** A report in SGR's form (mode 1006), or in that of terminals that know only mode 1000: three bytes (xterm's ctlseqs). */
const report = /^\x1b\[(?:<(\d{1,5});(\d{1,5});(\d{1,5})([Mm])|M([\s\S]{3}))/;

/** What may become a report, or the start of a paste. */
const beginning = /^\x1b(?:\[(?:<[\d;]{0,17}|M[\s\S]{0,2}|20{0,2})?)?$/;

/** The start of a report for which no end came. No key begins so. */
const broken = /^\x1b\[<[\d;]*/;

const pasteStart = '\x1b[200~';
const pasteEnd = '\x1b[201~';

const [shift, alt, control] = [4, 8, 16];

/** Presses of the left button and turns of the wheel; what else the mouse does is nothing here. */
const reportOf = (code: number, column: number, row: number): MouseReport | null => {
  const button = code & ~(shift | alt | control);
  if (button === 0) return { kind: 'click', column, row };
  if (button === 64 || button === 65) return { kind: 'wheel', by: button === 64 ? -1 : 1, column, row };
  return null;
};

const decode = ([, code, column, row, end, bytes]: RegExpExecArray): MouseReport | null => {
  if (bytes !== undefined) {
    const [button, x, y] = [...bytes].map(character => character.charCodeAt(0) - 32);
    return reportOf(button!, x! - 1, y! - 1);
  }
  return end === 'M' ? reportOf(Number(code), Number(column) - 1, Number(row) - 1) : null;
};

export const createReportFilter = (listener: (report: MouseReport) => void): ReportFilter => {
  let held = '';
  /** An Esc was released: the rest of the report that it began may still come. */
  let given = '';
  let inPaste = false;
  /** The last characters of a paste: its end may begin among them. */
  let recent = '';

  const pasted = (text: string): number => {
    const seen = recent + text;
    const end = seen.indexOf(pasteEnd);
    inPaste = end < 0;
    const length = inPaste ? text.length : end + pasteEnd.length - recent.length;
    recent = inPaste ? seen.slice(1 - pasteEnd.length) : '';
    return length;
  };

  /** How much of a text that begins with Esc, or in a paste, is understood, and how much of that are keys. */
  const next = (text: string): { readonly length: number; readonly keys: number } => {
    if (inPaste) {
      const length = pasted(text);
      return { length, keys: length };
    }
    const found = report.exec(text);
    if (found) {
      const told = decode(found);
      if (told) listener(told);
      return { length: found[0].length, keys: 0 };
    }
    if (beginning.test(text)) {
      held = text;
      return { length: text.length, keys: 0 };
    }
    const cut = broken.exec(text);
    if (cut) return { length: cut[0].length, keys: 0 };
    inPaste = text.startsWith(pasteStart);
    const length = inPaste ? pasteStart.length : 1;
    return { length, keys: length };
  };

  return {
    take: chunk => {
      const late = given !== '' && /^\x1b\[(?:<\d|M)/.test(given + chunk);
      let text = (late ? given : held) + chunk;
      held = '';
      given = '';
      let keys = '';
      while (text !== '') {
        const plain = inPaste ? 0 : text.indexOf('\x1b');
        if (plain < 0) return keys + text;
        keys += text.slice(0, plain);
        text = text.slice(plain);
        const { length, keys: kept } = next(text);
        keys += text.slice(0, kept);
        text = text.slice(length);
      }
      return keys;
    },
    holdsEscape: () => held === '\x1b',
    release: () => {
      given = held;
      held = '';
      return given;
    },
  };
};
