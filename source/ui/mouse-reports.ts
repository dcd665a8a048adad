import type { MouseReport } from '../commands/looking/mouse-commands.ts';

/** A report in SGR's form (mode 1006), or in that of terminals that know only mode 1000: three bytes (xterm's ctlseqs). */
const report = /^\x1b\[(?:<(\d{1,5});(\d{1,5});(\d{1,5})([Mm])|M([\s\S]{3}))/;

/** What may become a report. */
const beginning = /^\x1b(?:\[(?:<[\d;]{0,17}|M[\s\S]{0,2})?)?$/;

/** The start of a report for which no end came. No key begins so. */
const broken = /^\x1b\[<[\d;]*/;

/** What follows an Esc that was taken for a key although a report began with it. */
const lateReport = /^\x1b\[(?:<\d|M)/;

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

/**
 * What the mouse said at the start of a text that begins with Esc: how many characters of it are a report's, all of them
 * (`whole` false) where its end is still to come; null where it is no report. `report` null: of no interest here.
 */
export const reportAt = (
  text: string,
): { readonly length: number; readonly whole: boolean; readonly report: MouseReport | null } | null => {
  const found = report.exec(text);
  if (found) return { length: found[0].length, whole: true, report: decode(found) };
  if (beginning.test(text)) return { length: text.length, whole: false, report: null };
  const cut = broken.exec(text);
  return cut && { length: cut[0].length, whole: true, report: null };
};

/** Whether a text continues, as a report, what was taken for a key. */
export const isLateReport = (text: string): boolean => lateReport.test(text);
