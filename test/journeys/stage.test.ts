import { afterEach, expect, test } from 'vitest';
import { key } from '../e2e/keys.ts';
import type { Terminal } from '../e2e/terminal.ts';
import { createKeeper, openWorkbench } from '../e2e/workbench.ts';

const keep = createKeeper();

afterEach(keep.end);

const hidden = /[>❯] next +\?/;

/** The next step, which waits to be asked for. */
const atRest = (terminal: Terminal): Promise<unknown> => terminal.until(hidden);

/** What stands in the pane with the focus: no clock runs there. */
const lesson = (terminal: Terminal): string =>
  [
    ...terminal
      .screen()
      .join('\n')
      .matchAll(/║(.*?)║|═ (6 Lab .*?) ═/g),
  ]
    .map(([, row, title]) => row ?? title)
    .join('\n');

/** Space, and then the step stands there as it was made. */
const steps = async (terminal: Terminal, made: RegExp): Promise<void> => {
  await atRest(terminal);
  expect(terminal.picture()).not.toMatch(made);
  terminal.type(key.space);
  await terminal.until(made);
};

/** What a Space changes: the stage's number, else how many of its steps are done. */
const progress = (shown: string): string =>
  `${/Lab deadlock-read (\d+)/.exec(shown)?.[1]}, ${shown.match(/^ +done /gm)?.length}`;

/** Steps on until the lesson has come to a stage whose first step is hidden. */
const toStage = async (terminal: Terminal, stage: number): Promise<void> => {
  const title = new RegExp(`Lab deadlock-read ${stage}/`);
  while (!title.test(terminal.picture())) {
    await terminal.until(() => /[>❯] next +\?|goes on with stage/.test(lesson(terminal)));
    const before = progress(lesson(terminal));
    terminal.type(key.space);
    await terminal.until(() => progress(lesson(terminal)) !== before);
  }
};

test.each([
  [120, 36],
  [80, 24],
])('a teacher shows a deadlock on stage, at %i by %i', async (cols, rows) => {
  const terminal = keep.terminal(
    await openWorkbench({ args: ['--stage', 'lab', 'deadlock-read'], cols, rows }),
  );
  await steps(terminal, /done +s1 = socket/);
  await toStage(terminal, 2);
  // The class says what will happen; then it does.
  await steps(terminal, /c1\.recv 4096/);
  await toStage(terminal, 3);
  await atRest(terminal);
  expect(terminal.picture()).not.toContain('a1.recv 4096');
  terminal.type(';');
  await terminal.until(/[>❯] next +a1\.recv 4096/);
  expect(terminal.picture()).not.toContain('DEADLOCK');
  terminal.type(key.space);
  await terminal.until(/DEADLOCK: (?:c1\.recv waits for a1|a1\.recv waits for c1)/);
  expect(terminal.picture()).not.toMatch(/#\d+/);

  terminal.type('5');
  await terminal.until(/5 Log \*/);
  const log = terminal.screen().flatMap(row => /[│║] {2}[ >] *(\d+\.\d{6}) /.exec(row)?.[1] ?? []);
  expect(log.length).toBeGreaterThan(1);
  expect(terminal.picture()).not.toMatch(/#\d+ +\d/);
  terminal.type('Z');
  await terminal.until(/#\d+ +\d+\.\d{6} /);
});
