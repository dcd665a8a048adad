import { describe, expect, test } from 'vitest';
import { interpret } from '../../source/commands/calling/interpret.ts';
import { commandTable } from '../../source/commands/calling/table.ts';

const read = (text: string) => interpret(text, commandTable);

describe('what the palette reads', () => {
  test('a command with its values', () => {
    expect(read('listen 9000')).toMatchObject({
      kind: 'command',
      command: { id: 'listen' },
      written: { address: '9000' },
    });
    expect(read('listen [::1]:9000 5')).toMatchObject({ written: { address: '[::1]:9000', backlog: '5' } });
    expect(read('connect localhost 7')).toMatchObject({ written: { address: 'localhost 7' } });
  });

  test('a command of several words, with spaces for its dashes', () => {
    expect(read('accept loop off')).toMatchObject({
      command: { id: 'accept-loop' },
      written: { state: 'off' },
    });
    expect(read('half close')).toMatchObject({ command: { id: 'half-close' }, written: {} });
  });

  test('a call, as the log prints it', () => {
    expect(read('c1.send "hi"')).toMatchObject({
      kind: 'line',
      line: { kind: 'call', call: { name: 'send', on: 'c1' } },
    });
    expect(read('c9 = socket AF_INET6 SOCK_DGRAM')).toMatchObject({
      kind: 'line',
      line: { call: { name: 'socket', as: 'c9', family: 'AF_INET6' } },
    });
    expect(read('cancel c1.recv')).toMatchObject({ kind: 'line', line: { kind: 'cancel' } });
  });

  test('a value that was kept, and a call whose value is to be kept', () => {
    expect(interpret('a1.sendall $d', commandTable, { d: '"a\\0\\xff"' })).toMatchObject({
      kind: 'line',
      line: { call: { name: 'sendall', data: { data: Uint8Array.of(0x61, 0, 0xff) } } },
    });
    expect(read('d = a1.recv 64KiB')).toMatchObject({
      kind: 'line',
      line: { call: { name: 'recv', on: 'a1' } },
      variable: 'd',
    });
    expect(read('d = a1.recv until "x"')).toMatchObject({ line: { kind: 'until' }, variable: 'd' });
    expect(read('a1.sendall $d')).toMatchObject({ kind: 'error', column: 11 });
  });

  test('refuses a value too many, at its column', () => {
    expect(read('redraw now')).toEqual({
      kind: 'error',
      message: 'redraw takes no value: "now" is too much',
      column: 7,
    });
  });

  test('refuses a bad call at its column', () => {
    const bad = read('c1.send "a\\q"');
    expect(bad).toMatchObject({ kind: 'error', column: 10 });
  });

  test('says where waiting and expecting belong', () => {
    expect(read('wait c1.recv')).toMatchObject({ kind: 'error' });
    expect(JSON.stringify(read('wait c1.recv'))).toContain('for labs');
  });
});
