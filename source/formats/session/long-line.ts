import type { Entry } from '../../core/model/entry.ts';
import { decodeEntry } from './jsonl.ts';
import { type LineBytes, textOfLine } from './line-splitter.ts';
import { Misfit } from './reading.ts';
import type { Upgrade } from './upgrade.ts';

/*
 * A long payload stands in its line as base64. It is decoded where its bytes are, and a few others stand in for it in what goes
 * through JSON, the schema and the lab language: these take ten times as long to look at each of its characters again and again.
 */

/** Characters of base64 from which on that is done. */
const leastLong = 4096;

/** Bytes of a line in which a long payload begins. */
const longestFront = 4096;

/** Bytes that no line has: what stands in for a payload is found again by them. Made with the first, for which crypto is loaded. */
let made: Buffer | undefined;
const standIn = (): Buffer => {
  made ??= process.getBuiltinModule('node:crypto').randomBytes(15);
  return made;
};

const word = Buffer.from('base64');
const quote = 0x22;
const backslash = 0x5c;
const padding = 0x3d;

/** Behind the word in an outcome, and in a call, which ends as it begins. */
const ofOutcome = Buffer.from('":"');
const ofCall = Buffer.from('\\"');

const startsAt = (bytes: Uint8Array, at: number, looked: Uint8Array): boolean =>
  looked.every((byte, index) => bytes[at + index] === byte);

/** Where base64 is, and whose. */
type Span = { readonly from: number; readonly to: number; readonly isOfCall: boolean };

/** The base64 of a long payload; null: the line has none. */
const payloadIn = ({ bytes, from, to }: LineBytes): Span | null => {
  if (to - from < leastLong) return null;
  const line = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from);
  const found = line.subarray(0, longestFront).indexOf(word);
  if (found < 0) return null;
  const behind = found + word.length;
  const isOfCall = startsAt(line, behind, ofCall);
  if (!isOfCall && !startsAt(line, behind, ofOutcome)) return null;
  const begin = behind + (isOfCall ? ofCall : ofOutcome).length;
  const end = line.indexOf(quote, begin) - Number(isOfCall);
  if (end - begin < leastLong || (isOfCall && line[end] !== backslash)) return null;
  return { from: from + begin, to: from + end, isOfCall };
};

/** Characters that are decoded at a time, a multiple of four. */
const atOnce = 64 * 1024;

const scratch = Buffer.alloc((atOnce / 4) * 3);

/**
 * Decodes base64 (RFC 4648, section 4), into nothing where it is only checked; false: it is not such. Node leaves out what it does not
 * know, so that less comes out, and takes `-` and `_` for the two others (Buffer, encodings).
 */
const unpack = (packed: Buffer, size: number, into: Buffer | null): boolean => {
  if (packed.includes('-') || packed.includes('_')) return false;
  for (let at = 0, out = 0; at < packed.length; at += atOnce, out += scratch.length) {
    const text = packed.toString('latin1', at, at + atOnce);
    const length = Math.min(scratch.length, size - out);
    if ((into ?? scratch).write(text, into ? out : 0, 'base64') !== length) return false;
  }
  return true;
};

let zeros = new Uint8Array(0);

/** So many zeros, which nobody writes to. */
const zerosOf = (size: number): Uint8Array => {
  if (size > zeros.length) zeros = new Uint8Array(Math.max(size, zeros.length * 2));
  return zeros.subarray(0, size);
};

/** The bytes that base64 stands for, as many zeros where it is only checked; null: this is no base64. */
const payloadOf = (bytes: Uint8Array, { from, to }: Span, isChecked: boolean): Uint8Array | null => {
  const packed = Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from);
  if (packed.length % 4 !== 0) return null;
  const filled = packed.at(-1) !== padding ? 0 : packed.at(-2) !== padding ? 1 : 2;
  const size = (packed.length / 4) * 3 - filled;
  const data = isChecked ? zerosOf(size) : new Uint8Array(size);
  return unpack(packed, size, isChecked ? null : Buffer.from(data.buffer)) ? data : null;
};

/** Puts the payload where the other stands in for it; false: nowhere. */
const put = (entry: Entry, data: Uint8Array): boolean => {
  if ('call' in entry && 'data' in entry.call) {
    const { call } = entry;
    if (call.data.kind === 'literal' && standIn().equals(call.data.data)) {
      entry.call = { ...call, data: { ...call.data, data } };
      return true;
    }
  }
  if (entry.kind !== 'ended' || entry.outcome.kind !== 'data' || !standIn().equals(entry.outcome.data))
    return false;
  entry.outcome = { ...entry.outcome, data };
  return true;
};

const shortEntry = (line: string, upgrade: Upgrade): Entry | null => {
  try {
    return decodeEntry(line, upgrade);
  } catch (error) {
    // What is wrong is said of the line as it is.
    if (error instanceof SyntaxError || error instanceof Misfit) return null;
    throw error;
  }
};

/** Zeros stand for what was received, or for what was sent too: then no state of it is to be kept, which has calls in flight. */
export type Bare = 'received' | 'moved';

/** The entry of a line with a long payload; null: it is none. */
export const longEntry = (line: LineBytes, upgrade: Upgrade, bare?: Bare): Entry | null => {
  const span = payloadIn(line);
  if (!span) return null;
  const { bytes, from, to } = line;
  const [front, back] = [
    textOfLine({ bytes, from, to: span.from }),
    textOfLine({ bytes, from: span.to, to }),
  ];
  const entry = shortEntry(front + standIn().toString('base64') + back, upgrade);
  const data = entry && payloadOf(bytes, span, bare === 'moved' || (bare === 'received' && !span.isOfCall));
  return data && put(entry, data) ? entry : null;
};

/** The entry of any line; throws as `decodeEntry` does. */
export const entryOfLine = (line: LineBytes, upgrade: Upgrade): Entry =>
  longEntry(line, upgrade) ?? decodeEntry(textOfLine(line), upgrade);
