import { describe, expect, it } from 'vitest';
import type { Observer } from '../../source/core/model/observer.ts';
import { labOf, labText, realBench, run, runText } from './running.ts';

const connection = `
  s1 = socket AF_INET SOCK_STREAM
  s1.bind 127.0.0.1:$port
  s1.listen 1
  c1 = socket AF_INET SOCK_STREAM
  c1.connect 127.0.0.1:$port
  a1 = s1.accept`;

const free = 'let: { port: free }';

describe('an expectation that fails', () => {
  it('shows the line with its place, what was expected, what was found and the entries around it', async () => {
    const { report } = await runText(free, connection, 'c1.send "hello" => 4');
    expect(report).toMatchObject({ passed: 0, failed: 1, skipped: 0 });
    const [message = ''] = report.messages;
    expect(message).toMatch(/^test\.yaml:13: FAILED c1\.send "hello" => 4\n {2}expected 4, found 5\n/);
    expect(message).toMatch(/#\d+ +\d+\.\d+ +c1\.send "hello" = 5/);
    expect(message).toMatch(/#\d+ +\d+\.\d+ +s1\.accept = a1/);
    expect(message.split('\n').length).toBeLessThanOrEqual(11);
  });

  it('does not end the lab: the lines behind it run and are counted', async () => {
    const { report } = await runText(
      free,
      connection,
      'c1.send "hi" => 3\na1.recv 10 => "hi"\nc1.close => ok',
    );
    expect(report).toMatchObject({ passed: 2, failed: 1 });
  });

  it('counts a repeated line once, and shows the first round that failed', async () => {
    const text = labText(free, connection, 'c1.send "ab" => 2', 'a1.recv 1 => "a"').replace(
      '  - do: |\n      a1.recv',
      '  - repeat: 3\n    do: |\n      a1.recv',
    );
    const { report } = await run(await labOf(text.replace('c1.send "ab" => 2', 'c1.send "aba" => 3')));
    expect(report).toMatchObject({ passed: 1, failed: 1 });
    expect(report.messages).toHaveLength(1);
    expect(report.messages[0]).toContain('  expected "a", found "b"');
  });

  it('judges what a claim says of a state, and says what the state is', async () => {
    const { report } = await runText(free, connection, 'expect c1.state == CLOSE-WAIT within 50ms');
    expect(report.messages[0]).toContain('  c1.state is ESTAB');
  });

  it('judges times headless', async () => {
    const { report } = await runText(
      free,
      connection,
      'c1.settimeout 60ms\nc1.recv 10 => TimeoutError in 10s..20s\nc1.recv 10 => TimeoutError in 50ms..20s',
    );
    expect(report).toMatchObject({ passed: 1, failed: 1 });
    expect(report.messages[0]).toMatch(/ {2}expected in 10s\.\.20s, it took [\d.]+m?s$/m);
  });

  it('does not wait for a call that can no longer be in time: it is cancelled, and the next line runs', async () => {
    const { report } = await runText(
      free,
      connection,
      'c1.recv 10 => "x" within 50ms\nc1.send "on" => 2\na1.recv 10 => "on" within 20s',
    );
    expect(report).toMatchObject({ passed: 2, failed: 1 });
    expect(report.messages[0]).toMatch(/ {2}expected within 50ms, it was still in flight then$/m);
  });
});

describe('a lab that hangs', () => {
  it('ends at its timeout and names the calls that were blocked', async () => {
    const header = `${free}\nprograms: { tcp-server: single }\ntimeout: 1500ms`;
    const { report } = await runText(header, connection, 'a1.recv 1 &\ns1.accept &\nc1.recv 1');
    expect(report).toMatchObject({ passed: 0, failed: 1 });
    const [message = ''] = report.messages;
    expect(message).toMatch(/^test\.yaml:17: FAILED not done within 1\.5s; in flight: /);
    expect(message).toContain('a1.recv blocked');
    expect(message).toContain('s1.accept queued');
    expect(message).toContain('c1.recv blocked');
  });

  it('rejects where it is stopped from outside, and every socket can be closed then', async () => {
    const controller = new AbortController();
    const bench = realBench();
    const lab = await labOf(labText(free, connection, 'c1.recv 1'));
    bench.subscribe(state => {
      if ([...state.calls.values()].some(({ call }) => call.name === 'recv'))
        controller.abort(new Error('Ctrl-C'));
    });
    await expect(run(lab, { bench, signal: controller.signal })).rejects.toThrow('Ctrl-C');
    await bench.dispose();
    expect([...bench.state().calls.values()]).toEqual([]);
  });
});

describe('what a machine lacks', () => {
  it('skips a lab with the reason, and counts its expectations', async () => {
    const lab = await labOf(
      labText(`${free}\nneeds: koffi`, connection, 'c1.send "x" => 1\nexpect c1.sent == 1'),
    );
    const { report, bench } = await run(lab, { lacks: async need => `there is no ${need}` });
    expect(report).toEqual({
      passed: 0,
      failed: 0,
      skipped: 2,
      messages: ['test: skipped: there is no koffi'],
      lines: [],
    });
    expect(bench.journal.last()).toBe(0);
  });

  it('skips a stage alone, and asks once for it', async () => {
    const text = labText(
      free,
      connection,
      'c1.send "x" => 1\nc1.send "y" => 1',
      'a1.settimeout 0\na1.recv 9 => EAGAIN',
    );
    const lab = await labOf(
      text.replace('- do: |\n      c1.send "x"', '- needs: ipv6\n    do: |\n      c1.send "x"'),
    );
    const asked: string[] = [];
    const { report } = await run(lab, {
      lacks: async need => {
        asked.push(need);
        return 'there is no ::1';
      },
    });
    expect(report).toMatchObject({ passed: 1, failed: 0, skipped: 2 });
    expect(report.messages).toEqual(['test: stage 2 skipped: there is no ::1']);
    expect(asked).toEqual(['ipv6']);
  });

  it('skips claims about queues where the system shows none', async () => {
    const blind: Observer = { sample: async () => ({ source: 'application', samples: [] }) };
    const lab = await labOf(
      labText(free, connection, 'c1.send "x"\nexpect a1.rcv-q == 7\nexpect c1.state == ESTAB'),
    );
    const { report } = await run(lab, { bench: realBench(blind) });
    expect(report).toMatchObject({ passed: 1, failed: 0, skipped: 1 });
    expect(report.messages).toEqual(['test.yaml:14: skipped: this system does not show its queues']);
  });
});

describe('claims', () => {
  it.skipIf(process.platform !== 'linux')('about queues stand on a look after the last call', async () => {
    const { report } = await runText(
      free,
      connection,
      'expect a1.rcv-q == 0\nc1.send "hello" => 5\nexpect a1.rcv-q == 0 within 2s\nexpect a1.rcv-q == 5',
    );
    expect(report.messages).toHaveLength(1);
    expect(report.messages[0]).toContain('  a1.rcv-q is 5');
    expect(report).toMatchObject({ passed: 3, failed: 1 });
  });

  it.skipIf(process.platform !== 'linux')('tell apart what only the kernel does', async () => {
    const { report } = await runText(
      free,
      connection,
      'c1.shutdown SHUT_WR\nexpect c1.state == FIN-WAIT-2\nexpect c1.state == FIN-WAIT\nexpect c1.state != FIN-WAIT-1',
    );
    expect(report).toMatchObject({ passed: 3, failed: 0 });
  });

  it('of a refused line hold where the bench refuses it', async () => {
    const { report } = await runText(
      '',
      'expect refused c1 = socket SOCK_STREAM AF_INET\nexpect refused c1 = socket AF_INET SOCK_STREAM within 10ms',
    );
    expect(report).toMatchObject({ passed: 1, failed: 1 });
    expect(report.messages[0]).toContain('  it reads as c1 = socket AF_INET SOCK_STREAM');
  });

  it('of what is absent fail where it comes later', async () => {
    const { report } = await runText(
      `${free}\nprograms: { client: single, tcp-server: single }`,
      connection,
      'c1.recv 1 &\nexpect no finding deadlock\na1.recv 1 &\nexpect no finding deadlock',
    );
    expect(report).toMatchObject({ passed: 1, failed: 1 });
    expect(report.messages[0]).toContain('  DEADLOCK');
  });
});

describe('values that later lines use', () => {
  it('are addresses, numbers and the sender of a datagram', async () => {
    const { report } = await runText(
      free,
      `u1 = socket AF_INET SOCK_DGRAM
       u1.bind 127.0.0.1:$port
       c1 = socket AF_INET SOCK_DGRAM
       c1.sendto "question" $where => 8`.replace('$where', '127.0.0.1:$port'),
      `who = u1.recvfrom 100 => "question"
       u1.sendto "answer" $who => 6
       c1.recvfrom 100 => "answer" from 127.0.0.1:$port
       size = u1.getsockopt SOL_SOCKET SO_TYPE => 2
       c1.sendto $size of "x" 127.0.0.1:$port => 2`,
    );
    expect(report).toMatchObject({ passed: 6, failed: 0 });
  });
});

it('stops a lab of which nothing works', async () => {
  const lines = Array.from({ length: 30 }, () => 'getservbyname "http" "tcp" => 81').join('\n');
  const { report } = await runText('', lines);
  expect(report).toMatchObject({ passed: 0, failed: 22 });
  expect(report.messages.at(-1)).toContain('more than 20 expectations failed');
});

it('runs labs on benches of their own: names begin at c1 again', async () => {
  const lab = await labOf(labText(free, connection, 'expect c1.state == ESTAB'));
  for (let n = 0; n < 2; n++) expect((await run(lab)).report).toMatchObject({ passed: 1, failed: 0 });
});
