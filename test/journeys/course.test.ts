import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { key } from '../e2e/keys.ts';
import type { Terminal } from '../e2e/terminal.ts';
import { createKeeper, openWorkbench } from '../e2e/workbench.ts';

const keep = createKeeper();
afterEach(keep.end);

/** What is kept between the runs of one student. */
const folder = mkdtempSync(join(tmpdir(), 'sockbench-student-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const env = { XDG_STATE_HOME: folder };

const open = async (...args: readonly string[]): Promise<Terminal> =>
  keep.terminal(await openWorkbench({ args: ['lab', ...args], env, cols: 80, rows: 24 }));

const program = resolve(import.meta.dirname, '../../bin/sockbench.cjs');

const sockbench = (...args: readonly string[]): string => {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], {
    encoding: 'utf8',
    env: { ...process.env, ...env },
  });
  if (status !== 0) throw new Error(stderr);
  return stdout;
};

/** The lesson's own rows: not the clocks above it. */
const lesson = (terminal: Terminal): string =>
  terminal
    .screen()
    .filter(row => row.startsWith('║') || row.startsWith('╔═ 6'))
    .join('\n');

const waits = /> next|Space goes on with stage|The lab is over/;

/** Presses a key of the lesson, and waits for what comes of it. */
const press = async (terminal: Terminal, name: string): Promise<string> => {
  const before = lesson(terminal);
  terminal.type(name);
  await terminal.until(
    () => lesson(terminal) !== before && waits.test(lesson(terminal)) && !/> running/.test(lesson(terminal)),
  );
  return lesson(terminal);
};

/** Steps until the lesson shows this. */
const stepTo = async (terminal: Terminal, pattern: RegExp): Promise<void> => {
  for (let presses = 0; !pattern.test(lesson(terminal)); presses++) {
    if (presses > 40) throw new Error(`never shown: ${pattern}\n${terminal.picture()}`);
    await press(terminal, key.space);
  }
};

test('a student goes through three chapters, predicts rightly and wrongly, stops half way, and goes on', async () => {
  // Names: may a UDP server have the number of a TCP server? The student thinks that bind fails.
  const first = await open('same-port');
  await first.until(/6 Lab same-port 1\/3 \*/);
  await stepTo(first, /> next +u1\.bind/);
  expect(await press(first, 'f')).toMatch(/You said: it fails\. Not this time: it returns\./);
  await stepTo(first, /> next +s2\.bind/);
  expect(await press(first, 'f')).toMatch(/You said: it fails\. So it is\./);
  await stepTo(first, /The lab is over/);
  await first.until(/Of your 2 predictions 1 was/);

  // Errors: n opens the next lab of the course, in the next chapter.
  await first.until(/n opens the next lab/);
  first.type('n');
  await first.until(/6 Lab error-refused 1\/3 \*/);
  await stepTo(first, /> next +c1\.connect/);
  await press(first, 'v');
  await first.until(/> it returns/);
  first.type(`ECONNREFUSED${key.enter}`);
  await first.until(/You said: it returns ECONNREFUSED\. So it is\./);
  await stepTo(first, /The lab is over/);

  // UDP: chosen from the list, where the other two are done, and left half way through.
  first.type('e');
  await first.until(/2 of \d+ done/);
  first.type('udp-truncation');
  await first.until(/> udp-truncation/);
  first.type(key.enter);
  await first.until(/Leave the lab|6 Lab udp-truncation 1\/3/);
  if (/Leave the lab/.test(first.picture())) first.type('y');
  await first.until(/6 Lab udp-truncation 1\/3 \*/);
  await stepTo(first, /Space goes on with stage 2/);
  await press(first, key.space);
  await stepTo(first, /> next +u1\.settimeout/);
  first.type('q');
  expect(await first.exited).toBe(0);

  const file = join(folder, 'sockbench', 'progress.json');
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(Object.keys(JSON.parse(readFileSync(file, 'utf8')).done)).toEqual(['same-port', 'error-refused']);
  expect(sockbench('labs')).toMatch(/done +same-port .* easy +4 min/);
  expect(sockbench('labs')).toMatch(/at 2 +udp-truncation/);
  expect(sockbench('doctor')).toContain(
    `${file}, 2 labs done; sockbench labs --reset [NAME] forgets one, or all`,
  );

  // The next day: the lab alone goes on at its step.
  const second = await open();
  await second.until(/6 Lab udp-truncation 2\/3 \*/);
  await second.until(/> next +u1\.settimeout/);
  await stepTo(second, /The lab is over/);
  second.type('q');
  expect(await second.exited).toBe(0);

  const rows: readonly { name: string; done: string | null }[] = JSON.parse(sockbench('labs', '--json'));
  expect(rows[0]!.name).toBe('tour');
  expect(rows.filter(({ done }) => done !== null).map(({ name }) => name)).toEqual([
    'same-port',
    'error-refused',
    'udp-truncation',
  ]);
  expect(sockbench('labs', '--reset', 'same-port')).toBe('same-port is as if never opened.\n');
  expect(sockbench('labs')).not.toMatch(/done +same-port/);
  expect(sockbench('labs', '--reset')).toBe('All labs are as if never opened.\n');
  expect(sockbench('labs')).not.toMatch(/^ +done /m);
});
