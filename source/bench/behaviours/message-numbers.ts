import { byteLength } from '../../core/bytes/bytes.ts';
import { type Call, dataOf } from '../../core/calls/call.ts';
import type { CallSpec } from '../../core/calls/call-spec.ts';
import { calls } from '../../core/calls/calls.ts';
import { type Outcome, takenOf } from '../../core/calls/outcome.ts';
import { makeMessage } from '../../core/model/message.ts';
import { isFileName } from '../../core/model/names.ts';

/** Counts the messages of each socket and file object, and puts into each the values that it was written with. */
export type MessageNumbers = {
  /** The call as it is made, now by `wallClock` in ms since 1970: the next message of what it is made on. */
  readonly begun: (call: Call, wallClock: () => number) => Call;
  /** One that took nothing was none. `closed` is the socket whose descriptor is gone, or ''. */
  readonly ended: (call: Call, outcome: Outcome, closed: string, spec?: CallSpec) => void;
};

export const createMessageNumbers = (): MessageNumbers => {
  const sent = new Map<string, number>();

  const takeBack = (on: string) => {
    const n = sent.get(on) ?? 0;
    if (n > 1) sent.set(on, n - 1);
    else sent.delete(on);
  };

  return {
    begun: (call, wallClock) => {
      const data = dataOf(call);
      if (!data) return call;
      const n = (sent.get(call.on) ?? 0) + 1;
      sent.set(call.on, n);
      if (data.kind !== 'composed') return call;
      const { pieces, notation } = data;
      const made = makeMessage(pieces, { n, at: wallClock() });
      return made.ok ? ({ ...call, data: { kind: 'literal', data: made.value, notation } } as Call) : call;
    },
    ended: (call, outcome, closed, { ends } = calls[call.name]) => {
      const data = outcome.kind === 'error' ? dataOf(call) : undefined;
      if (data && takenOf(outcome, byteLength(data)) === 0) takeBack(call.on);
      if (closed !== '') sent.delete(closed);
      // A file object is closed however its close ends, and with it perhaps its socket.
      if (ends === 'descriptor' && (outcome.kind === 'none' || isFileName(call.on))) sent.delete(call.on);
    },
  };
};
