import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import type { Bench } from '../../source/bench/engine/bench.ts';
import { createBench } from '../../source/bench/engine/create-bench.ts';
import { isCutOff } from '../../source/bench/view/selectors-sockets.ts';
import { inet } from '../../source/core/addresses/endpoint.ts';
import type { Call } from '../../source/core/calls/call.ts';
import type { SocketState } from '../../source/core/model/state.ts';
import { nodeMachine } from '../../source/drivers/node/node-machine.ts';

let bench: Bench;
const server = createServer({ allowHalfOpen: true });

afterEach(async () => {
  await bench.dispose();
  server.close();
});

const ended = (call: Call) => new Promise(resolve => bench.perform(call, { onEnd: resolve }));

/** c1 once the bench shows it so. */
const c1When = (is: (c1: SocketState) => boolean): Promise<SocketState> =>
  new Promise(resolve => {
    const look = () => {
      const c1 = bench.state().sockets.get('c1');
      if (!c1 || !is(c1)) return;
      stop();
      resolve(c1);
    };
    const stop = bench.subscribe(look);
    look();
  });

test.skipIf(process.platform !== 'linux')(
  'a connection that was reset while nobody received is told as ended by the kernel, then as reset by the call',
  async () => {
    bench = createBench({ ...nodeMachine(), loops: { accept: false, receive: false } });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const accepted = once(server, 'connection') as Promise<[Socket]>;
    await ended({ name: 'socket', on: '', as: 'c1', family: 'AF_INET', type: 'SOCK_STREAM' });
    await ended({ name: 'connect', on: 'c1', address: inet('127.0.0.1', port) });
    const [peer] = await accepted;
    const before = await c1When(({ kernel }) => kernel?.state === 'ESTAB');
    expect(isCutOff(before)).toBe(false);

    peer.resetAndDestroy();
    const after = await c1When(({ kernel }) => kernel?.state === 'CLOSE');
    expect(after.condition).toBe('ESTAB');
    expect(isCutOff(after)).toBe(true);

    expect(await ended({ name: 'recv', on: 'c1', size: 10 })).toMatchObject({ code: 'ECONNRESET' });
    bench.flush();
    const told = bench.state().sockets.get('c1')!;
    expect({ condition: told.condition, cutOff: isCutOff(told) }).toEqual({
      condition: 'RESET',
      cutOff: false,
    });
  },
);
