import { afterEach, describe, expect, test } from 'vitest';
import { createKeeper, openWorkbench } from './workbench.ts';

const keep = createKeeper();

afterEach(keep.end);

/** What a terminal says of itself, asked by a program that ran before: xterm's ctlseqs. */
const answers = [
  '\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\',
  '\x1b]11;rgb:1e1e/1e1e/2e2e\x07',
  '\x1bP>|tmux 3.4\x1b\\',
  '\x1b_Gi=31;LcqLz\x1b\\',
] as const;

describe('what no key sent', () => {
  test('does nothing on the bench, whole or in two reads', async () => {
    const terminal = keep.terminal(await openWorkbench());
    /** All but the first row, which has the clock. */
    const below = (lines: readonly string[]) => lines.slice(1).join('\n').trimEnd();
    const before = below(terminal.screen());
    for (const answer of answers) {
      terminal.type(answer);
      const half = answer.length >> 1;
      terminal.type(answer.slice(0, half));
      terminal.type(answer.slice(half));
    }
    terminal.type('?');
    await terminal.until(/Keys in the/);
    terminal.type('\x1b');
    await terminal.until(lines => below(lines) === before);
    expect(terminal.exitCode()).toBeUndefined();
  });
});

describe('Esc and a key in one read', () => {
  test('leave a form, and go to the pane', async () => {
    const terminal = keep.terminal(await openWorkbench());
    terminal.type('L');
    await terminal.until(/Listen for TCP clients/);
    terminal.type('\x1b4');
    await terminal.until(
      lines => !lines.join('\n').includes('═ Listen for') && /Timeline \*/.test(lines.join('\n')),
    );
  });
});
