import { describe, expect, it, test } from 'vitest';
import type { Around, Memory, Next, Subject } from '../../source/bench/behaviours/behaviour.ts';
import { behaviours } from '../../source/bench/behaviours/behaviours.ts';
import type { Bench } from '../../source/bench/engine/bench.ts';
import { repeatLine } from '../../source/commands/sockets/repeat-line.ts';
import { failure, type Outcome, ok } from '../../source/core/calls/outcome.ts';
import { fold } from '../../source/core/fold/fold.ts';
import { parseRepeat } from '../../source/core/language/repeat-text.ts';
import type { Repeat } from '../../source/core/model/repeat-plan.ts';
import { initialState } from '../../source/core/model/state.ts';
import { entryText } from '../../source/core/words/entry-text.ts';
import { decodeEntry, encodeEntry } from '../../source/formats/session/jsonl.ts';
import { connected, datagrams, ended, entriesOf, received, setUp } from '../support/fault-bench.ts';

const planned = (text: string): Repeat => {
  const read = parseRepeat(text);
  if (!read.ok) throw new Error(read.message);
  return read.value;
};

const { repeat } = behaviours;

const stream: Subject = { name: 'c1', family: 'AF_INET', type: 'SOCK_STREAM', origin: '', fresh: true };
const datagram: Subject = { ...stream, type: 'SOCK_DGRAM' };

const around = (text: string, now: number): Around => ({
  on: () => true,
  policy: () => 'duplex',
  rules: () => [],
  target: () => null,
  local: () => null,
  mate: () => 'over',
  sentTo: () => null,
  repeat: () => planned(text),
  now: () => now,
});

/** One word for what comes next. */
const said = (next: Next): string => {
  if (next.kind === 'end') return next.over ? `${next.over.why} ${next.over.sent}/${next.over.late}` : 'end';
  if (next.kind !== 'make') return next.kind;
  const { sent, late } = next.memory.repeat!;
  return `${next.memory.call.name} at ${next.at ?? 'once'} ${sent}/${late}`;
};

const memoryOf = (next: Next): Memory => {
  if (next.kind !== 'make') throw new Error(next.kind);
  return next.memory;
};

/** The sends of a repeat that began at 1000, by how and when each ended. */
const playbook = (
  text: string,
  subject: Subject,
  ends: readonly (readonly [number, Outcome])[],
): string[] => {
  let next = repeat.begin(subject, around(text, 1000));
  const all = [said(next)];
  for (const [now, outcome] of ends) {
    next = repeat.after(outcome, memoryOf(next), around(text, now));
    all.push(said(next));
  }
  return all;
};

const refused = failure('ECONNREFUSED');

describe('the playbook of a repeat', () => {
  test.each<[string, string, Subject, readonly (readonly [number, Outcome])[], string[]]>([
    [
      'each is due by the first, however long the ones before took',
      '"x" every 200ms 4 times',
      stream,
      [
        [1001, ok],
        [1300, ok],
        [1399.5, ok],
        [1601, ok],
      ],
      [
        'sendall at once 0/0',
        'sendall at 1200 1/0',
        'sendall at 1400 2/0',
        'sendall at 1600 3/0',
        'done 4/0',
      ],
    ],
    [
      'what was due while one was in flight follows at once, and is late; none is left out',
      '"x" every 200ms 5 times',
      stream,
      [
        [1650, ok],
        [1650, ok],
        [1651, ok],
        [1652, ok],
        [1800, ok],
      ],
      [
        'sendall at once 0/0',
        'sendall at 1200 1/1',
        'sendall at 1400 2/2',
        'sendall at 1600 3/3',
        'sendall at 1800 4/3',
        'done 5/3',
      ],
    ],
    [
      'without a count it goes on',
      '"x" every 1s',
      stream,
      [
        [1001, ok],
        [2001, ok],
      ],
      ['sendall at once 0/0', 'sendall at 2000 1/0', 'sendall at 3000 2/0'],
    ],
    ['once is once', '"x" every 1s 1 time', stream, [[1001, ok]], ['sendall at once 0/0', 'done 1/0']],
    [
      'a stream that fails ends it',
      '"x" every 1s 3 times',
      stream,
      [
        [1001, ok],
        [2001, failure('EPIPE')],
      ],
      ['sendall at once 0/0', 'sendall at 2000 1/0', 'failed 1/0'],
    ],
    [
      'so does a message that was cut off',
      '"x" every 1s 3 times',
      stream,
      [[1001, failure('TIMEOUT')]],
      ['sendall at once 0/0', 'failed 0/0'],
    ],
    [
      'cancelled, it is off',
      '"x" every 1s 3 times',
      stream,
      [[1001, failure('INTERRUPTED')]],
      ['sendall at once 0/0', 'off 0/0'],
    ],
    [
      'datagrams go on where nobody is',
      '"x" every 1s 3 times',
      datagram,
      [
        [1001, refused],
        [2001, failure('TIMEOUT')],
        [3001, ok],
      ],
      ['send at once 0/0', 'send at 2000 1/0', 'send at 3000 2/0', 'done 3/0'],
    ],
    [
      'to an address',
      '"x" to 127.0.0.1:9 every 1s 1 time',
      datagram,
      [[1001, ok]],
      ['sendto at once 0/0', 'done 1/0'],
    ],
  ])('%s', (_, text, subject, ends, expected) => {
    expect(playbook(text, subject, ends)).toEqual(expected);
  });
});

const begin = (bench: Bench, socket: string, text: string | null): string | null =>
  repeatLine(bench, { socket, repeat: text === null ? null : planned(text) });

/** When each send was asked for, in ms. */
const times = (bench: Bench, socket: string): number[] =>
  ended(bench, socket).flatMap(({ repeat: nth, queuedAt }) => (nth === undefined ? [] : [queuedAt]));

const told = (bench: Bench): string[] =>
  entriesOf(bench)
    .filter(entry => entry.kind === 'repeat')
    .map(entry => entryText(entry));

describe('a repeat on a bench', () => {
  it('sends each at its time, made anew, and the log has which it is', async () => {
    const { bench, play, run } = setUp();
    play(...connected);
    const began = bench.now();
    expect(begin(bench, 'c1', '"n\\{n};" every 200ms 50 times')).toBe(null);
    await run(100);
    expect(bench.state().sockets.get('c1')?.repeat).toMatchObject({ sent: 1, late: 0, at: began + 200 });
    await run(10_000);
    expect(times(bench, 'c1')).toEqual(Array.from({ length: 50 }, (_, n) => began + n * 200));
    expect(received(bench, 'a1').join('')).toBe(Array.from({ length: 50 }, (_, n) => `n${n + 1};`).join(''));
    expect(ended(bench, 'c1').map(entry => entryText(entry))).toContainEqual(
      expect.stringMatching(/^c1\.sendall "n7;" = ok <\S+> repeat 7$/),
    );
    expect(told(bench)).toEqual([
      'c1 repeat "n\\{n};" every 200ms 50 times',
      'c1 repeat done: 50 sent, 0 late',
    ]);
    expect(bench.state().sockets.get('c1')?.repeat).toBe(undefined);
  });

  it('waits for a send that blocks, then catches up: none is left out, and what was late is counted', async () => {
    const { bench, play, run } = setUp({ loops: { accept: true, receive: false } }, 4);
    play(...connected);
    begin(bench, 'c1', '"abc" every 100ms 6 times');
    await run(450);
    expect([...bench.state().calls.values()].map(({ call }) => call.name)).toContain('sendall');
    bench.setLoop('tcp-server', 'receive', true);
    await run(1000);
    expect(received(bench, 'a1').join('')).toBe('abc'.repeat(6));
    const [, over] = told(bench);
    expect(over).toMatch(/^c1 repeat done: 6 sent, [1-9] late$/);
    expect(entriesOf(bench).map(entry => entryText(entry))).toContainEqual(
      expect.stringMatching(/; the next was due .* ago$/),
    );
  });

  it('is ended by hand, by another in its place, by an error and by the close of its socket', async () => {
    const { bench, play, run } = setUp();
    play(...connected);
    begin(bench, 'c1', '"x" every 100ms');
    await run(250);
    begin(bench, 'c1', '"y" every 100ms');
    await run(150);
    expect(begin(bench, 'c1', null)).toBe(null);
    await run(500);
    expect(begin(bench, 'c1', null)).toBe('c1 repeats nothing');
    begin(bench, 'c1', '"z" every 100ms');
    await run(50);
    play('c1.close');
    await run(500);
    expect(told(bench)).toEqual([
      'c1 repeat "x" every 100ms',
      'c1 repeat off: 3 sent, 0 late',
      'c1 repeat "y" every 100ms',
      'c1 repeat off: 2 sent, 0 late',
      'c1 repeat "z" every 100ms',
      'c1 repeat ended with its socket: 1 sent, 0 late',
    ]);
    expect(received(bench, 'a1').join('')).toBe('xxxyyz');
  });

  it('says why a socket cannot', () => {
    const { bench, play } = setUp();
    play(...connected, 'c2 = socket', 'c3 = socket AF_INET SOCK_DGRAM');
    expect(begin(bench, 's1', '"x" every 1s')).toMatch(/^s1 listens and sends nothing/);
    expect(begin(bench, 'c2', '"x" every 1s')).toMatch(/^c2 is not connected/);
    expect(begin(bench, 'c3', '"x" every 1s')).toMatch(/^c3 has no peer: say where to/);
    expect(begin(bench, 'c1', '"x" to 127.0.0.1:9 every 1s')).toMatch(/^c1 sends to its peer alone/);
    expect(begin(bench, 'c9', '"x" every 1s')).toMatch(/^c9 is not open/);
    play('c1.shutdown SHUT_WR');
    expect(begin(bench, 'c1', '"x" every 1s')).toMatch(/^c1 is half-closed/);
  });

  it('of datagrams goes where it is told to, through the faults of its socket, each with its own number', async () => {
    const { bench, play, fault, run } = setUp({ loops: { accept: false, receive: true } });
    play(...datagrams);
    expect(fault('c1', 'delay 30ms')).toBe(null);
    expect(begin(bench, 'c1', '"n\\{n}" to 127.0.0.1:5000 every 10ms 5 times')).toBe(null);
    await run(500);
    expect(received(bench, 'u1')).toEqual(['n1', 'n2', 'n3', 'n4', 'n5']);
    expect(told(bench).at(-1)).toBe('c1 repeat done: 5 sent, 0 late');
  });

  it('stands in a session file, from which the same state is folded', async () => {
    const { bench, play, run } = setUp();
    play(...connected);
    begin(bench, 'c1', '"n\\{n}" every 100ms 9 times');
    await run(350);
    const entries = entriesOf(bench).map(entry => decodeEntry(encodeEntry(entry)));
    const state = entries.reduce((before, entry) => fold(before, [entry]), initialState('duplex'));
    expect(state.sockets.get('c1')?.repeat).toMatchObject({ sent: 4, late: 0 });
    expect(state.sockets.get('c1')?.repeat).toEqual(bench.state().sockets.get('c1')?.repeat);
  });

  it('is over with its bench: no timer is left', async () => {
    const { bench, machine, play, run } = setUp();
    play(...connected);
    begin(bench, 'c1', '"x" every 1h');
    await run(10);
    await bench.dispose();
    await machine.run(4_000_000);
    expect(times(bench, 'c1')).toHaveLength(1);
  });
});
