import { afterEach, test } from 'vitest';
import { screenOf } from './every-key/at-terminal.ts';
import { createKeeper, listen, openWorkbench } from './workbench.ts';

const keep = createKeeper();

afterEach(keep.end);

test('the cursor goes along from the send line into the form that is opened from there', async () => {
  const terminal = keep.terminal(await openWorkbench());
  await listen(terminal);
  terminal.type('1c');
  await terminal.until(/connect/i);
  terminal.type('\r');
  await terminal.until(/c1\.connect.* = ok/);
  await terminal.until(/Recv-Q/);
  terminal.type('1s');
  await terminal.until(/send to c1 >/);
  terminal.type('hey');
  await terminal.until(/send to c1 > hey/);
  terminal.type('\x18');
  await terminal.until(/Send the same again and again/);
  await terminal.until(() => /10 times‸/.test(screenOf(terminal)));
});
