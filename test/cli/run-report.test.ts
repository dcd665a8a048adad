import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { junitXml } from '../../source/formats/junit.ts';
import { readSession } from '../../source/formats/session/read-session.ts';
import { anyText } from '../core/arbitraries.ts';
import { commandLine } from '../labs/command-line.ts';
import { runsOf } from '../support/sizes.ts';

const folder = mkdtempSync(join(tmpdir(), 'sockbench-report-'));
afterAll(() => rmSync(folder, { recursive: true }));

const lab = join(folder, 'two stages.yaml');
const stage = (...lines: readonly string[]) => `  - do: |\n${lines.map(line => `      ${line}\n`).join('')}`;
writeFileSync(
  lab,
  `lab: two\ntitle: x\nstages:\n${stage('c1 = socket', 'c1.getpeername => ENOTCONN')}${stage('c1.recv 1 => "<&\\">"')}${stage('c1.close => ok')}`,
);

const records = (out: string) =>
  out
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line));

describe('run --json', () => {
  it('carries a verdict a line and a summary: a reader needs nothing of stderr', async () => {
    const { code, out } = await commandLine(
      'run',
      '--json',
      '-e',
      'c1 = socket',
      'c1.recv 1 => "x"',
      'c1.recv 1',
    );
    expect(code).toBe(1);
    const verdicts = records(out).filter(({ kind }) => kind === 'verdict');
    expect(verdicts).toMatchObject([
      { line: 1, text: 'c1 = socket', status: 'done', ok: true, expected: null, found: 'c1' },
      { line: 2, status: 'failed', ok: false, expected: '"x"', found: expect.stringMatching(/^ENOTCONN/) },
      { line: 3, status: 'failed', ok: false, expected: null, found: expect.stringMatching(/^ENOTCONN/) },
    ]);
    expect(records(out).at(-1)).toEqual({ kind: 'summary', exit: 1, passed: 0, failed: 2, skipped: 0 });
  });

  it('of a lab says the stage, and is still a session that can be read', async () => {
    const { out } = await commandLine('run', '--json', lab);
    expect(records(out).find(({ ok }) => ok === false)).toMatchObject({ line: 8, stage: 2 });
    expect(records(out).filter(({ kind }) => kind === 'summary')).toEqual([
      { kind: 'summary', lab: 'two', passed: 2, failed: 1, skipped: 0 },
      { kind: 'summary', exit: 1, passed: 2, failed: 1, skipped: 0 },
    ]);
    const read = readSession(Buffer.from(out), 'lab');
    expect(read.ok && read.session.entries.filter(({ kind }) => kind === 'ended')).toHaveLength(4);
  });
});

/** What Python's XML parser makes of it: an error, or its attributes and texts. */
const python = `
import sys, json, xml.etree.ElementTree as tree
root = tree.fromstring(sys.stdin.buffer.read())
print(json.dumps([[e.tag, e.attrib, e.text] for e in root.iter()]))
`;
const parsed = (xml: string): [string, Record<string, string>, string | null][] => {
  const { stdout, stderr, status } = spawnSync('python3', ['-c', python], {
    input: xml,
    maxBuffer: Infinity,
  });
  expect({ status, stderr: stderr.toString() }).toEqual({ status: 0, stderr: '' });
  return JSON.parse(stdout.toString());
};

const hasPython = spawnSync('python3', ['-c', '']).status === 0;

describe.runIf(hasPython)('run --junit', () => {
  it('has a case for each line that was judged, what failed, and how to run it again', async () => {
    const file = join(folder, 'report.xml');
    expect(await commandLine('run', '--junit', file, lab)).toMatchObject({ code: 1 });
    const elements = parsed(readFileSync(file, 'utf8'));
    expect(elements.filter(([tag]) => tag === 'testcase')).toHaveLength(3);
    expect(elements.find(([tag]) => tag === 'testsuite')?.[1]).toMatchObject({
      name: 'two',
      tests: '3',
      failures: '1',
    });
    const [, { message }, text] = elements.find(([tag]) => tag === 'failure')!;
    expect(message).toMatch(/^expected "<&\\">", found ENOTCONN/);
    expect(text).toContain(`again: sockbench run '${lab}' --stage 2`);
    expect(elements.at(-1)?.[1]?.name).toContain(`${lab}:10 c1.close => ok`);
  });

  it('is XML whatever stands in it', () => {
    const texts = fc.sample(anyText, runsOf('texts in a report'));
    const cases = texts.map(text => ({ name: text, place: text, failure: text, skipped: null, again: text }));
    const elements = parsed(junitXml([{ name: 'any', began: 0, seconds: 0, cases }]));
    expect(elements.filter(([tag]) => tag === 'failure')).toHaveLength(texts.length);
  });

  it('is refused before anything runs where it cannot be written', async () => {
    const { code, out, err } = await commandLine('run', '--junit', join(folder, 'none', 'x.xml'), lab);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/--junit: .* is in a folder that does not exist/);
  });
});

describe('run --stage', () => {
  it('goes as far as that stage, and a failure names it', async () => {
    const whole = await commandLine('run', lab);
    expect(whole.err).toContain(`again: sockbench run '${lab}' --stage 2`);
    const { code, out } = await commandLine('run', lab, '--stage', '2');
    expect(code).toBe(1);
    expect(out).toMatch(/^1 passed, 1 failed, 0 skipped$/m);
    expect((await commandLine('run', lab, '--stage', '1')).code).toBe(0);
  });

  it.each([
    [['--stage', '4', lab], /has 3 stages/],
    [['--stage', 'x', lab], /x is no stage/],
    [['--stage', '1', lab, 'tour'], /name one lab/],
    [['--stage', '1', '-e', 'c1 = socket'], /--stage 1 is of a lab/],
  ])('%j is refused', async (words, message) => {
    const { code, err } = await commandLine('run', ...words);
    expect(code).toBe(2);
    expect(err).toMatch(message);
  });
});
