import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import type { Bench } from '../../source/bench/engine/bench.ts';
import { formatCall } from '../../source/core/language/line.ts';
import { createScript } from '../../source/labs/script.ts';
import { available } from '../drivers/native.ts';
import { realBench, runText } from './running.ts';

const connection = `
  s1 = socket AF_INET SOCK_STREAM
  s1.bind 127.0.0.1:$port
  s1.listen 5
  c1 = socket AF_INET SOCK_STREAM
  c1.connect 127.0.0.1:$port
  a1 = s1.accept`;

const free = 'let: { port: free }';

/** The calls of a socket as the journal has them. */
const callsOf = (bench: Bench, start: string): string[] =>
  bench.journal
    .slice(1, bench.journal.last())
    .flatMap(entry => (entry.kind === 'ended' ? [formatCall(entry.call)] : []))
    .filter(text => text.startsWith(start));

describe('recv until', () => {
  // Without koffi MSG_PEEK is modelled: what it has seen is in this process by then, and not in the kernel's queue.
  it.skipIf(!available)('takes what belongs to it and nothing beyond, by real calls', async () => {
    const { report, bench } = await runText(
      free,
      connection,
      `c1.sendall "one\\r\\ntwo\\r"
       a1.recv until "\\r\\n"            => "one\\r\\n"
       expect a1.rcv-q == 4
       c1.sendall "\\nthree\\r\\n\\r\\nrest"
       d = a1.recv until "\\r\\n\\r\\n"  => "two\\r\\nthree\\r\\n\\r\\n"
       a1.recv 100                       => "rest"`,
    );
    expect(report).toMatchObject({ passed: 4, failed: 0 });
    expect(callsOf(bench, 'a1.recv').slice(0, 2)).toEqual(['a1.recv 64KiB MSG_PEEK', 'a1.recv 5']);
  });

  it('finds a delimiter that comes a byte at a time', async () => {
    const { report } = await runText(
      free,
      connection,
      `repeat 3 every 5ms c1.send "\\r" &
       c1.send "\\n!" &
       a1.recv until "\\r\\n" => "\\r\\r\\r\\n" within 10s
       a1.recv 1 => "!"`,
    );
    expect(report.messages).toEqual([]);
  });

  it.each([
    ['a1.recv until "x"', 'expected bytes up to "x", found EOF, behind "abc" (3 bytes)'],
    ['a1.recv until "x" => "abc"', 'expected bytes up to "x", found EOF, behind "abc" (3 bytes)'],
  ])('%s tells that the stream ended first', async (line, reason) => {
    const { report } = await runText(free, connection, `c1.sendall "abc"\nc1.close\n${line}`);
    expect(report.failed).toBe(1);
    expect(report.messages[0]).toContain(reason);
  });

  it('may expect the end of the stream, and keeps what came before it', async () => {
    const { report } = await runText(
      free,
      connection,
      'c1.sendall "abc"\nc1.shutdown\nd = a1.recv until "x" => EOF\na1.sendall $d\nc1.recv 9 => "abc"',
    );
    expect(report).toMatchObject({ passed: 2, failed: 0 });
  });

  it.each([
    ['a1.recv until "x" within 50ms', /no "x" within 50ms, behind "abc"/],
    ['a1.settimeout 50ms\na1.recv until "x"', /expected no error, found TIMEOUT.*behind "abc"/],
    ['u1 = socket AF_INET SOCK_DGRAM\nu1.recv until "x"', /recv until reads a stream, and u1 has datagrams/],
  ])('%s fails', async (lines, reason) => {
    const { report } = await runText(free, connection, `c1.sendall "abc"\n${lines}`);
    expect(report.failed).toBe(1);
    expect(report.messages[0]).toMatch(reason);
  });
});

it('a variable carries 64 KiB of any bytes from one socket to another, exactly', async () => {
  const bench = realBench();
  const data = Buffer.concat([
    Buffer.alloc(256, 0),
    Buffer.from([...Array(256).keys()]),
    randomBytes(65_024),
  ]);
  const script = createScript({
    bench,
    signal: new AbortController().signal,
    judgeTimes: true,
    readFile: async () => data,
  });
  const lines = [
    's1 = socket',
    's1.bind 127.0.0.1:0',
    's1.listen',
    'me = s1.getsockname',
    'c1 = socket',
    'c1.connect $me',
    'a1 = s1.accept',
    'c1.sendall file"data"',
    'd = a1.recv 64KiB MSG_WAITALL => 64KiB bytes',
    'a1.sendall $d',
  ];
  for (const line of lines) expect(await script.run(line)).not.toHaveProperty('message');
  const { outcome } = (await script.run('c1.recv 64KiB MSG_WAITALL')) as { outcome: { data: Uint8Array } };
  expect(Buffer.from(outcome.data).equals(data)).toBe(true);
});

describe('repeat', () => {
  it('runs the rest of its line so often, and counts once', async () => {
    const { report, bench } = await runText(
      free,
      connection,
      'repeat 5 c1.send "ab" => 2\nrepeat 10 a1.recv 1 => 1 bytes\nexpect a1.receives == 10',
    );
    expect(report).toMatchObject({ passed: 3, failed: 0 });
    expect(callsOf(bench, 'c1.send')).toHaveLength(5);
  });

  it('every 20ms: a round begins no sooner', async () => {
    const { bench } = await runText(free, connection, 'repeat 4 every 20ms c1.send "a"');
    const ended = bench.journal
      .slice(1, bench.journal.last())
      .flatMap(entry => (entry.kind === 'ended' ? [entry] : []));
    const sends = ended.filter(({ call }) => call.name === 'send');
    expect(sends).toHaveLength(4);
    // The line begins once the one before it has ended; its first round may be late, the others go by its beginning.
    const before = ended[ended.indexOf(sends[0]!) - 1]!;
    expect(sends[3]!.queuedAt - before.t).toBeGreaterThanOrEqual(60);
  });

  it('fails with the first round that did, and goes on', async () => {
    const { report } = await runText(
      free,
      connection,
      'c1.send "aba"\nrepeat 3 a1.recv 1 => "a"\nexpect a1.received == 3',
    );
    expect(report).toMatchObject({ passed: 1, failed: 1 });
    expect(report.messages[0]).toContain('round 2 of 3: expected "a", found "b"');
  });

  it('ends with an error that nobody expects', async () => {
    const { report, bench } = await runText('', 'c1 = socket\nrepeat 100 c1.recv 1');
    expect(report.failed).toBe(1);
    expect(callsOf(bench, 'c1.recv')).toHaveLength(1);
  });
});

describe('policy and loops as lines', () => {
  it('a policy holds from its line on', async () => {
    const { report } = await runText(
      free,
      connection,
      `client.policy single
       c1.recv 10 &    => blocked
       c1.send "x" &   => queued
       a1.send "y"
       wait c1.recv    => "y"
       wait c1.send    => 1`,
    );
    expect(report.messages).toEqual([]);
  });

  it('loops accept and receive by themselves, and their sockets have names', async () => {
    const { report } = await runText(
      free,
      `tcp-server.loop accept on
       s1 = socket
       s1.bind 127.0.0.1:$port
       s1.listen
       c1 = socket
       c1.connect 127.0.0.1:$port
       expect s1.accepted == 1 within 10s
       tcp-server.loop receive on
       c1.sendall "abc"
       expect a1.received == 3 within 10s
       tcp-server.loop receive off
       a1.send "x" => 1`,
    );
    expect(report.messages).toEqual([]);
    expect(report).toMatchObject({ passed: 3, failed: 0 });
  });
});

it('an error that no line expects fails its line, and the lab goes on', async () => {
  const { report } = await runText('', 'c1 = socket\nc1.recv 1\nc1.getpeername => ENOTCONN');
  expect(report).toMatchObject({ passed: 1, failed: 1 });
  expect(report.messages[0]).toContain('test.yaml:6: FAILED c1.recv 1\n  expected no error, found ENOTCONN');
});

it('an error of a call that no line waited for counts at the end, with its line', async () => {
  const { report } = await runText(
    free,
    connection,
    'a1.recv 1 & => blocked\nc1.reset\nc1 = socket\nc1.getpeername => ENOTCONN',
  );
  expect(report).toMatchObject({ passed: 1, failed: 1 });
  expect(report.messages[0]).toContain(
    'FAILED a1.recv 1 & => blocked\n  expected no error, found ECONNRESET',
  );
});
