import type { Finding } from '../core/finding.ts';
import { formatCall, parseCall } from '../core/line.ts';
import type { BenchState, CallState } from '../core/state.ts';

/** A checkpoint's state in JSON: maps as lists of their values, calls as lines. */
export type JsonState = Omit<BenchState, 'sockets' | 'files' | 'calls' | 'findings' | 'pairs'> & {
  readonly sockets: readonly unknown[];
  readonly files: readonly unknown[];
  readonly calls: readonly unknown[];
  readonly findings: readonly unknown[];
  readonly pairs: readonly (readonly [string, string])[];
};

export const stateToJson = (state: BenchState): JsonState => ({
  ...state,
  sockets: [...state.sockets.values()],
  files: [...state.files.values()],
  calls: [...state.calls.values()].map(call => ({ ...call, call: formatCall(call.call) })),
  findings: [...state.findings.values()],
  pairs: [...state.pairs],
});

const byName = <T extends { name: string }>(list: readonly unknown[]): Map<string, T> =>
  new Map((list as T[]).map(item => [item.name, item]));

const callFromJson = (value: unknown): CallState => {
  const stored = value as Omit<CallState, 'call'> & { call: string };
  const parsed = parseCall(stored.call);
  if (!parsed.ok) throw new Error(`checkpoint: ${parsed.message}`);
  return { ...stored, call: parsed.value };
};

/** Throws where a call in it is no call: the caller says which line of the file. */
export const stateFromJson = (json: JsonState): BenchState => ({
  ...json,
  sockets: byName(json.sockets),
  files: byName(json.files),
  calls: new Map(json.calls.map(callFromJson).map(call => [call.id, call])),
  findings: new Map((json.findings as Finding[]).map(finding => [finding.key, finding])),
  pairs: new Map(json.pairs),
});
