import { expect, test } from 'vitest';
import { socketLines } from '../../source/ui/panes/socket-rows.ts';
import { themeFor } from '../../source/ui/theme.ts';
import { setUp } from '../support/fault-bench.ts';
import { tableWords } from '../support/words.ts';

/** A client c9 of the relay s1, whose other end a2 nobody receives on by itself. */
const relayed = () => {
  const all = setUp({ loops: { accept: false, receive: false } });
  all.play('s2 = socket', 's2.bind 127.0.0.1:6379', 's2.listen 5');
  all.play('s1 = socket', 's1.bind 127.0.0.1:9000', 's1.listen 5');
  all.relay('s1', '127.0.0.1:6379');
  all.play('c9 = socket', 'c9.connect 127.0.0.1:9000', 'a2 = s2.accept');
  all.bench.setLoop('tcp-server', 'receive', true);
  all.machine.settle();
  all.bench.flush();
  return all;
};

const rowsOf = ({ bench }: ReturnType<typeof setUp>, name: string): string => {
  const state = bench.state();
  const context = { bench: state, now: state.t, width: 90, theme: themeFor(false), keys: tableWords };
  const lines = socketLines(state.sockets.get(name)!, false, 'full', context);
  return lines.map(line => line.map(({ text }) => text).join('')).join('\n');
};

test('an end of a relay that waits for the other to send is not one whose loop was cancelled', async () => {
  const all = relayed();
  const a2Recv = [...all.bench.state().calls.values()].find(({ call }) => call.on === 'a2')!;
  all.bench.cancel(a2Recv.id);
  all.play('c9.sendall 1MiB of "x"');
  await all.run(500);
  expect(rowsOf(all, 'c10')).toMatch(/sendall .*loop/);
  expect(rowsOf(all, 'a1')).toContain('passed on to c10');
  expect(rowsOf(all, 'a1')).not.toContain('cancelled');
  expect(rowsOf(all, 'a2')).toContain('its receive loop was cancelled');
});

test('one whose receive was cancelled says so', async () => {
  const all = relayed();
  const relays = [...all.bench.state().calls.values()].find(({ call }) => call.on === 'a1')!;
  all.bench.cancel(relays.id);
  await all.run(100);
  expect(rowsOf(all, 'a1')).toContain('its receive loop was cancelled');
});
