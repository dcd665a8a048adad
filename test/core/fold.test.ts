import { describe, expect, it } from 'vitest';
import { fold } from '../../source/core/fold.ts';
import { failure } from '../../source/core/outcome.ts';
import { initialState } from '../../source/core/state.ts';
import { at, createPlaybook, literal, text } from '../support/entries.ts';

const connected = () => {
  const book = createPlaybook();
  book.ended(
    { name: 'socket', on: '', family: 'AF_INET', type: 'SOCK_STREAM' },
    { kind: 'made', name: 's1' },
  );
  book.ended({ name: 'bind', on: 's1', address: at(0) }, { kind: 'none', local: at(9000) });
  book.ended({ name: 'listen', on: 's1', backlog: 1 }, { kind: 'none', local: at(9000) });
  book.ended(
    { name: 'socket', on: '', family: 'AF_INET', type: 'SOCK_STREAM' },
    { kind: 'made', name: 'c1' },
  );
  const connect = book.ended(
    { name: 'connect', on: 'c1', address: at(9000) },
    { kind: 'none', local: at(4000), peer: at(9000) },
  );
  const accept = book.ended(
    { name: 'accept', on: 's1' },
    { kind: 'made', name: 'a1', local: at(9000), peer: at(4000) },
  );
  return { book, connect, accept };
};

const stateOf = (book: ReturnType<typeof createPlaybook>) => fold(initialState(), book.entries);

describe('fold: sockets', () => {
  it('follows a connection from socket() to ESTAB and introduces both ends', () => {
    const { book } = connected();
    const { sockets } = stateOf(book);
    expect(sockets.get('s1')).toMatchObject({
      condition: 'LISTEN',
      backlog: 1,
      accepted: 1,
      local: at(9000),
    });
    expect(sockets.get('c1')).toMatchObject({
      condition: 'ESTAB',
      twin: 'a1',
      local: at(4000),
      peer: at(9000),
    });
    expect(sockets.get('a1')).toMatchObject({
      condition: 'ESTAB',
      twin: 'c1',
      listener: 's1',
      program: 'tcp-server',
    });
  });

  it('leaves a foreign peer without a twin', () => {
    const book = createPlaybook();
    book.ended(
      { name: 'socket', on: '', family: 'AF_INET', type: 'SOCK_STREAM' },
      { kind: 'made', name: 'c1' },
    );
    book.ended(
      { name: 'connect', on: 'c1', address: at(80) },
      { kind: 'none', local: at(4000), peer: at(80) },
    );
    expect(stateOf(book).sockets.get('c1')?.twin).toBe('');
  });

  it('shows SYN-SENT while a connect is seen blocked, and CLOSED where it failed', () => {
    const book = createPlaybook();
    book.ended(
      { name: 'socket', on: '', family: 'AF_INET', type: 'SOCK_STREAM' },
      { kind: 'made', name: 'c1' },
    );
    const end = book.running({ name: 'connect', on: 'c1', address: at(9) });
    expect(stateOf(book).sockets.get('c1')?.condition).toBe('SYN-SENT');
    end(failure('ECONNREFUSED'));
    const state = stateOf(book);
    expect(state.sockets.get('c1')?.condition).toBe('CLOSED');
    expect(state.calls.size).toBe(0);
    expect(state.failed).toBe(1);
  });

  it('counts what the kernel took, also of a sendall that failed, and what it gave', () => {
    const { book } = connected();
    book.ended({ name: 'send', on: 'c1', data: literal('hello') }, { kind: 'count', count: 5 });
    book.ended({ name: 'sendall', on: 'c1', data: literal('hello') }, failure('TIMEOUT', undefined, 2));
    book.ended(
      { name: 'recv', on: 'a1', size: 9, flags: ['MSG_PEEK'] },
      { kind: 'data', data: text('hell') },
    );
    book.ended({ name: 'recv', on: 'a1', size: 9 }, { kind: 'data', data: text('hello') });
    const { sockets } = stateOf(book);
    expect(sockets.get('c1')).toMatchObject({ sent: 7, sends: 2 });
    expect(sockets.get('a1')).toMatchObject({ received: 5, receives: 1, eof: false });
  });

  it('knows EOF, half-close and close apart', () => {
    const { book } = connected();
    book.ended({ name: 'shutdown', on: 'c1', how: 'SHUT_WR' });
    book.ended({ name: 'recv', on: 'a1', size: 10 }, { kind: 'data', data: text('') });
    const half = stateOf(book).sockets;
    expect(half.get('c1')).toMatchObject({ condition: 'FIN-WAIT', shut: true, closed: false });
    expect(half.get('a1')).toMatchObject({ condition: 'CLOSE-WAIT', eof: true });
    book.ended({ name: 'close', on: 'a1' });
    expect(stateOf(book).sockets.get('a1')).toMatchObject({ condition: 'CLOSED', closed: true });
  });

  it('does not take an empty datagram for EOF', () => {
    const book = createPlaybook();
    book.ended(
      { name: 'socket', on: '', family: 'AF_INET', type: 'SOCK_DGRAM' },
      { kind: 'made', name: 'u1' },
    );
    book.ended({ name: 'bind', on: 'u1', address: at(0) }, { kind: 'none', local: at(5000) });
    book.ended({ name: 'recvfrom', on: 'u1', size: 10 }, { kind: 'data', data: text(''), from: at(6000) });
    expect(stateOf(book).sockets.get('u1')).toMatchObject({ eof: false, receives: 1, condition: 'UNCONN' });
  });

  it('keeps 200 closed sockets and forgets older ones', () => {
    const book = createPlaybook();
    for (let i = 1; i <= 250; i++) {
      const made = { kind: 'made', name: `c${i}` } as const;
      book.ended({ name: 'socket', on: '', family: 'AF_INET', type: 'SOCK_STREAM' }, made);
      book.ended({ name: 'close', on: `c${i}` });
    }
    const { sockets } = stateOf(book);
    expect(sockets.size).toBe(200);
    expect(sockets.has('c50')).toBe(false);
    expect(sockets.has('c51')).toBe(true);
  });
});

describe('fold: causes', () => {
  it('names the connect that woke an accept, the send that woke a recv and the close behind an EOF', () => {
    const { book, connect, accept } = connected();
    const first = book.ended({ name: 'send', on: 'c1', data: literal('ab') }, { kind: 'count', count: 2 });
    const second = book.ended({ name: 'send', on: 'c1', data: literal('cd') }, { kind: 'count', count: 2 });
    const two = book.ended({ name: 'recv', on: 'a1', size: 2 }, { kind: 'data', data: text('ab') });
    const four = book.ended({ name: 'recv', on: 'a1', size: 2 }, { kind: 'data', data: text('cd') });
    const close = book.ended({ name: 'close', on: 'c1' });
    const eof = book.ended({ name: 'recv', on: 'a1', size: 2 }, { kind: 'data', data: text('') });
    stateOf(book);
    expect(accept.by).toBe(connect.n);
    expect(two.by).toBe(first.n);
    expect(four.by).toBe(second.n);
    expect(eof.by).toBe(close.n);
  });

  it('links a blocked connect to the accept that made room, not to one before it', () => {
    const { book, accept } = connected();
    book.ended(
      { name: 'socket', on: '', family: 'AF_INET', type: 'SOCK_STREAM' },
      { kind: 'made', name: 'c2' },
    );
    const end = book.running({ name: 'connect', on: 'c2', address: at(9000) });
    const room = book.ended({ name: 'accept', on: 's1' }, failure('TIMEOUT'));
    const late = end({ kind: 'none', local: at(4001), peer: at(9000) });
    stateOf(book);
    expect(room.by).toBeUndefined();
    expect(late.by).not.toBe(accept.n);
    expect(late.by).toBeUndefined();
  });

  it('never invents a link to a foreign peer', () => {
    const book = createPlaybook();
    book.ended(
      { name: 'socket', on: '', family: 'AF_INET', type: 'SOCK_STREAM' },
      { kind: 'made', name: 'c1' },
    );
    book.ended(
      { name: 'connect', on: 'c1', address: at(80) },
      { kind: 'none', local: at(4000), peer: at(80) },
    );
    const got = book.ended({ name: 'recv', on: 'c1', size: 9 }, { kind: 'data', data: text('hi') });
    stateOf(book);
    expect(got.by).toBeUndefined();
  });

  it('links a datagram to the send it came from, and to none where one was lost', () => {
    const book = createPlaybook();
    for (const [name, port] of [
      ['u1', 5000],
      ['c1', 6000],
    ] as const) {
      book.ended({ name: 'socket', on: '', family: 'AF_INET', type: 'SOCK_DGRAM' }, { kind: 'made', name });
      book.ended({ name: 'bind', on: name, address: at(0) }, { kind: 'none', local: at(port) });
    }
    const send = (words: string) =>
      book.ended(
        { name: 'sendto', on: 'c1', data: literal(words), address: at(5000) },
        { kind: 'count', count: words.length },
      );
    const receive = (words: string) =>
      book.ended(
        { name: 'recvfrom', on: 'u1', size: 99 },
        { kind: 'data', data: text(words), from: at(6000) },
      );
    const sent = [send('one'), send('two2'), send('three')];
    const got = [receive('one'), receive('three')];
    stateOf(book);
    expect(got[0]!.by).toBe(sent[0]!.n);
    expect(got[1]!.by).toBeUndefined();
  });

  it("chains a socket's entries backwards through prev", () => {
    const { book, connect } = connected();
    const send = book.ended({ name: 'send', on: 'c1', data: literal('x') }, { kind: 'count', count: 1 });
    const state = stateOf(book);
    expect(state.sockets.get('c1')?.last).toBe(send.n);
    expect(send.prev).toBe(connect.n);
  });
});

describe('fold: purity', () => {
  it('gives the same state in one flush or in many, and leaves older states alone', () => {
    const { book } = connected();
    book.ended({ name: 'send', on: 'c1', data: literal('hello') }, { kind: 'count', count: 5 });
    const whole = stateOf(book);
    const steps = [initialState()];
    for (const entry of book.entries) steps.push(fold(steps.at(-1)!, [entry]));
    expect(steps.at(-1)).toEqual(whole);
    const before = steps[4]!;
    expect(before.sockets.get('c1')?.condition).toBe('CLOSED');
    expect(before.sockets.get('s1')?.accepted).toBe(0);
  });
});
