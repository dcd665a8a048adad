import { spawnSync } from 'node:child_process';
import { expect, it } from 'vitest';
import { createBench } from '../../source/bench/engine/create-bench.ts';
import { portAt } from '../../source/core/addresses/endpoint.ts';
import type { Outcome } from '../../source/core/calls/outcome.ts';
import { nodeMachine } from '../../source/drivers/node/node-machine.ts';
import { callOf } from '../support/playing.ts';
import { available } from './native.ts';

/** More than two loopback sockets hold, in MB. */
const megabytes = 50;

const python = `
import socket, struct
s = socket.create_server(('127.0.0.1', 0))
c = socket.create_connection(s.getsockname())
a, _ = s.accept()
a.setsockopt(socket.SOL_SOCKET, socket.SO_SNDTIMEO, struct.pack('ll', 0, 50000))
f = a.makefile('wb', buffering=0)
data = bytes(${megabytes} << 20)
while (count := f.write(data)) is not None:
    print('short' if 0 < count < len(data) else count)
print(count)
`;

/** What each write of a file object returned, until one returns None. */
const written = async (): Promise<string[]> => {
  const bench = createBench({ ...nodeMachine(), loops: { accept: false, receive: false } });
  const done = (line: string) =>
    new Promise<Outcome>(resolve => {
      bench.perform(callOf(line), { onEnd: resolve });
    });
  for (const line of ['s1 = socket', 's1.bind 127.0.0.1:0', 's1.listen']) await done(line);
  bench.flush();
  const port = Number(portAt(bench.state().sockets.get('s1')?.local));
  for (const line of [
    'c1 = socket',
    `c1.connect 127.0.0.1:${port}`,
    'a1 = s1.accept',
    'a1.setsockopt SOL_SOCKET SO_SNDTIMEO 50ms',
    'f1 = a1.makefile "wb" 0',
  ])
    await done(line);
  const told: string[] = [];
  let sent = 0;
  for (;;) {
    const outcome = await done(`f1.write ${megabytes}MiB of "x"`);
    if (outcome.kind !== 'count') {
      told.push(outcome.kind === 'none' ? 'None' : outcome.kind);
      break;
    }
    told.push(outcome.count > 0 && outcome.count < megabytes << 20 ? 'short' : String(outcome.count));
    sent += outcome.count;
  }
  bench.flush();
  expect(bench.state().sockets.get('a1')?.sent).toBe(sent);
  await bench.dispose();
  return told;
};

// Without koffi there is no SO_SNDTIMEO to set, and the write would wait for ever.
it.skipIf(!available)(
  'a write without a buffer that SO_SNDTIMEO cuts short returns what was taken, then None, as in CPython',
  async () => {
    const ran = spawnSync('python3', ['-c', python], { encoding: 'utf8' });
    // How many of them are short is the kernel's tuning of its queues.
    const kinds = (told: readonly string[]) => [...new Set(told)];
    expect(kinds(ran.stdout.trim().split('\n'))).toEqual(['short', 'None']);
    expect(kinds(await written())).toEqual(['short', 'None']);
  },
);
