import { describe, expect, it } from 'vitest';
import { failure } from '../../source/core/calls/outcome.ts';
import { fold } from '../../source/core/fold/fold.ts';
import { initialState } from '../../source/core/model/state.ts';
import { at, createPlaybook, literal, playConnection, sample, stateOf, text } from '../support/entries.ts';

describe('fold: sockets', () => {
  it('follows a connection from socket() to ESTAB and introduces both ends', () => {
    const { book } = playConnection();
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
      actor: 'tcp-server',
    });
  });

  it('leaves a foreign peer without a twin', () => {
    const book = createPlaybook();
    book.socket('c1');
    book.connect('c1', at(4000), at(80));
    expect(stateOf(book).sockets.get('c1')?.twin).toBe('');
  });

  it('shows SYN-SENT while a connect is seen blocked, and CLOSED where it failed', () => {
    const book = createPlaybook();
    book.socket('c1');
    const end = book.running({ name: 'connect', on: 'c1', address: at(9) });
    expect(stateOf(book).sockets.get('c1')?.condition).toBe('SYN-SENT');
    end(failure('ECONNREFUSED'));
    const state = stateOf(book);
    expect(state.sockets.get('c1')?.condition).toBe('CLOSED');
    expect(state.calls.size).toBe(0);
    expect(state.failed).toBe(1);
  });

  it('counts what the kernel took, also of a sendall that failed, and what it gave', () => {
    const { book } = playConnection();
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

  it('counts bytes that the journal has let go of since, which are no end of the stream', () => {
    const { book } = playConnection();
    book.ended({ name: 'recv', on: 'a1', size: 9 }, { kind: 'data', data: text(''), dropped: 5 });
    expect(stateOf(book).sockets.get('a1')).toMatchObject({ received: 5, receives: 1, eof: false });
  });

  it('keeps a closed socket as long as a call is inside it', () => {
    const { book } = playConnection();
    const end = book.running({ name: 'recv', on: 'c1', size: 9 });
    book.ended({ name: 'close', on: 'c1' });
    expect(stateOf(book).sockets.get('c1')).toMatchObject({ closing: true, closed: false });
    end({ kind: 'data', data: text('late') });
    expect(stateOf(book).sockets.get('c1')).toMatchObject({ closing: false, closed: true, received: 4 });
  });

  it('knows EOF, half-close and close apart', () => {
    const { book } = playConnection();
    book.ended({ name: 'shutdown', on: 'c1', how: 'SHUT_WR' });
    book.ended({ name: 'recv', on: 'a1', size: 10 }, { kind: 'data', data: text('') });
    const half = stateOf(book).sockets;
    expect(half.get('c1')).toMatchObject({ condition: 'FIN-WAIT', shut: true, closed: false });
    expect(half.get('a1')).toMatchObject({ condition: 'CLOSE-WAIT', eof: true });
    book.ended({ name: 'close', on: 'a1' });
    expect(stateOf(book).sockets.get('a1')).toMatchObject({ condition: 'CLOSED', closed: true });
  });

  it('knows by a broken pipe that the peer reset after its FIN, unless this side had shut down', () => {
    const { book } = playConnection();
    book.ended({ name: 'recv', on: 'c1', size: 10 }, { kind: 'data', data: text('') });
    book.ended({ name: 'send', on: 'c1', data: literal('x') }, failure('EPIPE'));
    book.ended({ name: 'shutdown', on: 'a1', how: 'SHUT_WR' });
    book.ended({ name: 'send', on: 'a1', data: literal('x') }, failure('EPIPE'));
    const { sockets } = stateOf(book);
    expect(sockets.get('c1')?.condition).toBe('RESET');
    expect(sockets.get('a1')?.condition).toBe('FIN-WAIT');
  });

  it('knows by a shutdown that is under way, and told of later, why a pipe is broken', () => {
    const { book } = playConnection();
    const end = book.running({ name: 'shutdown', on: 'c1', how: 'SHUT_WR' });
    book.ended({ name: 'sendall', on: 'c1', data: literal('x') }, failure('EPIPE'));
    expect(stateOf(book).sockets.get('c1')?.condition).toBe('ESTAB');
    end();
    expect(stateOf(book).sockets.get('c1')?.condition).toBe('FIN-WAIT');
  });

  it('does not take an empty datagram for EOF', () => {
    const book = createPlaybook();
    book.socket('u1', 'SOCK_DGRAM');
    book.bind('u1', at(5000));
    book.ended({ name: 'recvfrom', on: 'u1', size: 10 }, { kind: 'data', data: text(''), from: at(6000) });
    expect(stateOf(book).sockets.get('u1')).toMatchObject({ eof: false, receives: 1, condition: 'UNCONN' });
  });

  it('takes the end of a file object for EOF, but not where it was not allowed to wait', () => {
    const { book } = playConnection();
    book.ended({ name: 'makefile', on: 'a1', mode: 'rb' }, { kind: 'made', name: 'f1' });
    book.ended({ name: 'settimeout', on: 'a1', timeout: 0 });
    book.ended({ name: 'readline', on: 'f1' }, { kind: 'data', data: text('') });
    expect(stateOf(book).sockets.get('a1')).toMatchObject({ condition: 'ESTAB', eof: false });
    book.ended({ name: 'settimeout', on: 'a1', timeout: null });
    book.ended({ name: 'read', on: 'f1', size: 5 }, { kind: 'data', data: text('') });
    expect(stateOf(book).sockets.get('a1')).toMatchObject({ condition: 'CLOSE-WAIT', eof: true });
  });

  it('tells what a file object holds from what went on to the kernel', () => {
    const { book } = playConnection();
    book.ended({ name: 'makefile', on: 'c1', mode: 'wb' }, { kind: 'made', name: 'f1' });
    const facts = () => {
      const { sockets, files } = stateOf(book);
      return [sockets.get('c1')?.sent, files.get('f1')?.unflushed];
    };
    book.ended({ name: 'write', on: 'f1', data: literal('abc') }, { kind: 'count', count: 3 });
    expect(facts()).toEqual([0, 3]);
    book.ended({ name: 'write', on: 'f1', data: literal('defgh') }, { kind: 'count', count: 5, passed: 6 });
    expect(facts()).toEqual([6, 2]);
    book.ended({ name: 'flush', on: 'f1' }, failure('TIMEOUT', undefined, 1));
    expect(facts()).toEqual([7, 1]);
    book.ended({ name: 'flush', on: 'f1' });
    book.ended({ name: 'flush', on: 'f1' });
    expect(facts()).toEqual([8, 0]);
    expect(stateOf(book).sockets.get('c1')?.sends).toBe(3);
  });

  it('believes a look only where it tells more than calls have since', () => {
    const { book } = playConnection();
    const look = (socket: string, state: string) =>
      book.add({
        kind: 'sample',
        t: 99,
        source: 'kernel',
        readAt: 0,
        taken: [],
        sockets: [sample(socket, state)],
      });
    const condition = (name: string) => stateOf(book).sockets.get(name)?.condition;
    look('c1', 'SYN-SENT');
    expect(condition('c1')).toBe('ESTAB');
    look('c1', 'CLOSE-WAIT');
    look('c1', 'ESTAB');
    expect(condition('c1')).toBe('CLOSE-WAIT');
    book.ended({ name: 'recv', on: 'a1', size: 9 }, failure('ECONNRESET'));
    look('a1', 'ESTAB');
    expect(condition('a1')).toBe('RESET');
    book.socket('c2');
    book.running({ name: 'connect', on: 'c2', address: at(9000) })(failure('ECONNREFUSED'));
    look('c2', 'SYN-SENT');
    expect(condition('c2')).toBe('CLOSED');
  });

  it('keeps what a call in flight has moved, and its first entry, where its deadline moves', () => {
    const { book } = playConnection();
    book.running({ name: 'sendall', on: 'c1', data: literal('much') }, 50);
    const began = book.entries.at(-1)!;
    if (began.kind !== 'running') throw new Error(began.kind);
    const taken = [{ id: began.id, bytes: 3 }];
    book.add({ kind: 'sample', t: 40, source: 'kernel', readAt: 0, taken, sockets: [] });
    const before = stateOf(book).calls.get(began.id);
    expect(before).toMatchObject({ n: began.n, taken: 3, deadline: 50 });
    const { n: _n, prev: _prev, by: _by, wakes: _wakes, ...told } = began;
    book.add({ ...told, t: 50, deadline: 80, again: true });
    expect(stateOf(book).calls.get(began.id)).toEqual({ ...before, deadline: 80 });
  });

  it('knows a datagram socket by its newest addresses only', () => {
    const book = createPlaybook();
    for (const name of ['u1', 'c1']) book.socket(name, 'SOCK_DGRAM');
    book.bind('u1', at(5000, '0.0.0.0'));
    book.connect('c1', at(6000), at(5000));
    book.connect('u1', at(5000), at(6000));
    expect(stateOf(book).sockets.get('c1')?.twin).toBe('u1');
    book.connect('u1', at(5000), at(7777));
    const { sockets, pairs } = stateOf(book);
    expect([sockets.get('u1')?.twin, sockets.get('c1')?.twin]).toEqual(['', '']);
    expect([...pairs.values()].filter(name => name === 'u1')).toHaveLength(2);
    for (const name of ['u1', 'c1']) book.ended({ name: 'close', on: name });
    expect(stateOf(book).pairs.size).toBe(0);
  });

  it('leaves nothing of a client that was bound before it connected', () => {
    const book = createPlaybook();
    book.socket('c1');
    book.bind('c1', at(4000, '0.0.0.0'));
    book.connect('c1', at(4000), at(9000));
    book.ended({ name: 'close', on: 'c1' });
    expect(stateOf(book).pairs.size).toBe(0);
  });

  it('takes a name that was used before for the newest socket, and keeps it', () => {
    const book = createPlaybook();
    const close = (name: string) => book.ended({ name: 'close', on: name });
    book.socket('c1');
    close('c1');
    book.socket('c2');
    book.socket('c1');
    expect([...stateOf(book).sockets.keys()]).toEqual(['c2', 'c1']);
    for (let i = 3; i <= 203; i++) {
      book.socket(`c${i}`);
      close(`c${i}`);
    }
    const { sockets, graveyard } = stateOf(book);
    expect(sockets.get('c1')?.closed).toBe(false);
    expect(graveyard).toHaveLength(200);
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

describe('fold: history', () => {
  it("chains a socket's entries backwards through prev", () => {
    const { book, connect } = playConnection();
    const send = book.ended({ name: 'send', on: 'c1', data: literal('x') }, { kind: 'count', count: 1 });
    const state = stateOf(book);
    expect(state.sockets.get('c1')?.last).toBe(send.n);
    expect(send.prev).toBe(connect.n);
  });
});

describe('fold: purity', () => {
  it('gives the same state in one flush or in many, and leaves older states alone', () => {
    const { book } = playConnection();
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
