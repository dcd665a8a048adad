import { expect, test } from 'vitest';
import type { Running } from '../../source/core/calls/driver.ts';
import type { Outcome } from '../../source/core/calls/outcome.ts';
import { createFileObject } from '../../source/drivers/files/makefile.ts';
import { TcpWriting } from '../../source/drivers/sockets/tcp-writing.ts';
import { createSimulatedEnd } from '../support/simulated-end.ts';
import { sizeOf } from '../support/sizes.ts';

/** A file object on a simulated end: what was written has to arrive once, whatever flushes were stopped on the way. */
const play = () => {
  const simulated = createSimulatedEnd();
  let written = 0;
  let late = 0;
  let counted = 0;
  let inFlush = 0;
  let flush: Running | null = null;
  const writing = new TcpWriting(simulated.end, {
    wrote: () => {},
    late: bytes => {
      late += bytes;
    },
  });
  const { object: file } = createFileObject(
    { recv: () => null, send: (outgoing, report) => writing.send(outgoing, report) },
    { mode: 'wb', buffering: 100 },
    () => {},
  );

  const write = () => {
    if (written === 4 || flush) return false;
    const data = Uint8Array.of(written++, written++);
    file.write({ kind: 'literal', notation: 'hex', data }, null, () => {});
    return true;
  };

  const begin = () => {
    if (flush) return false;
    inFlush = written - counted - late;
    const lateBefore = late;
    let over = false;
    const running = file.flush(null, (outcome: Outcome) => {
      over = true;
      flush = null;
      counted += outcome.kind === 'none' ? inFlush - (late - lateBefore) : Number.NaN;
    });
    if (!over) flush = running;
    return true;
  };

  const stop = () => {
    if (!flush) return false;
    counted += flush.stop('deadline');
    flush = null;
    return true;
  };

  const steps = {
    write,
    flush: begin,
    stop,
    'room for 1': () => {
      simulated.addRoom(1);
      return true;
    },
    'room a moment later': () => {
      simulated.setArrival('raced');
      return true;
    },
    'the kernel takes': simulated.take,
    'libuv tells': simulated.tell,
  };

  const objection = (): string => {
    const { stream } = simulated;
    return stream.every((byte, at) => byte === at) ? '' : `bytes in the order ${stream.join(' ')}`;
  };

  const finalObjection = (): string => {
    simulated.addRoom(100);
    while (simulated.take() || simulated.tell());
    begin();
    while (simulated.take() || simulated.tell());
    if (flush) return 'the last flush does not end';
    if (simulated.stream.length !== written) return `${simulated.stream.length} of ${written} bytes arrived`;
    return counted + late === written ? objection() : `${counted} and ${late} late counted of ${written}`;
  };

  return { steps, objection, finalObjection };
};

type Step = keyof ReturnType<typeof play>['steps'];

test('what a file object holds arrives once, however flushes are stopped and bytes leave late', () => {
  const names = Object.keys(play().steps) as Step[];
  const depth = sizeOf('events of flushing');
  const descend = (begin: readonly Step[]) => {
    for (const name of names) {
      const order = [...begin, name];
      const { steps, objection, finalObjection } = play();
      let possible = true;
      for (const step of order) possible = steps[step]();
      if (!possible) continue;
      const found = objection() || finalObjection();
      if (found) expect.unreachable(`${order.join(', ')}: ${found}`);
      if (order.length < depth) descend(order);
    }
  };
  descend([]);
});
