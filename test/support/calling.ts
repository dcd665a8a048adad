import type { Bench } from '../../source/bench/engine/bench.ts';
import { createBench } from '../../source/bench/engine/create-bench.ts';
import type { Call } from '../../source/core/calls/call.ts';
import type { Outcome } from '../../source/core/calls/outcome.ts';
import { parseCall } from '../../source/core/language/line.ts';
import type { SocketState } from '../../source/core/model/state.ts';
import { nodeMachine } from '../../source/drivers/node/node-machine.ts';

/** A bench on real sockets without loops, whose calls are written as lines and awaited. */
export type Calling = {
  readonly bench: Bench;
  /** Makes the call of a line, or this one, and waits for its end. */
  readonly call: (what: string | Call) => Promise<Outcome>;
  readonly socket: (name: string) => SocketState | undefined;
  /** Receives until so many bytes are there, or EOF. */
  readonly receive: (name: string, size: number) => Promise<Buffer>;
};

export const calling = (loops = { accept: false, receive: false }): Calling => {
  const bench = createBench({ ...nodeMachine(), loops });
  const call: Calling['call'] = what => {
    const parsed = typeof what === 'string' ? parseCall(what) : { ok: true as const, value: what };
    if (!parsed.ok) throw new Error(`${what}: ${parsed.message}`);
    return new Promise(resolve => bench.perform(parsed.value, { onEnd: resolve }));
  };
  return {
    bench,
    call,
    socket: name => {
      bench.flush();
      return bench.state().sockets.get(name);
    },
    receive: async (name, size) => {
      const parts: Uint8Array[] = [];
      for (let got = 0; got < size; ) {
        const outcome = await call({ name: 'recv', on: name, size: size - got });
        if (outcome.kind !== 'data') throw new Error(`${name}.recv: ${JSON.stringify(outcome)}`);
        if (outcome.data.length === 0) break;
        got += outcome.data.length;
        parts.push(Uint8Array.from(outcome.data));
      }
      return Buffer.concat(parts);
    },
  };
};
