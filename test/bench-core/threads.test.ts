import { describe, expect, it } from 'vitest';
import type { Bench } from '../../source/bench/engine/bench.ts';
import type { Outcome } from '../../source/core/calls/outcome.ts';
import type { Entry } from '../../source/core/model/entry.ts';
import type { Policy } from '../../source/core/model/names.ts';
import { entryText } from '../../source/core/words/entry-text.ts';
import { callOf } from '../support/playing.ts';
import { createMachine } from '../support/simulated-machine.ts';

const off = { accept: false, receive: false };

const setUp = (policy: Policy) => {
  const machine = createMachine();
  const bench = machine.bench({ policy, loops: off });
  const outcomes = new Map<string, Outcome>();
  const play = (...lines: string[]) => {
    const ids = lines.map(line =>
      bench.perform(callOf(line), { onEnd: outcome => outcomes.set(line, outcome) }),
    );
    machine.settle();
    bench.flush();
    return ids;
  };
  return { machine, bench, play, outcomes };
};

const open = [
  's1 = socket',
  's1.bind 127.0.0.1:9000',
  's1.listen 5',
  'c1 = socket',
  'c1.connect 127.0.0.1:9000',
  'a1 = s1.accept',
];

const texts = (bench: Bench, test: (entry: Entry) => boolean = () => true): string[] =>
  bench.journal
    .slice(1, bench.journal.last())
    .filter(test)
    .map(entry => entryText(entry).replace(/<[\d.]+>/, '<t>'));

const inFlight = (bench: Bench) =>
  [...bench.state().calls.values()].map(
    ({ call, startedAt, thread }) =>
      `${call.on}.${call.name} ${startedAt === null ? 'queued' : 'running'} ${thread}`,
  );

describe('threads', () => {
  it('single: a program has one thread, and what comes behind a blocked call is seen queued', () => {
    const { bench, play } = setUp('single');
    play(...open, 'c1.recv 10', 'c1.send "x"', 'c1.recv 5');
    expect(inFlight(bench)).toEqual([
      'c1.recv running client',
      'c1.send queued client',
      'c1.recv queued client',
    ]);
  });

  it('single: the other program has its own', () => {
    const { bench, play } = setUp('single');
    play(...open, 'c1.recv 10', 'a1.send "x"');
    expect(inFlight(bench)).toEqual([]);
    expect(bench.state().sockets.get('c1')?.received).toBe(1);
  });

  it('per-socket: a second socket of the program goes on', () => {
    const { bench, play } = setUp('per-socket');
    play(...open, 'c2 = socket', 'c2.connect 127.0.0.1:9000', 'c1.recv 10', 'c2.send "x"', 'c1.send "y"');
    expect(inFlight(bench)).toEqual(['c1.recv running c1', 'c1.send queued c1']);
    expect(bench.state().sockets.get('c2')?.sent).toBe(1);
  });

  it('duplex: a socket sends while it waits to receive', () => {
    const { bench, play } = setUp('duplex');
    play(...open, 'c1.recv 10', 'c1.send "x"');
    expect(inFlight(bench)).toEqual(['c1.recv running c1.r']);
    expect(bench.state().sockets.get('c1')?.sent).toBe(1);
  });

  it('a file object runs on the thread of its socket', () => {
    const { bench, play } = setUp('per-socket');
    play(...open, 'f1 = c1.makefile', 'f1.readline', 'c1.send "x"');
    expect(inFlight(bench)).toEqual(['f1.readline running c1', 'c1.send queued c1']);
  });

  it('calls that set and ask act at once, whatever the thread does', () => {
    const { play, outcomes } = setUp('single');
    play(...open, 'c1.recv 10', 'c1.settimeout 2s', 'c1.gettimeout', 'c1.getpeername');
    expect(outcomes.get('c1.gettimeout')).toEqual({ kind: 'number', number: 2 });
    expect(outcomes.get('c1.getpeername')).toMatchObject({ kind: 'endpoint', endpoint: { port: 9000 } });
  });

  it('a policy holds for the calls that come after it', () => {
    const { bench, play } = setUp('single');
    play(...open, 'c1.recv 10');
    bench.setPolicy('client', 'duplex');
    play('c1.send "x"');
    expect(inFlight(bench)).toEqual(['c1.recv running client']);
  });
});

describe('entries', () => {
  it('a call that ends within its flush is one entry, one that is seen blocked is two', () => {
    const { bench, play } = setUp('duplex');
    play(...open);
    play('c1.recv 10');
    play('a1.send "hi"');
    expect(
      texts(bench, entry => 'call' in entry && (entry.call.name === 'recv' || entry.call.name === 'send')),
    ).toEqual(['c1.recv 10 <unfinished ...>', 'a1.send "hi" = 2 <t>', '<... c1.recv resumed> = "hi" <t>']);
  });

  it('numbers entries without gaps and stamps them in order, also where a queued call starts within its flush', async () => {
    const { machine, bench, play } = setUp('single');
    play(...open, 'c1.recv 1');
    bench.perform(callOf('c1.recv 2'));
    await machine.run(1);
    bench.note('info', 'between');
    await machine.run(1);
    play('a1.send "a"');
    const entries = bench.journal.slice(1, bench.journal.last());
    expect(entries.map(({ n }) => n)).toEqual(entries.map((_, index) => index + 1));
    expect(entries.map(({ t }) => t)).toEqual(entries.map(({ t }) => t).sort((a, b) => a - b));
    expect(texts(bench).slice(-4)).toEqual([
      'between',
      'a1.send "a" = 1 <t>',
      '<... c1.recv resumed> = "a" <t>',
      'c1.recv 2 <unfinished ...>',
    ]);
  });

  it('ways back: what woke a call names it, and is named by it', () => {
    const { bench, play } = setUp('duplex');
    play(...open);
    play('c1.recv 10');
    play('a1.send "hi"');
    const entries = bench.journal.slice(1, bench.journal.last());
    const send = entries.find(entry => entry.kind === 'ended' && entry.call.name === 'send')!;
    const recv = entries.find(entry => entry.kind === 'ended' && entry.call.name === 'recv')!;
    expect(recv.by).toBe(send.n);
    expect(send.wakes).toBe(recv.n);
  });

  it('a checkpoint holds the whole state every 10,000 entries', () => {
    const { bench, play } = setUp('duplex');
    play(...open);
    for (let i = 0; i < 10_010; i++) bench.note('info', `note ${i}`);
    bench.flush();
    const checkpoint = bench.journal.slice(1, bench.journal.last()).find(({ kind }) => kind === 'checkpoint');
    expect(checkpoint).toMatchObject({ state: { entries: (checkpoint?.n ?? 0) - 1 } });
  });
});

describe('ends', () => {
  it('a deadline ends a call with TimeoutError at its time, and the next one starts', async () => {
    const { machine, bench, play, outcomes } = setUp('single');
    play(...open, 'c1.settimeout 500ms', 'c1.recv 10', 'c1.recv 20');
    await machine.run(499);
    expect(outcomes.has('c1.recv 10')).toBe(false);
    await machine.run(1);
    expect(outcomes.get('c1.recv 10')).toEqual({ kind: 'error', code: 'TIMEOUT' });
    bench.flush();
    expect(inFlight(bench)).toEqual(['c1.recv running client']);
    await machine.run(500);
    expect(outcomes.get('c1.recv 20')).toEqual({ kind: 'error', code: 'TIMEOUT' });
  });

  it('a timeout changed while a call is in flight holds for the next one, as in Python', async () => {
    const { machine, play, outcomes } = setUp('duplex');
    play(...open, 'c1.recv 10', 'c1.settimeout 100ms');
    await machine.run(1000);
    expect(outcomes.has('c1.recv 10')).toBe(false);
  });

  it('cancel ends a call in flight with KeyboardInterrupt, and a queued one before it starts', () => {
    const { bench, play, outcomes } = setUp('single');
    play(...open);
    const [running, queued] = play('c1.recv 10', 'c1.recv 20');
    expect([bench.cancel(queued!), bench.cancel(running!), bench.cancel(running!)]).toEqual([
      true,
      true,
      false,
    ]);
    expect(outcomes.get('c1.recv 10')).toEqual({ kind: 'error', code: 'INTERRUPTED' });
    expect(outcomes.get('c1.recv 20')).toEqual({ kind: 'error', code: 'INTERRUPTED' });
    bench.flush();
    expect(texts(bench).at(-2)).toContain('never started');
  });

  it('close leaves a call inside: the socket stays until it ends, and takes no other call', () => {
    const { bench, play, outcomes } = setUp('per-socket');
    play(...open);
    const [blocked] = play('c1.recv 10', 'c1.send "queued"');
    play('c1.close', 'c1.getsockname', 'c1.gettimeout', 'c1.recv 0');
    const c1 = () => bench.state().sockets.get('c1');
    expect(c1()).toMatchObject({ closed: false, closing: true });
    expect(outcomes.has('c1.recv 10')).toBe(false);
    expect(outcomes.get('c1.getsockname')).toMatchObject({ kind: 'error', code: 'EBADF' });
    play('c1 = socket');
    expect(outcomes.get('c1 = socket')).toMatchObject({
      code: 'VALUE',
      detail: 'c1 is taken until its recv ends: choose another name',
    });
    bench.cancel(blocked!);
    bench.flush();
    expect(c1()).toMatchObject({ closed: true, closing: false });
    expect(outcomes.get('c1.send "queued"')).toMatchObject({ kind: 'error', code: 'EBADF' });
    play('c1.close');
    expect(outcomes.get('c1.close')).toEqual({ kind: 'none' });
    play('c1 = socket');
    expect(outcomes.get('c1 = socket')).toEqual({ kind: 'made', name: 'c1' });
  });

  it('the deadline of a call whose socket is closed finds no descriptor', async () => {
    const { machine, play, outcomes } = setUp('duplex');
    play(...open, 'c1.settimeout 100ms', 'c1.recv 10', 'c1.close');
    await machine.run(150);
    expect(outcomes.get('c1.recv 10')).toEqual({ kind: 'error', code: 'EBADF' });
  });

  it("reset, the bench's own word, ends the calls in flight on its socket and no others", () => {
    const { bench, play, outcomes } = setUp('per-socket');
    play(...open, 'f1 = c1.makefile "rb"', 'c1.recv 10', 'a1.recv 10', 'c1.reset');
    expect(outcomes.get('c1.recv 10')).toEqual({ kind: 'error', code: 'CLOSED' });
    expect(outcomes.get('a1.recv 10')).toMatchObject({ kind: 'error', code: 'ECONNRESET' });
    expect(bench.state().sockets.get('c1')?.closed).toBe(true);
    expect(bench.state().files.size).toBe(0);
  });

  it('close is put off while a file object is open, and calls go on; the last one closes the socket', () => {
    const { bench, play, outcomes } = setUp('duplex');
    play(...open, 'f1 = c1.makefile "rb"', 'f2 = c1.makefile "wb"', 'c1.close', 'c1.send "x"', 'f1.close');
    expect(outcomes.get('c1.send "x"')).toEqual({ kind: 'count', count: 1 });
    expect(bench.state().sockets.get('c1')).toMatchObject({ closed: false, closing: true });
    play('f2.close');
    expect(outcomes.get('f2.close')).toEqual({ kind: 'none' });
    expect(bench.state().sockets.get('c1')).toMatchObject({ closed: true, closing: false });
  });

  it('refuses what is on no socket, and a name that is taken or does not fit', () => {
    const { play, outcomes } = setUp('duplex');
    play(...open, 'c9.recv 10', 'c1 = socket', 'c2 = s1.accept');
    expect(outcomes.get('c9.recv 10')).toEqual({ kind: 'error', code: 'EBADF', detail: 'c9' });
    expect(outcomes.get('c1 = socket')).toMatchObject({ kind: 'error', code: 'VALUE' });
    expect(outcomes.get('c2 = s1.accept')).toMatchObject({ kind: 'error', code: 'VALUE' });
  });

  it('looks a name up first, as a call inside the call', () => {
    const { bench, play, outcomes } = setUp('duplex');
    play(...open.slice(0, 4), 'c1.connect localhost:9000');
    expect(outcomes.get('c1.connect localhost:9000')).toMatchObject({
      kind: 'none',
      peer: { host: '127.0.0.1' },
    });
    const entries = bench.journal.slice(1, bench.journal.last());
    const connect = entries.find(entry => entry.kind === 'ended' && entry.call.name === 'connect');
    const lookup = entries.find(entry => entry.kind === 'ended' && entry.call.name === 'getaddrinfo');
    expect(lookup).toMatchObject({ inside: connect?.kind === 'ended' ? connect.id : 0 });
  });

  it('a look-up that fails ends the call it is inside', () => {
    const { play, outcomes } = setUp('duplex');
    play('c1 = socket', 'c1.connect nowhere:80');
    expect(outcomes.get('c1.connect nowhere:80')).toMatchObject({ kind: 'error', code: 'EAI_NONAME' });
  });
});
