import { expect, test } from 'vitest';
import type { Lab } from '../../source/labs/lab.ts';
import { readLab } from '../../source/labs/read-lab.ts';

const header = 'lab: test\ntitle: A test\nlet: { port: free }\nstages:\n';

const stage = (keys: string, lines: string): string =>
  `  - ${keys}\n    do: |\n${lines
    .split('\n')
    .map(line => (line === '' ? '' : `      ${line}`))
    .join('\n')}\n`;

const read = (keys: string, lines: string) => readLab(header + stage(keys, lines), 'test.yaml');

const labOf = async (keys: string, lines: string): Promise<Lab> => {
  const found = await read(keys, lines);
  if (!found.ok) throw new Error(found.message);
  return found.lab;
};

/** The steps of the stage: the lines that run at one press each. */
const stepsOf = async (keys: string, lines: string): Promise<string[][]> => {
  const steps: string[][] = [];
  for (const { text, joins } of (await labOf(keys, lines)).stages[0]!.lines) {
    if (text.trim() === '') continue;
    if (joins) steps.at(-1)!.push(text);
    else steps.push([text]);
  }
  return steps;
};

const lines = 'c1 = socket\nexpect c1.state == CLOSED\nc1.close';

test('a line is a step, with what only looks or waits behind it', async () => {
  expect(await stepsOf('say: One.', lines)).toEqual([
    ['c1 = socket', 'expect c1.state == CLOSED'],
    ['c1.close'],
  ]);
  expect(await stepsOf('say: One.', 'expect refused nonsense\nsleep 1ms\nc1 = socket')).toEqual([
    ['expect refused nonsense', 'sleep 1ms'],
    ['c1 = socket'],
  ]);
});

test('lines of a stage that is together are one step, which an empty line parts', async () => {
  expect(await stepsOf('together: true', lines)).toEqual([lines.split('\n')]);
  expect(await stepsOf('together: true', 'c1 = socket\n\nc1.close\nc2 = socket')).toEqual([
    ['c1 = socket'],
    ['c1.close', 'c2 = socket'],
  ]);
  expect(await stepsOf('together: false', 'c1 = socket\n\nc1.close')).toEqual([
    ['c1 = socket'],
    ['c1.close'],
  ]);
});

test('what is predicted begins a step, each in its turn', async () => {
  const twice = 'c1 = socket\nc1.recv 1 => ENOTCONN\nc1.close\nc2 = socket';
  expect(await stepsOf('together: true\n    predict: c1.recv', twice)).toEqual([
    ['c1 = socket'],
    ['c1.recv 1 => ENOTCONN', 'c1.close', 'c2 = socket'],
  ]);
  const [first] = (await labOf('predict: [socket, socket]', twice)).stages;
  expect(first!.lines.filter(({ asked }) => asked).map(({ text }) => text)).toEqual([
    'c1 = socket',
    'c2 = socket',
  ]);
});

test('a call to predict that no line makes is refused where it stands', async () => {
  expect(await read('predict: [c1.close, c1.recv]', lines)).toEqual({
    ok: false,
    message:
      'test.yaml:5:14: stage 1: predict: no line of this stage makes the call c1.recv, behind the ones named before it',
  });
});

test('Python stands over the call that it makes, in its order, and what is left behind them', async () => {
  const source =
    'source: |\n      s = socket.socket()\n      print("connect")\n      s.connect(address)\n      # s.recv(1)\n      print("Done!")\n    together: true';
  const [first] = (
    await labOf(
      source,
      'c1 = socket\nexpect c1.state == CLOSED\nc1.connect 127.0.0.1:$port => any\nc1.recv 1 => any',
    )
  ).stages;
  expect(first!.lines.map(({ beside }) => beside)).toEqual([
    ['s = socket.socket()'],
    undefined,
    ['print("connect")', 's.connect(address)'],
    undefined,
    undefined,
  ]);
  expect(first!.rest).toEqual(['# s.recv(1)', 'print("Done!")']);
});
