import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, test } from 'vitest';
import { createWorldStore } from '../../source/bench/view/store.ts';
import { inet } from '../../source/core/addresses/endpoint.ts';
import { runPlain } from '../../source/ui/plain.ts';
import { limits } from '../support/limits.ts';
import { keymap, quietServices } from '../support/outside.ts';
import { rebound } from '../support/rebound.ts';
import { createMachine } from '../support/simulated-machine.ts';

const open = (keys = keymap) => {
  const machine = createMachine();
  const bench = machine.bench({ loops: { accept: true, receive: true } });
  const input = new PassThrough();
  const output = new PassThrough();
  let text = '';
  output.on('data', chunk => {
    text += String(chunk);
  });
  const ended = runPlain({
    bench,
    store: createWorldStore(bench),
    keymap: keys,
    services: { ...quietServices, freePort: async () => 51424 },
    input,
    output,
  });
  const shows = async (part: string): Promise<void> => {
    const limit = Date.now() + limits.wait;
    while (!text.includes(part)) {
      if (Date.now() > limit) throw new Error(`never written: ${part}\n${text}`);
      await machine.run(20);
      await new Promise(resolve => setImmediate(resolve));
    }
  };
  const type = (line: string) => input.write(`${line}\n`);
  /** Types a line and waits for what it brings. */
  const says = async (line: string, ...parts: string[]): Promise<void> => {
    type(line);
    for (const part of parts) await shows(part);
  };
  return { machine, bench, ended, shows, type, says, text: () => text };
};

let plain: ReturnType<typeof open>;

afterEach(() => plain.bench.dispose());

describe('the workbench in lines', () => {
  test('takes commands and calls, and tells what happens, line after line', async () => {
    plain = open();
    await plain.shows('Type a call or a command');
    await plain.says('listen 9000', 's1.listen 128 = ok');
    await plain.says('connect 9000', 's1.accept resumed> = a1');
    await plain.says('c1.send "hi"', 'a1.recv resumed> = "hi"');
    expect(plain.text()).not.toMatch(/\x1b\[\d*[AJHK]/);
  });

  test('refuses with the column, and says which port is free', async () => {
    plain = open();
    await plain.says('c1.send "a\\q"', 'column 11: ');
    await plain.says('listen 9000', 's1.listen');
    await plain.says('listen 9000', 'EADDRINUSE', '127.0.0.1:51424 is free');
  });

  test('tells who waits for whom, and the options of a socket', async () => {
    plain = open();
    await plain.says('listen 9000', 's1.listen');
    await plain.says('why', 's1.accept', 'waits for any client');
    await plain.says('connect 9000', 's1.accept resumed> = a1');
    await plain.says('options', 'TCP_NODELAY 0 (kernel): send small pieces at once');
    await plain.says('set-option TCP_NODELAY on', 'setsockopt IPPROTO_TCP TCP_NODELAY 1 = ok');
  });

  test('says of what needs a screen that it does, and goes on', async () => {
    plain = open();
    plain.type('listen 9000');
    await plain.shows('s1.listen');
    plain.type('connect 9000');
    await plain.shows('= a1');
    plain.type('send');
    await plain.shows('That needs the screen. In lines it is typed whole, for example: c1.send "hi"');
    plain.type('mouse');
    await plain.shows('There is no screen here for a mouse');
    plain.type('c1.send "still here"');
    await plain.shows('a1.recv resumed> = "still here"');
  });

  test('escapes what is foreign', async () => {
    plain = open();
    plain.bench.note('warning', 'note \x1b]0;x\x07');
    await plain.shows('note \\x1b]0;x\\x07');
    plain.type('backlog \u202e9');
    plain.type('listen 9000 \u202e9');
    await plain.shows('\\u{202e}9" is no number');
    expect(plain.text()).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]/);
  });

  test('says what words mean', async () => {
    plain = open();
    await plain.says('glossary close-wait', 'CLOSE-WAIT: The other end is done', 'Lab half-close.');
  });

  test('lists its commands, and ends with quit', async () => {
    plain = open();
    await plain.says('help', 'connect: Connect to a TCP server');
    plain.type('quit');
    expect(await plain.ended).toBe(0);
  });

  test('says what is not saved before it ends, once', async () => {
    plain = open();
    await plain.says('listen 9000', 's1.listen');
    await plain.says('quit', 'entries not saved: save saves the session, quit again quits');
    plain.type('quit');
    expect(await plain.ended).toBe(0);
  });

  test.each([
    ['the table has', keymap],
    ['a person bound', rebound],
  ])('asks in words before a foreign peer is cut off, whatever keys %s', async (_, keys) => {
    plain = open(keys);
    await plain.says('listen 9000', 's1.listen');
    const other = plain.machine.bench({ loops: { accept: false, receive: false } });
    other.perform({ name: 'socket', on: '', as: 'c1', family: 'AF_INET', type: 'SOCK_STREAM' });
    other.perform({ name: 'connect', on: 'c1', address: inet('127.0.0.1', 9000) });
    await plain.shows('s1.accept resumed> = a1');
    await plain.says(
      'quit',
      'is connected to a1 and will be cut off; ',
      'entries not saved: save saves the session. Type y or n.',
    );
    plain.type('n');
    await plain.says('gethostbyaddr "x"', 'gethostbyaddr');
    plain.type('quit');
    plain.type('y');
    expect(await plain.ended).toBe(0);
    await other.dispose();
  });
});
