import { describe, expect, test } from 'vitest';
import { createReplay } from '../../source/bench/engine/create-replay.ts';
import { formatVersion } from '../../source/formats/session/jsonl.ts';
import { longestLine } from '../../source/formats/session/line-splitter.ts';
import { createSessionReader, readSession } from '../../source/formats/session/read-session.ts';

const header = {
  sockbench: formatVersion,
  began: '2026-01-02T03:04:05.678Z',
  program: '1',
  platform: 'linux',
};

const about = { id: 1, actor: 'client', thread: 'c1.r', queuedAt: 0, startedAt: 0, inside: 0, looped: false };

const recv = {
  kind: 'ended',
  n: 1,
  t: 1,
  ...about,
  seen: false,
  call: 'c1.recv 5',
  outcome: { kind: 'none' },
};

const finding = {
  name: 'deadlock',
  key: 'k',
  sockets: [],
  calls: [],
  waits: [],
  queued: [],
  remedies: [],
  until: null,
  behind: { first: [], count: 0 },
};

const sample = {
  socket: 'c1',
  state: 'ESTAB',
  rcvQ: 0,
  sndQ: 0,
  timer: 'none',
  timerMs: 0,
  retransmits: 0,
  drops: 0,
};

const bytesOf = (...lines: readonly unknown[]): Uint8Array =>
  new TextEncoder().encode(
    lines.map(line => `${typeof line === 'string' ? line : JSON.stringify(line)}\n`).join(''),
  );

const messageOf = (...entries: readonly unknown[]): string => {
  const read = readSession(bytesOf(header, ...entries), 'a.jsonl');
  return read.ok ? 'read' : read.message;
};

describe('an entry is checked whole', () => {
  test.each([
    [{ ...recv, outcome: { kind: 'data' } }, 'outcome.data: missing'],
    [{ ...recv, outcome: { kind: 'data', data: {} } }, 'outcome.data: holds either text or base64'],
    [{ ...recv, outcome: { kind: 'data', data: { base64: '?' } } }, 'outcome.data.base64: "?" is not base64'],
    [
      { ...recv, outcome: { kind: 'error', code: 'EWHAT' } },
      'outcome.code: "EWHAT" is no error that this version knows',
    ],
    [
      { ...recv, outcome: { kind: 'error', code: 'toString' } },
      'outcome.code: "toString" is no error that this version knows',
    ],
    [
      { ...recv, outcome: { kind: 'count', count: 2 ** 53 } },
      'outcome.count: 9007199254740992 is not a whole number of bytes from 0 to 2^32',
    ],
    [
      { ...recv, outcome: { kind: 'made', name: ['\u001b]0;P\u0007'] } },
      "outcome.name: a list is not a socket's or file object's name such as c1 or f1",
    ],
    [
      { ...recv, outcome: { kind: 'made', name: '__proto__' } },
      `outcome.name: "__proto__" is not a socket's or file object's name such as c1 or f1`,
    ],
    [
      { ...recv, outcome: { kind: 'none', local: { host: 'x', port: 1 } } },
      'outcome.local.host: "x" is not a literal address',
    ],
    [
      { ...recv, outcome: { kind: 'none', peer: { host: '::1', port: 70000 } } },
      'outcome.peer.port: 70000 is not a port from 0 to 65535',
    ],
    [{ ...recv, outcome: { kind: 'dance' } }, 'outcome.kind: "dance" is no outcome that this version knows'],
    [{ ...recv, outcome: undefined }, 'outcome: missing'],
    [{ ...recv, thread: 7 }, "thread: 7 is not a thread's name such as c1.r, or empty"],
    [{ ...recv, queuedAt: 'a' }, 'queuedAt: "a" is not a time from 0 to 10^13 ms'],
    [{ ...recv, t: -1 }, 't: -1 is not a time from 0 to 10^13 ms'],
    [JSON.stringify(recv).replace('"t":1', '"t":1e308'), 't: 1e+308 is not a time from 0 to 10^13 ms'],
    [JSON.stringify(recv).replace('"t":1', '"t":1e999'), 't: Infinity is not a time from 0 to 10^13 ms'],
    [{ ...recv, startedAt: {} }, 'startedAt: an object is not a time from 0 to 10^13 ms'],
    [{ ...recv, looped: 'no' }, 'looped: "no" is not true or false'],
    [{ ...recv, id: 0.5 }, 'id: 0.5 is not a whole number from 1 to 2^53 - 1'],
    [{ ...recv, call: 5 }, 'call: 5 is not a text'],
    [{ ...recv, call: 'c1.fly' }, 'call: "c1.fly" is no call: fly is no call'],
    [
      { ...recv, call: 'constructor.recv 5' },
      'call: "constructor.recv 5" is no call: constructor is no socket and no file',
    ],
    [{ ...recv, call: `c1.send "${'x'.repeat(99)}` }, `call: "c1.send \\"${'x'.repeat(31)}"... is no call`],
    [{ ...recv, kind: 'constructor' }, 'kind: "constructor" is no entry that this version knows'],
    [{ n: 1, t: 1, kind: 'finding', on: true, finding: {} }, 'finding.name: missing'],
    [
      { n: 1, t: 1, kind: 'finding', on: true, finding: { ...finding, calls: [1, 'x'] } },
      'finding.calls.1: "x" is not a whole number',
    ],
    [
      { n: 1, t: 1, kind: 'event', event: 'late', socket: 'c1', bytes: -1 },
      'bytes: -1 is not a whole number of bytes',
    ],
    [
      {
        n: 1,
        t: 1,
        kind: 'sample',
        source: 'kernel',
        readAt: 0,
        taken: [],
        sockets: [{ ...sample, rcvQ: null }],
      },
      'sockets.0.rcvQ: null is not a whole number',
    ],
    [
      { n: 1, t: 1, kind: 'loop', program: '__proto__', loop: 'accept', on: true },
      'program: "__proto__" is no program',
    ],
    [
      { n: 1, t: 1, kind: 'policy', program: 'client', policy: 'toString' },
      'policy: "toString" is no policy',
    ],
    [{ n: 1, t: 1, kind: 'checkpoint', state: { t: 1 } }, 'state.programs: missing'],
    ['null', 'null is not an object'],
    ['7', '7 is not an object'],
    [`${'['.repeat(100_000)}${']'.repeat(100_000)}`, 'a list is not an object'],
    [
      JSON.stringify(recv).replace('"c1.r"', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`),
      'thread: an object is not',
    ],
  ])('%j', (entry, message) => {
    const said = messageOf(entry);
    expect(said).toContain(`a.jsonl line 2: ${message}`);
    expect(said.length).toBeLessThan(500);
  });

  test('numbers have no gap and times do not go back', () => {
    const note = { kind: 'note', n: 2, t: 0.5, level: 'info', text: 'x' };
    expect(messageOf(recv, note)).toBe('a.jsonl line 3: t: 0.5 is before the line above, 1');
    expect(messageOf(recv, { ...note, n: 1, t: 2 })).toBe('a.jsonl line 3: n: entry 2 is missing before 1');
  });

  test.each([
    [
      { ...header, began: '+275760-09-13T00:00:00.000Z' },
      'began: "+275760-09-13T00:00:00.000Z" is not when the session began',
    ],
    [{ ...header, began: '2026-13-41T00:00:00.000Z' }, 'began: "2026-13-41T00:00:00.000Z" is not when'],
    [{ ...header, began: undefined }, 'began: missing'],
    [{ ...header, platform: {} }, 'platform: an object is not a text'],
    [{ ...header, start: { policy: 'duplex' } }, 'start.loops: missing'],
  ])('the header too: %j', (head, message) => {
    const read = readSession(bytesOf(head, recv), 'a.jsonl');
    expect(read.ok ? '' : read.message).toContain(`a.jsonl line 1: ${message}`);
  });

  test('what it does not name is left out', () => {
    const read = readSession(
      bytesOf(header, `{"__proto__":{"polluted":1},"extra":1,${JSON.stringify(recv).slice(1)}`),
      'a.jsonl',
    );
    if (!read.ok) throw new Error(read.message);
    expect(Object.keys(read.session.entries[0]!)).not.toContain('extra');
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  test('options may be called anything', () => {
    const lines = [
      'c1 = socket AF_INET SOCK_STREAM',
      'c1.setsockopt toString __proto__ 1',
      'c1.setsockopt SOL_SOCKET constructor 2',
    ];
    const outcomes = [{ kind: 'made', name: 'c1' }, { kind: 'none' }, { kind: 'none' }];
    const entries = lines.map((call, index) => ({
      ...recv,
      n: index + 1,
      id: index + 1,
      call,
      outcome: outcomes[index],
    }));
    const read = readSession(bytesOf(header, ...entries), 'a.jsonl');
    if (!read.ok) throw new Error(read.message);
    expect(Object.entries(read.session.state.sockets.get('c1')!.options)).toEqual([
      ['__proto__', '1'],
      ['constructor', '2'],
    ]);
  });
});

describe('links of a file', () => {
  test('are not believed, but folded again', () => {
    const note = (n: number, links: object) => ({
      kind: 'note',
      n,
      t: n,
      level: 'info',
      text: 'x',
      ...links,
    });
    const read = readSession(
      bytesOf(header, note(1, { prev: 1, by: 1, wakes: 1 }), note(2, { prev: 9, by: 2 })),
      'a.jsonl',
    );
    if (!read.ok) throw new Error(read.message);
    expect(read.session.entries.map(({ prev, by, wakes }) => [prev, by, wakes])).toEqual([
      [0, undefined, undefined],
      [0, undefined, undefined],
    ]);
  });
});

describe('a line that never ends', () => {
  const chunk = Buffer.alloc(32 * 1024 ** 2, 'x');

  const refusalOf = (...first: readonly unknown[]): { message: string; chunks: number } => {
    const reader = createSessionReader('endless');
    reader.take(bytesOf(...first));
    for (let chunks = 1; chunks < 100; chunks++) {
      const refused = reader.take(chunk);
      if (refused) return { message: refused.message, chunks };
    }
    throw new Error('3 GB were read');
  };

  test('is refused as soon as it is no header', () => {
    expect(refusalOf()).toEqual({
      message: expect.stringContaining('endless: this is no session file'),
      chunks: 1,
    });
  });

  test('is refused where no string holds it', () => {
    const { message, chunks } = refusalOf(header);
    expect(message).toContain(
      `endless line 2: longer than the longest line that is read, ${longestLine} bytes`,
    );
    expect(chunks).toBe(16);
  });

  test('nor do empty lines go on', () => {
    const reader = createSessionReader('endless');
    reader.take(bytesOf(header));
    expect(reader.take(Buffer.alloc(5_000, '\n'))?.message).toBe(
      'endless line 1002: nothing but empty lines follow',
    );
  });
});

test('entries that fit together badly are replayed all the same', () => {
  const endpoint = (port: number) => ({ host: '127.0.0.1', port });
  const calls: readonly [string, object][] = [
    ['a7 = s9.accept', { kind: 'made', name: 'a7', local: endpoint(1), peer: endpoint(1) }],
    ['c1 = socket AF_INET SOCK_STREAM', { kind: 'made', name: 'f1' }],
    ['c2 = socket AF_INET SOCK_DGRAM', { kind: 'made', name: 'c2' }],
    ['a1 = c2.accept', { kind: 'made', name: 'c2', local: endpoint(9), peer: endpoint(9) }],
    ['c2.connect 127.0.0.1:9', { kind: 'none', local: endpoint(9), peer: endpoint(9) }],
    ['c2.recv 1GiB', { kind: 'data', data: { text: '' }, dropped: 2 ** 32, lost: 2 ** 32 }],
    ['f1 = c2.makefile "rwb"', { kind: 'made', name: 'f1' }],
    ['f1.flush', { kind: 'count', count: 2 ** 32 }],
    ['c2.close', { kind: 'endpoints', endpoints: [] }],
    ['getaddrinfo "a" 80 AF_INET', { kind: 'endpoints', endpoints: [endpoint(80)] }],
    [
      'getaddrinfo None 80',
      {
        kind: 'endpoints',
        endpoints: [{ ...endpoint(80), type: 'SOCK_RAW', protocol: 0 }],
        fallback: 'a list',
      },
    ],
    ['c2.close', { kind: 'none' }],
  ];
  const entries = calls.map(([call, outcome], index) => ({
    ...recv,
    n: index + 1,
    t: index,
    id: 1,
    call,
    outcome,
    seen: true,
  }));
  const read = readSession(bytesOf(header, ...entries), 'a.jsonl');
  if (!read.ok) throw new Error(read.message);
  const { control } = createReplay({ entries: read.session.entries, began: 0, cut: false });
  for (const _ of entries) control.step(-1);
  expect(control.view().n).toBe(0);
});
