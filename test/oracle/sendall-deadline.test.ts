import { execFileSync, spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { headlessBench } from '../../source/cli/labs/headless.ts';
import { createScript } from '../../source/labs/script.ts';

const hasPython = spawnSync('python3', ['-c', '']).status === 0;

const limitMs = 500;

/** Nobody reads: sendall of 64 MiB with a timeout of 0.5 s. Prints the ms until TimeoutError. */
const python = `
import socket, time
s = socket.create_server(('127.0.0.1', 0))
c = socket.create_connection(s.getsockname())
a, _ = s.accept()
c.settimeout(0.5)
data = b'x' * (64 << 20)
began = time.monotonic()
try:
    c.sendall(data)
except TimeoutError:
    print((time.monotonic() - began) * 1000)
`;

const inPython = (): number => Number(execFileSync('python3', ['-c', python]).toString());

const lines = [
  's1 = socket',
  's1.bind 127.0.0.1:0',
  'at = s1.getsockname',
  's1.listen 1',
  'c1 = socket',
  'c1.connect $at',
  'a1 = s1.accept',
  `c1.settimeout ${limitMs}ms`,
  'c1.sendall 64MiB of "x" => TimeoutError',
];

const onBench = async (): Promise<number> => {
  const bench = headlessBench();
  const { signal } = new AbortController();
  const readFile = async () => new Uint8Array();
  const script = createScript({ bench, signal, judgeTimes: true, readFile });
  for (const line of lines) await script.run(line);
  bench.flush();
  const entries = bench.journal.slice(1, bench.journal.last());
  const ended = entries.find(entry => entry.kind === 'ended' && entry.call.name === 'sendall');
  const running = entries.find(entry => entry.kind === 'running' && entry.call.name === 'sendall');
  await bench.dispose();
  if (ended?.kind !== 'ended' || ended.outcome.kind !== 'error' || ended.startedAt === null)
    return Number.NaN;
  expect(ended.outcome.code).toBe('TIMEOUT');
  expect(ended.outcome.count).toBeGreaterThan(0);
  // One deadline for the whole call, however much of it the kernel takes meanwhile (CPython's sock_sendall).
  const deadline = running?.kind === 'running' ? running.deadline : null;
  expect(deadline).toBeGreaterThanOrEqual(ended.startedAt + limitMs);
  expect(ended.t).toBeGreaterThanOrEqual(deadline!);
  return ended.t - ended.startedAt;
};

/** How much later than its deadline either ends is the machine's affair: `npm run bench -- deadline` has the figures. */
test.runIf(hasPython)(
  'a blocked sendall with a timeout has one deadline and ends no sooner, as in CPython',
  async () => {
    expect(await onBench()).toBeGreaterThanOrEqual(limitMs);
    expect(inPython()).toBeGreaterThanOrEqual(limitMs);
  },
);
