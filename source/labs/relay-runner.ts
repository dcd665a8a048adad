import type { Bench } from '../bench/engine/bench.ts';
import { relayLine } from '../commands/sockets/relay-line.ts';
import { formatRelayTarget, type RelayStatement } from '../core/language/relay-text.ts';
import { done, judged, type Verdict } from './verdict.ts';

/** `s1.relay 127.0.0.1:6379`. */
export const runRelay = (bench: Bench, line: RelayStatement): Verdict => {
  const trouble = relayLine(bench, line);
  if (trouble !== null) return judged(trouble, '', 0);
  return done(line.target ? `to ${formatRelayTarget(line.target)}` : 'off', 0);
};
