import { expect, test } from 'vitest';
import { socketLines } from '../../source/ui/panes/socket-rows.ts';
import { themeFor } from '../../source/ui/theme.ts';
import { callOf } from '../support/playing.ts';
import { createMachine } from '../support/simulated-machine.ts';
import { tableWords } from '../support/words.ts';

const listening = ['s1 = socket', 's1.bind 127.0.0.1:9000', 's1.listen 5'];
const connected = [...listening, 'c1 = socket', 'c1.connect 127.0.0.1:9000', 'a1 = s1.accept'];

/** The rows of c1 after these lines, and the looks of its first one. */
const rowsAfter = (...lines: string[]) => {
  const machine = createMachine();
  const bench = machine.bench({ policy: 'duplex', loops: { accept: false, receive: false } });
  for (const text of [...connected, ...lines]) {
    bench.perform(callOf(text));
    machine.settle();
    bench.flush();
  }
  const state = bench.state();
  const context = { bench: state, now: state.t, width: 70, theme: themeFor(false), keys: tableWords };
  const rows = socketLines(state.sockets.get('c1')!, false, 'full', context);
  const text = rows.map(spans => spans.map(part => part.text).join('')).join('\n');
  return { text, roles: new Set(rows[0]!.filter(part => part.text.trim() !== '').map(part => part.role)) };
};

test('a closed socket that a call is inside of stays, dimmed, with the call', () => {
  expect(rowsAfter('c1.recv 10').roles).not.toEqual(new Set(['dim']));
  const { text, roles } = rowsAfter('c1.recv 10', 'c1.close');
  expect(roles).toEqual(new Set(['dim']));
  expect(text).toContain('closed, the kernel keeps it while recv is inside');
  expect(text).toMatch(/recv 10 .*BLOCKED/);
});

test('one whose file object is open names the file object', () => {
  const { text } = rowsAfter('f1 = c1.makefile "rb"', 'c1.close');
  expect(text).toContain('closed, and open until f1 is closed too');
});

test('who waits for its FIN is told what brings it', () => {
  const machine = createMachine();
  const bench = machine.bench({ policy: 'duplex', loops: { accept: false, receive: false } });
  for (const text of [...connected, 'c1.recv 10', 'c1.close', 'a1.recv 10']) {
    bench.perform(callOf(text));
    machine.settle();
    bench.flush();
  }
  const state = bench.state();
  const context = { bench: state, now: state.t, width: 90, theme: themeFor(false), keys: tableWords };
  const rows = socketLines(state.sockets.get('a1')!, false, 'full', context);
  expect(rows.map(spans => spans.map(part => part.text).join('')).join('\n')).toContain(
    'c1.recv to end, which keeps the closed c1',
  );
});
