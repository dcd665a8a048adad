import { spawnSync } from 'node:child_process';
import { afterEach, describe, expect, test } from 'vitest';
import { createBench } from '../../source/bench/engine/create-bench.ts';
import { inet, portAt } from '../../source/core/addresses/endpoint.ts';
import type { Outcome } from '../../source/core/calls/outcome.ts';
import { nodeMachine } from '../../source/drivers/node/node-machine.ts';
import { lingeringLines } from '../../source/ui/panes/lingering-rows.ts';
import type { StyledLine } from '../../source/ui/parts/styled-line.ts';
import { themeFor } from '../../source/ui/theme.ts';
import { callOf } from '../support/playing.ts';
import { openScreen, type Screen } from './screen.tsx';

let screen: Screen;

const lineText = (line: StyledLine): string => line.map(({ text }) => text).join('');

afterEach(() => screen?.close());

/** Makes each call once the one before has ended, on the machine's own sockets. */
const play = async (...lines: readonly string[]): Promise<void> => {
  for (const line of lines)
    await new Promise<Outcome>(resolve => {
      screen.bench.perform(callOf(line), { onEnd: resolve });
    });
};

const connected = async (): Promise<number> => {
  const bench = createBench({ ...nodeMachine(), loops: { accept: false, receive: false } });
  screen = openScreen({ source: bench });
  await play('s1 = socket AF_INET SOCK_STREAM', 's1.bind 127.0.0.1:0', 's1.listen 5');
  bench.flush();
  const port = portAt(bench.state().sockets.get('s1')!.local) as number;
  await play('c1 = socket AF_INET SOCK_STREAM', `c1.connect 127.0.0.1:${port}`, 'a1 = s1.accept');
  return port;
};

/** What ss says of the connections to a port. */
const ss = (port: number): string =>
  String(spawnSync('ss', ['-tanoH', `( sport = :${port} or dport = :${port} )`]).stdout);

describe.skipIf(process.platform !== 'linux')('a closed socket that the kernel keeps', () => {
  test('stays, dimmed, with its state and what is left of TIME-WAIT', async () => {
    const port = await connected();
    await play('c1.close', 'a1.recv 10', 'a1.close');
    await screen.shows('c1 closed, TIME-WAIT');
    expect(screen.frame()).toMatch(/c1 closed, TIME-WAIT \d+s left/);
    expect(ss(port)).toMatch(/TIME-WAIT.*timewait/);
    expect(screen.frame()).toContain(' 1 socket ');
  });

  test('stands where it was, among those that were opened before and after it', async () => {
    const port = await connected();
    for (const n of [2, 3])
      await play(
        `c${n} = socket AF_INET SOCK_STREAM`,
        `c${n}.connect 127.0.0.1:${port}`,
        `a${n} = s1.accept`,
      );
    await play('c2.close');
    await screen.shows('c2 closed, FIN-WAIT-2');
    expect(screen.frame().replaceAll('\n', ' ')).toMatch(/c1 ESTAB.*c2 closed, FIN-WAIT-2.*c3 ESTAB/);
  });

  test('is FIN-WAIT-2 until its peer closes too, and gone once the peer has reset', async () => {
    const port = await connected();
    await play('c1.close');
    await screen.shows('c1 closed, FIN-WAIT-2');
    expect(ss(port)).toContain('FIN-WAIT-2');
    await play('a1.reset');
    await screen.hides('c1 closed');
    expect(ss(port)).not.toContain('FIN-WAIT-2');
  });

  test('says how much it has not sent yet', async () => {
    await connected();
    await play('c1.settimeout 0', 'c1.send 16MiB of "x"', 'c1.close');
    await screen.until(frame => /c1 closed, [\d.]+ [KM]iB unsent, FIN/.test(frame), 'unsent bytes');
  });

  test('begins with the call that lets go of it: a receive that was inside, or the close of its file', async () => {
    const port = await connected();
    let ended = false;
    const inside = screen.bench.perform(callOf('c1.recv 10'), { onEnd: () => (ended = true) });
    await play('c1.close');
    screen.bench.flush();
    expect(screen.bench.state().sockets.get('c1')).toMatchObject({
      closing: true,
      closed: false,
      lingers: false,
    });
    expect(ended).toBe(false);
    screen.bench.cancel(inside);
    await screen.shows('c1 closed, FIN-WAIT-2');
    await play('f1 = a1.makefile "rb"', 'a1.close', 'f1.close');
    await screen.shows('c1 closed, TIME-WAIT');
    expect(screen.bench.state().sockets.get('a1')).toMatchObject({ closing: false, closed: true });
    expect(ss(port)).toContain('TIME-WAIT');
  });

  test('is not shown after a reset, which leaves nothing', async () => {
    await connected();
    await play('c1.reset', 'a1.close');
    await screen.shows('LISTEN');
    await screen.pass(0);
    screen.bench.flush();
    expect(screen.bench.state().sockets.get('c1')).toMatchObject({ closed: true, lingers: false });
    expect(screen.frame()).not.toContain('closed, ');
  });
});

test('many are counted, the newest named', () => {
  const sockets = Array.from({ length: 9 }, (_, n) => ({
    name: `c${n + 1}`,
    peer: inet('127.0.0.1', 9000),
    kernel: { state: 'TIME-WAIT', timer: 'time-wait', timerMs: 30_000 - n, sndQ: 0 },
    kernelAt: 0,
  }));
  const lines = (count: number, room: number) => {
    const drawing = { now: 1_000, width: 38, theme: themeFor(true) };
    const { kept, rest } = lingeringLines(sockets.slice(0, count) as never, room, drawing);
    return [...kept.map(each => lineText(each.line)), ...(rest ? [lineText(rest)] : [])];
  };
  expect(lines(9, 10)).toEqual([
    expect.stringContaining('c8 closed, TIME-WAIT 29s left'),
    expect.stringContaining('c9 closed'),
    expect.stringContaining('7 more closed, kept by the kernel'),
  ]);
  expect(lines(9, 1)).toEqual(['  9 closed, kept by the kernel']);
  expect(lines(2, 3)).toHaveLength(2);
  expect(lines(2, 0)).toEqual([]);
});
