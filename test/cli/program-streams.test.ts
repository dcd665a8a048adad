import { writeSync } from 'node:fs';
import { expect, test } from 'vitest';
import { toldStreams } from '../../source/cli/tracing/program-streams.ts';

test('what strace is heard of before it has come out of its pipe is told where it was written', async () => {
  const later: string[] = [];
  const streams = await toldStreams(({ data }) => later.push(String(data)), true);
  const [, out] = streams.stdio as readonly ['ignore', number, number];
  const told = (bytes: number) => streams.wrote('out', bytes).map(({ data }) => String(data));
  writeSync(out, 'listens');
  expect(told(7)).toEqual([]);
  writeSync(out, '\nand closes\n');
  expect(told(1)).toEqual(['listens\n']);
  expect(told(11)).toEqual(['and closes\n']);
  streams.given();
  await streams.over;
  expect(later).toEqual([]);
});
