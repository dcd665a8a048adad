import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lacks } from '../../source/cli/labs/lacks.ts';
import { ensureBuilt, projectFolder } from '../e2e/terminal.ts';
import { startProgram } from '../traces/programs.ts';
import { blocks, readDocument } from './readme.ts';

const page = readDocument('docs/why.md');
const python = blocks(page, 'python');
const answers = blocks(page, 'text').filter(text => text.startsWith('$ '));

const needs = [await lacks('linux'), await lacks('koffi'), await lacks('python')];
const program = join(projectFolder, 'bin/sockbench.cjs');

type Answer = { readonly code: number; readonly text: string };

const why = (name: string): Promise<Answer> =>
  new Promise(resolve => {
    execFile(process.execPath, [program, 'why', name], (error, stdout) =>
      resolve({ code: Number(error?.code ?? 0), text: stdout }),
    );
  });

/** Without what differs from run to run: numbers, and how an installation calls its Python. */
const masked = (text: string): string =>
  text.replace(/python3?(?:\.\d+)*/g, 'python3').replace(/\d+(?:[.,:]\d+)*/g, '#');

/** Verdicts are certain where the programs have come to rest: asked until the page's answer comes, or none comes. */
const answerLike = async (name: string, expected: string): Promise<Answer> => {
  const until = performance.now() + 20_000;
  for (;;) {
    const answer = await why(name);
    if (masked(answer.text) === expected || performance.now() > until) return answer;
  }
};

describe.runIf(needs.every(lack => lack === null))('docs/why.md', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sockbench-why-'));
  beforeAll(ensureBuilt);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test('has a program for each answer', () => {
    expect(python.length).toBe(5);
    expect(answers.length).toBe(5);
  });

  test.each(python.map((text, index) => [/^# (.*\.py)$/m.exec(text)![1]!, text, answers[index]!]))(
    '%s hangs as the page says',
    async (name, text, answer) => {
      const [command = '', ...lines] = answer.split('\n');
      expect(command).toBe(`$ sockbench why ${name}`);
      const own = `${process.pid}-${name}`;
      writeFileSync(join(folder, own), text);
      const running = startProgram('python3', [own], folder);
      try {
        const expected = masked(lines.join('\n')).replaceAll(name, masked(own));
        const told = await answerLike(own, expected);
        expect(masked(told.text)).toBe(expected);
        expect(told.code).toBe(expected.startsWith('DEADLOCK:') || expected.includes('\nDEADLOCK:') ? 3 : 0);
      } finally {
        await running.stop();
      }
    },
  );
});
