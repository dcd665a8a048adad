import { describe, expect, it } from 'vitest';
import { createReplay } from '../../source/bench/engine/create-replay.ts';
import { decodeEntry, encodeEntry } from '../../source/formats/session/jsonl.ts';
import { callOf } from '../support/playing.ts';
import { createSimulatedClock } from '../support/simulated-clock.ts';
import { createMachine } from '../support/simulated-machine.ts';

const lines = [
  's1 = socket',
  's1.bind 127.0.0.1:9000',
  's1.listen 1',
  'c1 = socket',
  'c1.connect 127.0.0.1:9000',
  'a1 = s1.accept',
  'c1.recv 10',
  'a1.send "hello\\x00\\xff"',
  'c1.close',
];

/** A session played live: its entries, and the state after each of its flushes. */
const played = async () => {
  const machine = createMachine();
  const bench = machine.bench({ loops: { accept: false, receive: false } });
  for (const line of lines) {
    bench.perform(callOf(line));
    machine.settle();
    bench.flush();
    await machine.run(100);
  }
  bench.flush();
  return { entries: bench.journal.slice(1, bench.journal.last()), state: bench.state() };
};

const throughFile = async () => {
  const { entries, state } = await played();
  return { entries: entries.map(entry => decodeEntry(encodeEntry(entry))), state };
};

const replayOf = async () => {
  const { entries, state } = await throughFile();
  const clock = createSimulatedClock();
  return { ...createReplay({ entries, began: 0, cut: false }, clock), clock, live: state, entries };
};

describe('replay', () => {
  it('ends in the state the live bench had', async () => {
    const { source, live } = await replayOf();
    expect(source.state().sockets).toEqual(live.sockets);
    expect(source.state().findings).toEqual(live.findings);
  });

  it('steps back and forward: the same states either way', async () => {
    const { source, control, entries } = await replayOf();
    const backwards = entries.map(() => {
      const { sockets } = source.state();
      control.step(-1);
      return sockets;
    });
    expect(source.state().sockets.size).toBe(0);
    for (const sockets of backwards.reverse()) {
      control.step(1);
      expect(source.state().sockets).toEqual(sockets);
    }
  });

  it('shows a call in flight as it was then', async () => {
    const { source, control, entries } = await replayOf();
    const seen = entries.find(entry => entry.kind === 'running' && entry.call.name === 'recv')!;
    control.seek(seen.n);
    expect([...source.state().calls.values()].map(({ call }) => call.name)).toEqual(['recv']);
    expect(source.journal.last()).toBe(seen.n);
    expect(source.journal.at(seen.n + 1)).toBeUndefined();
  });

  it('plays at its own speed and stops at the end', async () => {
    const { source, control, clock } = await replayOf();
    control.togglePlay();
    expect(control.view().playing).toBe(true);
    const { end } = control.view();
    while (clock.step(end / 2)) {}
    expect(source.now()).toBeGreaterThan(end / 2 - 100);
    expect(source.now()).toBeLessThanOrEqual(end / 2);
    while (clock.step(end + 100)) {}
    expect(control.view()).toMatchObject({ playing: false, t: end });
  });

  it('begins where the session does, which may have been saved from a late checkpoint on', async () => {
    const { state } = await played();
    const t = state.t + 3_600_000;
    const late = { kind: 'note', level: 'info', text: 'later', t: t + 50, n: 8, prev: 0 } as const;
    const checkpoint = { kind: 'checkpoint', t, n: 7, prev: 0, state } as const;
    const clock = createSimulatedClock();
    const { source, control } = createReplay({ entries: [checkpoint, late], began: 0, cut: false }, clock);
    control.skip(-1000);
    expect(control.view()).toMatchObject({ t, begin: t, end: t + 50, n: 7 });
    control.step(-1);
    expect(control.view()).toMatchObject({ t, n: 6 });
    control.seek(8);
    control.togglePlay();
    while (clock.step(100)) {}
    expect(control.view()).toMatchObject({ playing: false, t: t + 50 });
    expect(source.state().sockets).toEqual(state.sockets);
  });

  it('links causes as the live bench did', async () => {
    const { source, entries } = await replayOf();
    const recv = entries.find(entry => entry.kind === 'ended' && entry.call.name === 'recv')!;
    const send = source.journal.at(recv.by!)!;
    expect(send).toMatchObject({ kind: 'ended', call: { name: 'send' } });
    expect(send.wakes).toBe(recv.n);
  });

  it('has no act', async () => {
    const { source } = await replayOf();
    expect(source.kind).toBe('replay');
    expect(Object.keys(source)).not.toEqual(expect.arrayContaining(['perform']));
  });
});
