import { describe, expect, test } from 'vitest';
import type { Bench } from '../../source/bench/engine/bench.ts';
import { portAt } from '../../source/core/addresses/endpoint.ts';
import { callLabel } from '../../source/core/model/wait.ts';
import { callOf, client, listener, much, pair, playing } from '../support/playing.ts';
import { sentenceOf, waitWords } from '../support/words.ts';

const loops = { accept: false, receive: false };

/** `c1.recv: a1 to send` for each call in flight. */
const waits = (bench: Bench): string[] =>
  [...bench.state().calls.values()].map(
    call => `${callLabel(call)}: ${waitWords(bench.state()).get(call.id)}`,
  );

const deadlocks = (bench: Bench): string[] =>
  [...bench.state().findings.values()].flatMap(finding =>
    finding.name === 'deadlock' ? [sentenceOf(finding)] : [],
  );

describe('a receive', () => {
  test('waits for the person where a free thread could send', async () => {
    const { bench, play } = playing('single');
    await play(...pair, 'c1.recv 10');
    expect(waits(bench)).toEqual(['c1.recv: you: s sends on a1']);
  });

  test('waits for the other end where its thread is elsewhere', async () => {
    const { bench, play } = playing('single');
    await play(...pair, 's1.accept', 'c1.recv 10');
    expect(waits(bench)).toEqual(['s1.accept: any client', 'c1.recv: a1 to send']);
    expect(deadlocks(bench)).toEqual([]);
  });

  test('waits for an accept while its connection is in the queue', async () => {
    const { bench, play } = playing('single');
    await play(...listener, ...client('c1'), 'c1.recv 10');
    expect(waits(bench)).toEqual(['c1.recv: you: a accepts one']);
  });

  test('waits for a foreign peer by its address', async () => {
    const { machine, bench, play } = playing('single');
    const stranger = machine.bench({ loops });
    await play(...listener);
    for (const line of client('c1')) stranger.perform(callOf(line));
    await play('a1 = s1.accept', 'a1.recv 10');
    const peer = bench.state().sockets.get('a1')?.peer;
    expect(waits(bench)).toEqual([`a1.recv: 127.0.0.1:${portAt(peer)} to send (foreign)`]);
  });

  test('of more than has come waits for the rest, not of what is on its way', async () => {
    const { machine, bench, play } = playing('single');
    await play(...pair, 'a1.recv 10 MSG_WAITALL', 'c1.send "123"', 'c1.recv 1');
    expect(waits(bench)).toEqual(['a1.recv: c1 to send', 'c1.recv: a1 to send']);
    expect(deadlocks(bench)).toHaveLength(1);

    bench.cancel([...bench.state().calls.keys()][1]!);
    bench.perform(callOf('c1.send "4567890"'));
    bench.flush();
    expect(waits(bench)).toEqual(['a1.recv: bytes on their way']);
    machine.settle();
    bench.flush();
    expect(waits(bench)).toEqual([]);
  });

  test('of more than has come waits for the rest as recvfrom too', async () => {
    const { bench, play } = playing('single');
    await play(...pair, 'a1.recv 10 MSG_WAITALL', 'c1.send "123"', 'c1.recv 1');
    const state = bench.state();
    const calls = new Map(state.calls);
    for (const [id, one] of calls)
      if (one.call.name === 'recv') calls.set(id, { ...one, call: { ...one.call, name: 'recvfrom' } });
    expect([...waitWords({ ...state, calls }).values()]).toEqual(['c1 to send', 'a1 to send']);
  });

  test('beside one that gathers waits, though bytes were sent', async () => {
    const { bench, play } = playing('duplex');
    await play(...pair, 'c1.recv 10 MSG_WAITALL', 'a1.send "1"');
    bench.setPolicy('client', 'single');
    bench.setPolicy('tcp-server', 'single');
    await play('c1.recv 10', 'a1.recv 10');
    expect(waits(bench)).toEqual(['c1.recv: a1 to send', 'c1.recv: a1 to send', 'a1.recv: c1 to send']);
    expect(deadlocks(bench)).toHaveLength(1);
  });

  test('waits for nobody once the other end is half-closed', async () => {
    const { bench, play } = playing('single');
    await play(...pair, 'c1.recv 10');
    bench.perform(callOf('a1.shutdown SHUT_WR'));
    bench.flush();
    expect(waits(bench)).toEqual(['c1.recv: bytes on their way']);
  });

  test('waits for nobody once the other end is closed', async () => {
    const { bench, play } = playing('single');
    await play(...pair, 'c1.recv 10');
    bench.perform(callOf('a1.close'));
    bench.flush();
    expect(waits(bench)).toEqual(['c1.recv: bytes on their way']);
  });

  test('waits for a send that is on, whatever thread a new one would get', () => {
    const { machine, bench } = playing('duplex', { lazy: true });
    for (const line of pair) {
      bench.perform(callOf(line));
      machine.settle();
    }
    bench.perform(callOf('a1.sendall "x"'));
    bench.perform(callOf('c1.recv 10'));
    bench.setPolicy('tcp-server', 'single');
    bench.flush();
    expect(waits(bench)).toEqual(['a1.sendall: c1 to recv', 'c1.recv: a1 to send']);
  });

  test('still waits for a peer that only its own end has half-closed', async () => {
    const { bench, play } = playing('single');
    await play(...pair, 'c1.shutdown SHUT_WR', 'c1.recv 10');
    expect(waits(bench)).toEqual(['c1.recv: you: s sends on a1']);
  });

  test('of a datagram waits for whoever sends, connected for its peer alone', async () => {
    const { bench, play } = playing('single');
    await play('u1 = socket AF_INET SOCK_DGRAM', 'u1.bind 127.0.0.1:9000', 'u1.recvfrom 100');
    await play('c1 = socket AF_INET SOCK_DGRAM', 'c1.connect 127.0.0.1:9000', 'c1.recv 100');
    expect(waits(bench)).toEqual(['u1.recvfrom: any datagram', 'c1.recv: u1 to send']);
    expect(deadlocks(bench)).toEqual([]);
    bench.setPolicy('client', 'duplex');
    await play('c2 = socket AF_INET SOCK_DGRAM', 'c2.connect 127.0.0.1:4444', 'c2.recv 100');
    expect(waits(bench).at(-1)).toBe('c2.recv: 127.0.0.1:4444 to send (foreign)');
  });

  test('of a datagram that the kernel holds already waits for nobody', async () => {
    const { bench, play } = playing('single');
    await play('c1 = socket AF_INET SOCK_DGRAM', 'c1.bind 127.0.0.1:7001', 'u1 = socket AF_INET SOCK_DGRAM');
    await play('u1.bind 127.0.0.1:7002', 'c1.connect 127.0.0.1:7002', 'u1.connect 127.0.0.1:7001');
    await play('c1.recv 10', 'u1.recv 10');
    expect(deadlocks(bench)).toHaveLength(1);
    const state = bench.state();
    const c1 = state.sockets.get('c1')!;
    const kernel = { ...c1.kernel!, rcvQ: 832 };
    const looked = { ...state, sockets: new Map(state.sockets).set('c1', { ...c1, kernel }) };
    expect([...waitWords(looked).values()]).toEqual(['bytes on their way', 'c1 to send']);
  });
});

describe('a file object', () => {
  test('that holds what was written keeps its reader waiting for a flush', async () => {
    const { bench, play } = playing('single');
    await play(...pair, 'f1 = c1.makefile', 'f2 = a1.makefile', 'f2.write "hello\\n"', 'f1.readline');
    expect(waits(bench)).toEqual(['f1.readline: you: f2.flush sends the 6 bytes it holds']);
    await play('a1.recv 10');
    expect(waits(bench)).toEqual(['f1.readline: f2 to flush', 'a1.recv: c1 to send']);
    expect(deadlocks(bench)).toHaveLength(1);
  });

  test('has read ahead what a recv beside it waits for', async () => {
    const { bench, play } = playing('single');
    await play(...pair, 'f1 = c1.makefile', 'a1.send "one\\ntwo\\n"', 'f1.readline', 'c1.recv 10');
    expect(waits(bench)).toEqual(['c1.recv: you: s sends on a1']);
  });

  test('that reads to the end waits for a half-close, whatever comes', async () => {
    const { bench, play } = playing('single');
    await play(...pair, 'f1 = c1.makefile', 'a1.send "one"', 'f1.read');
    expect(waits(bench)).toEqual(['f1.read: you: d half-closes a1']);
    await play('a1.recv 10');
    expect(waits(bench)).toEqual(['f1.read: a1 to half-close', 'a1.recv: c1 to send']);
    expect(deadlocks(bench)[0]).toContain('a half-close of a1');
  });
});

describe('a send', () => {
  test('waits for the person to receive while the queues are full', async () => {
    const { bench, play } = playing('per-socket');
    await play(...pair, `c1.sendall ${much}`);
    expect(waits(bench)).toEqual(['c1.sendall: you: r receives on a1']);
  });

  test('waits for the kernel until that has taken all it will', async () => {
    const { machine, bench, play } = playing('single');
    await play(...pair);
    bench.perform(callOf(`c1.sendall ${much}`));
    machine.settle();
    bench.flush();
    expect(waits(bench)).toEqual(['c1.sendall: the kernel']);
  });

  test('is full at once where the queues were full before it', async () => {
    const { bench, play } = playing('duplex');
    await play(...pair, `c1.sendall ${much}`, `a1.sendall ${much}`);
    bench.cancel([...bench.state().calls.keys()][0]!);
    await play('c1.send "x"');
    expect(waits(bench)).toEqual(['a1.sendall: you: r receives on c1', 'c1.send: you: r receives on a1']);
  });

  test('to a socket that receives waits for it, and ends by itself', async () => {
    const { machine, bench } = playing('single', { lazy: true });
    for (const line of pair) {
      bench.perform(callOf(line));
      machine.settle();
    }
    bench.perform(callOf('a1.recv 10'));
    bench.perform(callOf('c1.sendall "x"'));
    bench.flush();
    expect(waits(bench)).toEqual(['a1.recv: c1 to send', 'c1.sendall: a1 to recv']);
    expect(deadlocks(bench)).toEqual([]);
  });
});

describe('a connect', () => {
  test('waits for an accept while the backlog is full, then for the next SYN', async () => {
    const { machine, bench, play } = playing('per-socket');
    await play(...listener, ...client('c1'), ...client('c2'));
    const began = [...bench.state().calls.values()][0]!.startedAt!;
    expect(waits(bench)).toEqual(['c2.connect: you: a accepts one']);

    const syn = [`c2.connect: the clock: next SYN at ${((began + 1000) / 1000).toFixed(1)}s`];
    bench.perform(callOf('a1 = s1.accept'));
    bench.flush();
    expect(waits(bench)).toEqual(syn);
    await machine.run(100);
    bench.flush();
    expect(waits(bench)).toEqual(syn);
    await machine.run(1000);
    bench.flush();
    expect(waits(bench)).toEqual([]);
  });

  test('by a name of this machine finds the listener too', async () => {
    const { bench, play } = playing('per-socket');
    await play(...listener, ...client('c1'), 'c2 = socket', 'c2.connect localhost:9000');
    expect(waits(bench)).toEqual(['c2.connect: you: a accepts one']);
  });

  test('to a foreign address waits for its answer', async () => {
    const { machine, bench, play } = playing('single');
    const stranger = machine.bench({ loops });
    for (const line of [...listener, ...client('c1')]) stranger.perform(callOf(line));
    await play(...client('c1'));
    expect(waits(bench)).toEqual(['c1.connect: 127.0.0.1:9000 to answer (foreign)']);
  });

  test('by name waits for the resolver first', async () => {
    const { machine, bench } = playing('single', { lazy: true });
    bench.perform(callOf('c1 = socket'));
    bench.perform(callOf('c1.connect localhost:9000'));
    bench.flush();
    expect(waits(bench)).toEqual(['c1.connect: the resolver', 'getaddrinfo: the resolver']);
    machine.settle();
    bench.flush();
    expect(waits(bench)).toEqual([]);
  });
});

describe('a queued call', () => {
  test('whose thread is free is held by what it is written to', async () => {
    const { bench, play } = playing('single');
    await play(...pair, `c1.sendall ${much}`, 'c1.recv 10');
    const state = bench.state();
    const calls = new Map([...state.calls].filter(([, { call }]) => call.name === 'recv'));
    expect([...waitWords({ ...state, calls }).values()][0]).toBe('the disk of the recording or the spool');
  });

  test('waits for its thread and says what that is in', async () => {
    const { bench, play } = playing('single');
    await play(...pair, `c1.sendall ${much}`, 'c1.recv 10', 'c1.send "x"');
    expect(waits(bench)).toEqual([
      'c1.sendall: you: r receives on a1',
      'c1.recv: its thread, in c1.sendall',
      'c1.send: its thread, in c1.sendall',
    ]);
  });
});
