import { describe, expect, test } from 'vitest';
import { encodeEntry, encodeHeader, formatVersion, type Header } from '../../source/formats/session/jsonl.ts';
import { readSession } from '../../source/formats/session/read-session.ts';
import { at, createPlaybook } from '../support/entries.ts';

const header: Header = {
  sockbench: formatVersion,
  began: '2026-01-02T03:04:05.678Z',
  program: '1.0.0',
  platform: 'linux',
  lab: 'tour',
};

const playbook = () => {
  const { entries, ended, running } = createPlaybook();
  ended({ name: 'socket', on: '', family: 'AF_INET', type: 'SOCK_STREAM' }, { kind: 'made', name: 'c1' });
  running({ name: 'recv', on: 'c1', size: 10 });
  ended({ name: 'shutdown', on: 'c1', how: 'SHUT_WR' });
  return entries;
};

const fileOf = (lines: readonly string[], end = '\n'): Buffer => Buffer.from(lines.join('\n') + end);

const lines = () => [encodeHeader(header), ...playbook().map(encodeEntry)];

const messageOf = (data: Uint8Array): string => {
  const read = readSession(data, 'a.jsonl');
  return read.ok ? 'it was read' : read.message;
};

const read = (data: Uint8Array) => {
  const session = readSession(data, 'a.jsonl');
  if (!session.ok) throw new Error(session.message);
  return session.session;
};

describe('a session file', () => {
  test('is read whole: header, entries and what they fold to', () => {
    const session = read(fileOf(lines()));
    expect(session.header).toEqual(header);
    expect(session.entries.map(({ n, kind }) => [n, kind])).toEqual([
      [1, 'ended'],
      [2, 'running'],
      [3, 'ended'],
    ]);
    expect(session.state.sockets.get('c1')).toMatchObject({ type: 'SOCK_STREAM', last: 3 });
    expect([...session.state.calls.values()].map(({ call }) => call.name)).toEqual(['recv']);
    expect(session.cut).toBe(false);
  });

  test('has its chain of entries about a socket folded again', () => {
    expect(read(fileOf(lines())).entries.map(({ prev }) => prev)).toEqual([0, 1, 2]);
  });

  test('has its entries linked with what caused them, an accept that was told before its connect too', () => {
    const { entries, socket, bind, ended, connect, send, recv } = createPlaybook();
    socket('s1');
    bind('s1', at(9000));
    ended({ name: 'listen', on: 's1', backlog: 1 }, { kind: 'none', local: at(9000) });
    socket('c1');
    ended({ name: 'accept', on: 's1' }, { kind: 'made', name: 'a1', local: at(9000), peer: at(4000) });
    connect('c1', at(4000), at(9000));
    send('c1', 'hi');
    recv('a1', 'hi');
    const session = read(fileOf([encodeHeader(header), ...entries.map(encodeEntry)]));
    const links = session.entries.map(({ n, by, wakes }) => [n, by, wakes]);
    expect(links.slice(4)).toEqual([
      [5, 6, undefined],
      [6, undefined, 5],
      [7, undefined, 8],
      [8, 7, undefined],
    ]);
  });

  test('loses its last line where that was cut off anywhere', () => {
    const whole = fileOf(lines(), '');
    const last = lines().at(-1)!.length;
    for (const missing of [1, Math.floor(last / 2), last - 1]) {
      const session = read(whole.subarray(0, whole.length - missing));
      expect(session.entries).toHaveLength(2);
      expect(session.cut).toBe(true);
    }
  });

  test('keeps its last line where only the newline is missing', () => {
    expect(read(fileOf(lines(), ''))).toMatchObject({ cut: false, entries: { length: 3 } });
  });

  test('may begin with a checkpoint, from whose state it is folded on', () => {
    const { state } = read(fileOf(lines()));
    const checkpoint = encodeEntry({ kind: 'checkpoint', n: 10_001, t: 5, prev: 0, state });
    const session = read(fileOf([encodeHeader(header), checkpoint]));
    expect(session.state.sockets.get('c1')?.type).toBe('SOCK_STREAM');
    expect(session.state.entries).toBe(10_001);
  });

  test.each([
    ['nothing', Buffer.from(''), 'a.jsonl: this file is empty'],
    ['other text', Buffer.from('hello\n'), 'a.jsonl: this is no session file'],
    ['bytes', Buffer.from([0xff, 0, 0xfe, 10]), 'a.jsonl: this is no session file'],
    ['other JSON', Buffer.from('{"a":1}\n'), 'a.jsonl: this is no session file'],
    [
      'a newer format',
      fileOf([encodeHeader({ ...header, sockbench: formatVersion + 1 })]),
      'a.jsonl: written by a newer sockbench',
    ],
    ['a line that is no JSON', fileOf([...lines(), '{"n":']), 'a.jsonl line 5: this line is no JSON'],
    ['a line that is no entry', fileOf([...lines(), '[]']), 'a.jsonl line 5: a list is not an object'],
    ['a second session', fileOf([...lines(), ...lines()]), 'a.jsonl line 5: a second session begins here'],
    ['a gap', fileOf(lines().toSpliced(2, 1)), 'a.jsonl line 3: n: entry 2 is missing before 3'],
  ])('is refused with its place where it holds %s', (_, data, message) => {
    expect(messageOf(data)).toContain(message);
  });
});
