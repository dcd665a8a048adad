import type { ByteForm } from '../../bench/view/view.ts';
import { hexRows } from '../../core/bytes/hex.ts';
import { escapeBytes } from '../../core/bytes/payload.ts';
import { cutUp, line, type StyledLine, span } from './styled-line.ts';

/** Rows a text may take before the rest of a long payload is left out; hex and text share it. */
const mostRows = 4_096;

/** The payload cut after each LF, which stays visible at the end of its row. */
const textRows = (data: Uint8Array, width: number, ends: boolean): string[] => {
  const rows: string[] = [];
  let start = 0;
  while (start < data.length && rows.length < mostRows) {
    const newline = data.indexOf(10, start);
    const end = newline < 0 ? data.length : newline + 1;
    const stop =
      !ends && newline >= 0 ? (data[newline - 1] === 13 && newline > start ? newline - 1 : newline) : end;
    rows.push(...cutUp(escapeBytes(data.subarray(start, stop)).text, width));
    start = end;
  }
  return rows;
};

/** Bytes as rows: text with escapes, the same with a hex dump under it, or raw, where line ends only end rows. */
export const byteLines = (data: Uint8Array, form: ByteForm, width: number): readonly StyledLine[] => {
  const text = textRows(data, width, form !== 'raw').map(row => line(row));
  if (form !== 'hex') return text;
  const dump = hexRows(data, 0, mostRows).map(row =>
    line(span(`${row.offset}  `, 'dim'), row.hex, span(`  ${row.text}`, 'own')),
  );
  return [...text, ...dump];
};
