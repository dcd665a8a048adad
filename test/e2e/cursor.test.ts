import { afterEach, test } from 'vitest';
import { screenOf } from './every-key/at-terminal.ts';
import { createKeeper, openWorkbench } from './workbench.ts';

const keep = createKeeper();

afterEach(keep.end);

test('the cursor goes along from the send line into the form that is opened from there', async () => {
  const terminal = keep.terminal(await openWorkbench());
  // Nothing happens at a socket that is bound and no more: the screen is drawn anew for keys alone.
  terminal.type('3o\r');
  await terminal.until(/u1 UNCONN/);
  await terminal.until(/Recv-Q 0/);
  terminal.type('s');
  await terminal.until(/send u1 to/);
  terminal.type('hey\x18');
  await terminal.until(/Send the same again and again/);
  await terminal.until(() => /every .*‸/.test(screenOf(terminal)));
});
