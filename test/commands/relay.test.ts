import { expect, test } from 'vitest';
import { interpret, runInterpreted } from '../../source/commands/calling/interpret.ts';
import { commandTable } from '../../source/commands/calling/table.ts';
import { openCommands } from '../support/outside.ts';
import { callOf } from '../support/playing.ts';
import { createMachine } from '../support/simulated-machine.ts';

const setUp = (receive = false) => {
  const machine = createMachine();
  const bench = machine.bench({ loops: { accept: false, receive } });
  const { context } = openCommands(bench);
  /** Types a line of the palette: why it was refused, and at which field. */
  const type = async (text: string) => {
    const read = interpret(text, commandTable);
    if (read.kind === 'error') throw new Error(read.message);
    const ran = runInterpreted(context, read);
    let over = false;
    void ran.finally(() => {
      over = true;
    });
    while (!over) {
      machine.settle();
      await Promise.resolve();
    }
    bench.flush();
    return ran;
  };
  const play = (...lines: string[]) => {
    for (const line of lines) {
      bench.perform(callOf(line));
      machine.settle();
    }
    bench.flush();
  };
  return { bench, type, play };
};

test('relay LISTEN TARGET listens, and passes on from the first client', async () => {
  const { bench, type, play } = setUp();
  play('s9 = socket', 's9.bind 127.0.0.1:6379', 's9.listen 5');
  expect(await type('relay 9000 127.0.0.1:6379')).toBe(null);
  play('c1 = socket', 'c1.connect 127.0.0.1:9000', 'a9 = s9.accept', 'c1.sendall "hi"', 'a9.recv 9');
  const { sockets } = bench.state();
  expect(sockets.get('s10')).toMatchObject({ condition: 'LISTEN', relay: { tls: null } });
  expect(sockets.get('a9')?.received).toBe(2);
});

test('a relay onto itself is refused at its target, and its socket is closed again', async () => {
  const { bench, type } = setUp();
  expect(await type('relay 9000 localhost:9000')).toMatchObject({
    message: expect.stringContaining('would lead back to itself'),
    field: 'target',
  });
  expect([...bench.state().sockets.values()].filter(({ closed }) => !closed)).toEqual([]);
});

test('a target that is none is refused where it is written', async () => {
  const { type } = setUp();
  expect(await type('relay 9000 127.0.0.1:99999')).toMatchObject({ field: 'target' });
});

test('relay of datagrams is bound, and passes on from the first one', async () => {
  const { bench, type, play } = setUp(true);
  expect(await type('relay udp://127.0.0.1:5353 udp://127.0.0.1:53')).toBe(null);
  play('c1 = socket AF_INET SOCK_DGRAM', 'c1.sendto "hi" 127.0.0.1:5353');
  const { sockets } = bench.state();
  expect(sockets.get('u1')).toMatchObject({ relay: { datagrams: true }, receives: 1 });
  expect(sockets.get('c2')).toMatchObject({ mate: 'u1', sends: 1 });
  const cancelled = bench.journal
    .slice(1, bench.journal.last())
    .filter(entry => entry.kind === 'ended' && entry.outcome.kind === 'error');
  expect(cancelled.filter(entry => entry.kind === 'ended' && entry.call.name === 'recvfrom')).toEqual([]);
});

test.each([
  [
    'relay udp://127.0.0.1:5353 127.0.0.1:53',
    'target',
    'udp://127.0.0.1:5353 carries datagrams and 127.0.0.1:53',
  ],
  [
    'relay 127.0.0.1:5353 udp://127.0.0.1:53',
    'address',
    'udp://127.0.0.1:53 carries datagrams and 127.0.0.1:5353',
  ],
])('%s is refused at its %s', async (line, field, message) => {
  const { bench, type } = setUp();
  expect(await type(line)).toMatchObject({
    field,
    message: `${message} a stream: both are udp://, or neither`,
  });
  expect(bench.state().sockets.size).toBe(0);
});
