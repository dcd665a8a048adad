import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { policies } from '../../source/core/model/names.ts';
import { connected, received, setUp } from '../support/fault-bench.ts';

describe('whatever is set, and however often', () => {
  const streams = [
    'off',
    'delay 30ms',
    'rate 200/s',
    'split 3',
    'split 1 every 0',
    'merge 20',
    'merge 9 within 5ms',
    'stall',
    'delay 7ms split 2 every 3ms merge 5',
  ];
  const act = fc.oneof(
    fc.record({ kind: fc.constant('send' as const), size: fc.integer({ min: 1, max: 60 }) }),
    fc.record({
      kind: fc.constant('fault' as const),
      on: fc.constantFrom('s1', 'a1', 'c2'),
      text: fc.constantFrom(...streams),
    }),
    fc.record({ kind: fc.constant('run' as const), ms: fc.nat(60) }),
    fc.record({ kind: fc.constant('policy' as const), to: fc.constantFrom(...policies) }),
  );

  type Act = typeof act extends fc.Arbitrary<infer A> ? A : never;
  type World = ReturnType<typeof setUp>;

  /** An echo server: a1 answers what c1 sends. */
  const echo = ({ play, rule }: World) => {
    play(...connected);
    rule('s1', 'recv echo');
    return 'c1';
  };

  /** The same behind a relay: c1 to a1, its mate to the echo server. */
  const relayed = ({ play, rule, relay }: World) => {
    play('s2 = socket', 's2.bind 127.0.0.1:9001', 's2.listen 5');
    rule('s2', 'recv echo');
    play(...connected.slice(0, 3));
    relay('s1', '127.0.0.1:9001');
    play(...connected.slice(3));
    return 'c1';
  };

  const played = async (begin: (world: World) => string, acts: readonly Act[]) => {
    const world = setUp();
    const { bench, play, fault, run } = world;
    const client = begin(world);
    let sent = '';
    for (const one of acts) {
      switch (one.kind) {
        case 'send': {
          const text = 'abcdefghij'.repeat(8).slice(sent.length % 10, (sent.length % 10) + one.size);
          sent += text;
          play(`${client}.send "${text}"`);
          break;
        }
        case 'fault':
          fault(one.on, one.text);
          break;
        case 'run':
          await run(one.ms);
          break;
        case 'policy':
          bench.setPolicy('tcp-server', one.to);
      }
    }
    for (const socket of ['s1', 'c2']) fault(socket, 'off');
    await run(100);
    expect(received(bench, client).join('')).toBe(sent);
    expect(bench.state().sockets.get('a1')?.again).toBeUndefined();
    expect(bench.state().findings.size).toBe(0);
  };

  // It waited for all to have left, and was stalled then: asked anew, it is still there.
  const stalledWhileHeld: readonly Act[] = [
    { kind: 'fault', on: 's1', text: 'delay 30ms' },
    { kind: 'policy', to: 'single' },
    { kind: 'send', size: 1 },
    { kind: 'fault', on: 's1', text: 'stall' },
    { kind: 'send', size: 1 },
  ];

  it.each([
    ['from a server', echo, act],
    // Under one thread a relay and the server behind it wait for each other.
    ['through a relay', relayed, act.filter(({ kind }) => kind !== 'policy')],
  ])('every byte comes back %s, in order, once all is off', async (_, begin, one) => {
    const acts = fc.array(one, { maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(acts, all => played(begin, all)),
      { numRuns: 200, examples: begin === echo ? [[stalledWhileHeld]] : [] },
    );
  });
});
