import type { Call } from '../core/call.ts';
import type { Entry } from '../core/entry.ts';
import { formatCall, parseCall } from '../core/line.ts';
import type { Outcome } from '../core/outcome.ts';
import type { Start } from '../core/state.ts';
import { bytesFromJson, bytesToJson, type JsonBytes } from './json-bytes.ts';
import { type JsonState, stateFromJson, stateToJson } from './json-state.ts';

/** The version of the session file that this program writes, and the newest it reads. */
export const formatVersion = 1;

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

const outcomeToJson = (outcome: Outcome): unknown =>
  outcome.kind === 'data' ? { ...outcome, data: bytesToJson(outcome.data) } : outcome;

const outcomeFromJson = (json: { kind: string; data?: JsonBytes }): Outcome =>
  (json.kind === 'data' && json.data ? { ...json, data: bytesFromJson(json.data) } : json) as Outcome;

/** The line that a call is kept as: with the bytes of a file, not its path, since the file may change. */
const callToLine = (call: Call): string => {
  if (!('data' in call) || call.data.kind !== 'file' || !call.data.data) return formatCall(call);
  return formatCall({ ...call, data: { kind: 'literal', data: call.data.data, notation: 'text' } });
};

/** Microseconds are what the clock has; more digits are noise. */
const roundTime = (key: string, value: unknown): unknown =>
  typeof value === 'number' && !Number.isInteger(value) && key !== 'number'
    ? Math.round(value * 1000) / 1000
    : value;

/** An entry as one line of JSON, without the newline. Calls are lines of the lab language. */
export const encodeEntry = (entry: Entry): string => {
  switch (entry.kind) {
    case 'queued':
    case 'running':
      return JSON.stringify({ ...entry, call: callToLine(entry.call) }, roundTime);
    case 'ended':
      return JSON.stringify(
        { ...entry, call: callToLine(entry.call), outcome: outcomeToJson(entry.outcome) },
        roundTime,
      );
    case 'checkpoint':
      return JSON.stringify({ ...entry, state: stateToJson(entry.state) }, roundTime);
    default:
      return JSON.stringify(entry, roundTime);
  }
};

export const encodeHeader = (header: Header): string => JSON.stringify(header);

const callFromLine = (line: string) => {
  const parsed = parseCall(line);
  if (!parsed.ok) throw new Error(parsed.message);
  return parsed.value;
};

/** Throws an Error with one sentence where the line is no entry. */
export const decodeEntry = (line: string): Entry => {
  const json = JSON.parse(line) as Record<string, unknown>;
  if (typeof json.n !== 'number' || typeof json.t !== 'number' || typeof json.kind !== 'string') {
    throw new Error('no journal entry: n, t or kind is missing');
  }
  switch (json.kind as Entry['kind']) {
    case 'queued':
    case 'running':
      return { ...json, call: callFromLine(String(json.call)) } as unknown as Entry;
    case 'ended': {
      const outcome = outcomeFromJson(json.outcome as { kind: string });
      return { ...json, call: callFromLine(String(json.call)), outcome } as unknown as Entry;
    }
    case 'checkpoint':
      return { ...json, state: stateFromJson(json.state as JsonState) } as unknown as Entry;
    case 'sample':
    case 'loop':
    case 'policy':
    case 'finding':
    case 'event':
    case 'note':
      return json as unknown as Entry;
    default:
      throw new Error(`an entry of kind ${json.kind} is not known to this version`);
  }
};
