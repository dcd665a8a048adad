import { describe, expect, it } from 'vitest';
import { failure } from '../../source/core/calls/outcome.ts';
import type { Entry } from '../../source/core/model/entry.ts';
import { at, createPlaybook, literal, playConnection, stateOf, text } from '../support/entries.ts';

const causes = (entries: readonly Entry[]) => entries.map(({ by }) => by);
const numbers = (entries: readonly Entry[]) => entries.map(({ n }) => n);

describe('causes on a connection', () => {
  it('are the connect that woke an accept, the send that woke a recv and the close behind an EOF', () => {
    const { book, connect, accept } = playConnection();
    const first = book.send('c1', 'ab');
    const second = book.send('c1', 'cd');
    const two = book.recv('a1', 'ab');
    const four = book.recv('a1', 'cd');
    const close = book.ended({ name: 'close', on: 'c1' });
    const eof = book.recv('a1', '');
    stateOf(book);
    expect(causes([accept, two, four, eof])).toEqual(numbers([connect, first, second, close]));
  });

  it('link a blocked connect to the accept that made room, not to one before it', () => {
    const { book } = playConnection();
    book.socket('c2');
    const end = book.running({ name: 'connect', on: 'c2', address: at(9000) });
    const room = book.ended({ name: 'accept', on: 's1' }, failure('TIMEOUT'));
    const late = end({ kind: 'none', local: at(4001), peer: at(9000) });
    stateOf(book);
    expect(causes([room, late])).toEqual([undefined, undefined]);
  });

  /** c2's connect in flight while s1 accepts the one that waits; it ends `later` ms after that. */
  const connectThrough = (later: number, own: boolean) => {
    const { book } = playConnection();
    book.socket('c2');
    book.socket('c3');
    const other = book.connect('c3', at(4003), at(9000));
    const end = book.running({ name: 'connect', on: 'c2', address: at(9000) });
    const accept = (name: string, port: number) =>
      book.ended({ name: 'accept', on: 's1' }, { kind: 'made', name, local: at(9000), peer: at(port) });
    const room = accept('a3', 4003);
    const early = own ? accept('a2', 4002) : null;
    const done = end({ kind: 'none', local: at(4002), peer: at(9000) });
    Object.assign(done, { t: done.t + later });
    const late = own ? null : accept('a2', 4002);
    stateOf(book);
    return { other, room, done, own: early ?? late! };
  };

  it('are, of a connect whose SYN had to be sent again, the accept that made room for it', () => {
    const { other, room, done, own } = connectThrough(1_000, false);
    expect(causes([room, done, own])).toEqual(numbers([other, room, done]));
  });

  it('are none of a connect that found room, whatever was accepted meanwhile', () => {
    const { done, own } = connectThrough(2, false);
    expect(causes([done, own])).toEqual([undefined, done.n]);
  });

  it("are never a connect's own accept, though that be told first", () => {
    const { done } = connectThrough(1_000, true);
    expect(done.by).toBeUndefined();
  });

  it('never invent a link to a foreign peer', () => {
    const book = createPlaybook();
    book.socket('c1');
    book.connect('c1', at(4000), at(80));
    const got = book.recv('c1', 'hi');
    stateOf(book);
    expect(got.by).toBeUndefined();
  });

  it('are not guessed where the send is too long ago to be known', () => {
    const { book } = playConnection();
    const sends = Array.from({ length: 40 }, () => book.send('c1', 'x'));
    const first = book.recv('a1', 'x');
    const last = book.recv('a1', 'x'.repeat(39));
    stateOf(book);
    expect(causes([first, last])).toEqual([undefined, sends.at(-1)!.n]);
  });

  it('pass over a send that failed before its first byte', () => {
    const { book } = playConnection();
    const sent = book.send('c1', 'ab');
    book.ended({ name: 'send', on: 'c1', data: literal('xy') }, failure('EAGAIN'));
    const got = book.recv('a1', 'ab');
    expect(stateOf(book).sockets.get('c1')).toMatchObject({ sent: 2, sends: 1, sentAt: sent.t });
    expect(got.by).toBe(sent.n);
  });

  it('are the close of a file object that flushed what it held', () => {
    const { book } = playConnection();
    book.ended({ name: 'makefile', on: 'c1', mode: 'wb' }, { kind: 'made', name: 'f1' });
    book.ended({ name: 'write', on: 'f1', data: literal('abc') }, { kind: 'count', count: 3 });
    const close = book.ended({ name: 'close', on: 'f1' });
    const got = book.recv('a1', 'abc');
    expect(stateOf(book).sockets.get('c1')).toMatchObject({ sent: 3, closed: false });
    expect(got.by).toBe(close.n);
  });
});

/** Datagram sockets of the bench, bound. */
const bound = (ports: Readonly<Record<string, number>>) => {
  const book = createPlaybook();
  for (const [name, port] of Object.entries(ports)) {
    book.socket(name, 'SOCK_DGRAM');
    book.bind(name, at(port));
  }
  const send = (on: string, to: string, value: string): Entry =>
    book.ended(
      { name: 'sendto', on, data: literal(value), address: at(ports[to]!) },
      { kind: 'count', count: value.length },
    );
  const receive = (on: string, from: string, value: string): Entry =>
    book.ended(
      { name: 'recvfrom', on, size: 99 },
      { kind: 'data', data: text(value), from: at(ports[from]!) },
    );
  return { book, send, receive };
};

describe('causes of datagrams', () => {
  it('are their own sends, also where others were lost', () => {
    const { book, send, receive } = bound({ u1: 5000, c1: 6000 });
    const sent = [send('c1', 'u1', 'one'), send('c1', 'u1', 'two2'), send('c1', 'u1', 'three')];
    const got = [receive('u1', 'c1', 'one'), receive('u1', 'c1', 'three'), receive('u1', 'c1', 'four')];
    stateOf(book);
    expect(causes(got)).toEqual([sent[0]!.n, sent[2]!.n, undefined]);
  });

  it('keep the clients of a server apart', () => {
    const { book, send, receive } = bound({ u1: 5000, c1: 6001, c2: 6002 });
    const sent = [send('c1', 'u1', 'hey'), send('c2', 'u1', 'hey'), send('c1', 'u1', 'hey')];
    const got = [receive('u1', 'c1', 'hey'), receive('u1', 'c2', 'hey'), receive('u1', 'c1', 'hey')];
    stateOf(book);
    expect(causes(got)).toEqual(numbers(sent));
  });

  it('keep the servers of a client apart', () => {
    const { book, send, receive } = bound({ u1: 5000, u2: 5001, c1: 6001 });
    const [first, second] = [send('c1', 'u1', 'hey'), send('c1', 'u2', 'hey')];
    const got = [receive('u2', 'c1', 'hey'), receive('u1', 'c1', 'hey')];
    stateOf(book);
    expect(causes(got)).toEqual(numbers([second, first]));
  });

  it('are told to a connected socket, whose recv does not name the sender', () => {
    const { book, send } = bound({ u1: 5000, c1: 6000 });
    book.connect('c1', at(6000), at(5000));
    const sent = send('u1', 'c1', 'hey');
    const got = book.recv('c1', 'hey');
    stateOf(book);
    expect(got.by).toBe(sent.n);
  });

  it('came after a receive that blocked for them: what was sent before was lost', () => {
    const { book, send } = bound({ u1: 5000, c1: 6000 });
    send('c1', 'u1', 'lost');
    send('c1', 'u1', 'gone');
    const end = book.running({ name: 'recvfrom', on: 'u1', size: 99 });
    const sent = send('c1', 'u1', 'here');
    const got = end({ kind: 'data', data: text('here'), from: at(6000) });
    stateOf(book);
    expect(got.by).toBe(sent.n);
    expect(stateOf(book).sockets.get('c1')?.sendMarks).toEqual([]);
  });

  it('may have come before a receive that was seen before it was told of them', () => {
    const { book, send } = bound({ u1: 5000, c1: 6000 });
    const sent = send('c1', 'u1', 'here');
    const got = book.running({ name: 'recvfrom', on: 'u1', size: 99 })({
      kind: 'data',
      data: text('here'),
      from: at(6000),
    });
    stateOf(book);
    expect(got.by).toBe(sent.n);
  });

  it('are told to one that peeks, and then to the one that takes', () => {
    const { book, send, receive } = bound({ u1: 5000, c1: 6000 });
    const sent = send('c1', 'u1', 'hey');
    const peeked = book.ended(
      { name: 'recvfrom', on: 'u1', size: 99, flags: ['MSG_PEEK'] },
      { kind: 'data', data: text('hey'), from: at(6000) },
    );
    const got = [peeked, receive('u1', 'c1', 'hey'), receive('u1', 'c1', 'hey')];
    stateOf(book);
    expect(causes(got)).toEqual([sent.n, sent.n, undefined]);
  });
});
