import { safeJson } from '../../core/bytes/printable.ts';
import type { Call } from '../../core/calls/call.ts';
import type { Outcome } from '../../core/calls/outcome.ts';
import { formatFaults } from '../../core/language/fault-text.ts';
import { formatCall } from '../../core/language/line.ts';
import { formatRelayTarget } from '../../core/language/relay-text.ts';
import { formatRepeat } from '../../core/language/repeat-text.ts';
import { formatRule } from '../../core/language/rule-text.ts';
import type { EndedEntry, Entry } from '../../core/model/entry.ts';
import type { BenchState, SocketState, Start } from '../../core/model/state.ts';
import { findingSentence } from '../../core/words/finding-words.ts';
import { inEnglish } from '../../core/words/translate.ts';
import { entry as readEntry } from './entry-schema.ts';
import { bytesToJson } from './json-bytes.ts';
import { type Upgrade, upgradeFrom } from './upgrade.ts';

/** A checkpoint's state in JSON: maps as lists of their values, calls as lines. */
type JsonState = Omit<
  BenchState,
  'processes' | 'sockets' | 'files' | 'rules' | 'calls' | 'findings' | 'pairs' | 'answers'
> & {
  readonly processes: readonly unknown[];
  readonly sockets: readonly unknown[];
  readonly files: readonly unknown[];
  readonly rules: readonly unknown[];
  readonly calls: readonly unknown[];
  readonly findings: readonly unknown[];
  readonly pairs: readonly (readonly [string, string])[];
  readonly answers: readonly unknown[];
};

const socketToJson = (socket: SocketState): unknown => {
  const { relay, faults, repeat } = socket;
  if (!relay && !faults && !repeat) return socket;
  return {
    ...socket,
    ...(relay && { relay: formatRelayTarget(relay) }),
    ...(repeat && { repeat: { ...repeat, repeat: formatRepeat(repeat.repeat) } }),
    ...(faults && { faults: formatFaults(faults) }),
  };
};

export const stateToJson = (state: BenchState): JsonState => ({
  ...state,
  processes: [...state.processes.values()],
  sockets: [...state.sockets.values()].map(socketToJson),
  files: [...state.files.values()],
  calls: [...state.calls.values()].map(call => ({ ...call, call: formatCall(call.call) })),
  rules: state.rules.map(state => ({ ...state, rule: formatRule(state.rule) })),
  findings: [...state.findings.values()],
  pairs: [...state.pairs],
  answers: [...state.answers].map(([call, found]) => ({ call, ...found })),
});

/** The version of the session file that this program writes, and the newest it reads; older ones go through upgrade.ts. */
export const formatVersion = 5;

/** First line of a session file. `began`: wall-clock time of t = 0, ISO 8601. */
export type Header = {
  readonly sockbench: number;
  readonly began: string;
  readonly program: string;
  readonly platform: string;
  /** The lab it is a run of, where it is one. */
  readonly lab?: string;
  /** Policy and loops of the bench at t = 0; absent: duplex, loops on. */
  readonly start?: Start;
};

/** The header of a session that began at `began`, in wall-clock milliseconds since 1970. */
export const headerOf = (began: number, lab?: string, start?: Start): Header => ({
  sockbench: formatVersion,
  began: new Date(began).toISOString(),
  program: process.env.SOCKBENCH_VERSION ?? '0.0.0',
  platform: process.platform,
  ...(lab === undefined ? {} : { lab }),
  ...(start === undefined ? {} : { start: { policy: start.policy, loops: start.loops } }),
});

/** Payloads of more bytes than this are written in base64, whatever they are: that needs no look at each of them. */
const longestText = 4096;

/** Where the base64 of a long payload comes in: no call that is written holds a NUL as it is. */
const gap = '\0';

/** The gap in a call or in an outcome: elsewhere a NUL begins an abstract name, and no name has quotes as they are. */
const gapInJson = /(?<=base64(?:\\"|":"))\\u0000(?=\\?")/;

/**
 * What a line of JSON can hold of a file, in bytes: escaped, a byte takes up to 5 characters, and V8 has no string of
 * more than 2^29 - 24. The journal drops what is larger, too.
 */
const largestHeld = 64 * 1024 * 1024;

/** Bytes that a call has, of a file too, since the file may change. */
const bytesOfCall = (call: Call): Uint8Array | null => {
  if (!('data' in call)) return null;
  if (call.data.kind === 'literal') return call.data.data;
  return call.data.kind === 'file' ? call.data.data : null;
};

const empty = new Uint8Array(0);

/** The line that a call is kept as; with `bytes` a gap where these belong. */
const callToLine = (call: Call, bytes: Uint8Array | null): string => {
  if (!('data' in call)) return formatCall(call);
  const { data } = call;
  if (bytes) {
    const line = formatCall({ ...call, data: { kind: 'literal', data: empty, notation: 'text' } });
    return line.replace('""', `base64"${gap}"`);
  }
  if (data.kind !== 'file' || !data.data) return formatCall(call);
  if (data.data.length > largestHeld)
    return formatCall({ ...call, data: { kind: 'dropped', size: data.data.length } });
  return formatCall({ ...call, data: { kind: 'literal', data: data.data, notation: 'text' } });
};

/** A call in JSON: its line, with the bytes of a file, not its path; of a long payload the gap where its base64 belongs. */
export const callToText = (call: Call): string => {
  const bytes = bytesOfCall(call);
  return callToLine(call, isLong(bytes) ? bytes : null);
};

const isLong = (bytes: Uint8Array | null): bytes is Uint8Array =>
  bytes !== null && bytes.length > longestText && bytes.length <= largestHeld;

const outcomeToJson = (outcome: Outcome): unknown => {
  if (outcome.kind !== 'data') return outcome;
  return { ...outcome, data: isLong(outcome.data) ? { base64: gap } : bytesToJson(outcome.data) };
};

/**
 * How values are written. Microseconds are what the clock has; more digits are noise. An address of the internet's
 * families is told by its host and port, and says no kind.
 */
const written = (key: string, value: unknown): unknown => {
  if (key === 'kind' && value === 'inet') return undefined;
  return typeof value === 'number' && !Number.isInteger(value) && key !== 'number' ? micro(value) : value;
};

const micro = (ms: number): number => Math.round(ms * 1000) / 1000;

/** Whether it holds nothing that `written` would change: no address, and whole numbers only. */
const isPlain = (outcome: Outcome): boolean => {
  switch (outcome.kind) {
    case 'data':
      return !outcome.from && !outcome.wire;
    case 'count':
      return !outcome.local && !outcome.wire;
    case 'none':
      return !outcome.local && !outcome.peer && !outcome.owner && !outcome.tls && !outcome.wire;
    default:
      return false;
  }
};

/** A call's end. Most are calls that moved bytes, which need no look at each of their values: that takes three times as long. */
const endedToJson = (entry: EndedEntry): string => {
  const { outcome } = entry;
  const line = { ...entry, call: callToText(entry.call), outcome: outcomeToJson(outcome) };
  if (!isPlain(outcome) || entry.sender || entry.afterwards) return JSON.stringify(line, written);
  const { startedAt } = line;
  line.t = micro(line.t);
  line.queuedAt = micro(line.queuedAt);
  line.startedAt = startedAt === null ? null : micro(startedAt);
  return JSON.stringify(line);
};

/** A line of JSON, without the newline, in front of the base64 of a long payload and behind it; null: `head` is all of it. */
export type LineParts = { readonly head: string; readonly bytes: Buffer | null; readonly tail: string };

const longBytesOf = (entry: Entry): Uint8Array | null => {
  if (!('call' in entry)) return null;
  const sent = bytesOfCall(entry.call);
  if (isLong(sent)) return sent;
  const received = entry.kind === 'ended' && entry.outcome.kind === 'data' ? entry.outcome.data : null;
  return isLong(received) ? received : null;
};

/** An entry as one line of JSON, safe to print: for whoever writes it piece by piece. Calls are lines of the lab language. */
export const partsOf = (entry: Entry): LineParts => {
  const json = safeJson(jsonOf(entry));
  const long = longBytesOf(entry);
  if (!long) return { head: json, bytes: null, tail: '' };
  const { index, 0: found } = gapInJson.exec(json)!;
  return {
    head: json.slice(0, index),
    bytes: Buffer.from(long.buffer, long.byteOffset, long.byteLength),
    tail: json.slice(index + found.length),
  };
};

/** The same in one string. */
export const encodeEntry = (entry: Entry): string => {
  const { head, bytes, tail } = partsOf(entry);
  return bytes ? head + bytes.toString('base64') + tail : head;
};

/** The same with what people read: a finding is data, and `says` has its words, which no reader of sessions needs. */
export const encodeSaid = (entry: Entry): string =>
  entry.kind === 'finding'
    ? safeJson(
        JSON.stringify({ ...entry, says: inEnglish(() => findingSentence(entry.finding, null)) }, written),
      )
    : encodeEntry(entry);

const jsonOf = (entry: Entry): string => {
  switch (entry.kind) {
    case 'queued':
    case 'running':
      return JSON.stringify({ ...entry, call: callToText(entry.call) }, written);
    case 'ended':
      return endedToJson(entry);
    case 'rule':
      return JSON.stringify({ ...entry, rule: formatRule(entry.rule) }, written);
    case 'relay':
      return JSON.stringify({ ...entry, target: entry.target && formatRelayTarget(entry.target) }, written);
    case 'repeat':
      return JSON.stringify({ ...entry, repeat: entry.repeat && formatRepeat(entry.repeat) }, written);
    case 'faults':
      return JSON.stringify({ ...entry, faults: formatFaults(entry.faults) }, written);
    case 'output':
      return JSON.stringify({ ...entry, data: bytesToJson(entry.data) }, written);
    case 'checkpoint':
      return JSON.stringify({ ...entry, state: stateToJson(entry.state) }, written);
    default:
      return JSON.stringify(entry, written);
  }
};

export const encodeHeader = (header: Header): string => safeJson(JSON.stringify(header));

const today = upgradeFrom(formatVersion);

/** An entry from its line, as `upgrade` has it today; throws a SyntaxError where that is no JSON, a Misfit where it is no entry. */
export const decodeEntry = (line: string, upgrade: Upgrade = today): Entry =>
  readEntry(upgrade.entry(JSON.parse(line)));
