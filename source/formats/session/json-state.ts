import { formatFaults } from '../../core/language/fault-text.ts';
import { formatCall } from '../../core/language/line.ts';
import { formatRelayTarget } from '../../core/language/relay-text.ts';
import { formatRule } from '../../core/language/rule-text.ts';
import type { BenchState, SocketState } from '../../core/model/state.ts';

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
  const { relay, faults } = socket;
  if (!relay && !faults) return socket;
  return {
    ...socket,
    ...(relay && { relay: formatRelayTarget(relay) }),
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
