import { execFileSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { watchDescriptors } from '../../source/bench/engine/descriptor-watch.ts';
import { initialState } from '../../source/core/model/state.ts';
import { callOf } from '../support/playing.ts';
import { createMachine } from '../support/simulated-machine.ts';
import { sentenceOf } from '../support/words.ts';

/** A state with that many open sockets. */
const withSockets = (count: number) => ({
  ...initialState(),
  sockets: new Map(Array.from({ length: count }, (_, n) => [`c${n}`, {} as never])),
});

describe('descriptors that run out', () => {
  test('are told from three quarters of the limit on, once, and when there is room again', () => {
    const told: string[] = [];
    let open = 0;
    const see = watchDescriptors(
      () => ({ open, limit: 1_000 }),
      (finding, on) => told.push(`${on ? '+' : '-'} ${sentenceOf(finding).split(':')[0]}`),
    );
    for (open = 20; open < 1_000; open += 20) see(withSockets(open));
    for (; open > 0; open -= 20) see(withSockets(open));
    expect(told).toEqual(['+ 760 of 1000 descriptors are open', '- 760 of 1000 descriptors are open']);
  });

  test('are counted only where many sockets came or went', () => {
    let counts = 0;
    const see = watchDescriptors(
      () => {
        counts++;
        return null;
      },
      () => {},
    );
    for (let n = 0; n < 160; n++) see(withSockets(n));
    expect(counts).toBeLessThanOrEqual(10);
    expect(counts).toBeGreaterThan(5);
  });

  test('are a finding of the bench', async () => {
    const machine = createMachine();
    const bench = machine.bench({ descriptors: () => ({ open: 80, limit: 100 }) });
    for (let n = 0; n < 20; n++)
      bench.perform(callOf('c = socket AF_INET SOCK_STREAM'.replace('c =', `c${n + 1} =`)));
    await machine.run(100);
    bench.flush();
    expect([...bench.state().findings.keys()]).toContain('descriptors');
  });

  test('are those that the system counts', () => {
    const script = `import { descriptorUse } from './source/drivers/kernel/descriptor-use.ts'; console.log(JSON.stringify(descriptorUse()))`;
    const told = execFileSync('sh', [
      '-c',
      `ulimit -n 321; exec "$0" --input-type=module -e "$1"`,
      process.execPath,
      script,
    ]);
    expect(JSON.parse(String(told))).toMatchObject({ limit: 321, open: expect.any(Number) });
  });
});
