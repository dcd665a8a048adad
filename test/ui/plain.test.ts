import { PassThrough } from 'node:stream';
import { afterEach, describe, expect, test } from 'vitest';
import { createWorldStore } from '../../source/bench/store.ts';
import { buildKeymap } from '../../source/commands/keymap.ts';
import { commandTable } from '../../source/commands/table.ts';
import { runPlain } from '../../source/ui/plain.ts';
import { createMachine } from '../support/simulated-machine.ts';

const built = buildKeymap(commandTable);
if (!built.ok) throw new Error(built.messages.join());
const { keymap } = built;

const open = () => {
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
    store: createWorldStore(bench.state()),
    keymap,
    services: {
      copy: async () => '',
      readFile: async () => new Uint8Array(),
      freePort: async () => 51424,
      holderOf: async () => '',
      cpuTime: () => 0,
      wait: async () => {},
    },
    input,
    output,
  });
  const shows = async (part: string): Promise<void> => {
    const limit = Date.now() + 4_000;
    while (!text.includes(part)) {
      if (Date.now() > limit) throw new Error(`never written: ${part}\n${text}`);
      await machine.run(20);
      await new Promise(resolve => setImmediate(resolve));
    }
  };
  return { machine, bench, ended, shows, type: (line: string) => input.write(`${line}\n`), text: () => text };
};

let plain: ReturnType<typeof open>;

afterEach(() => plain.bench.dispose());

describe('the workbench in lines', () => {
  test('takes commands and calls, and tells what happens, line after line', async () => {
    plain = open();
    await plain.shows('Type a call or a command');
    plain.type('listen 9000');
    await plain.shows('s1.listen 128 = ok');
    plain.type('connect 9000');
    await plain.shows('s1.accept resumed> = a1');
    plain.type('c1.send "hi"');
    await plain.shows('a1.recv resumed> = "hi"');
    expect(plain.text()).not.toMatch(/\x1b\[\d*[AJHK]/);
  });

  test('refuses with the column, and says which port is free', async () => {
    plain = open();
    plain.type('c1.send "a\\q"');
    await plain.shows('column 11: ');
    plain.type('listen 9000');
    await plain.shows('s1.listen');
    plain.type('listen 9000');
    await plain.shows('EADDRINUSE');
    await plain.shows('127.0.0.1:51424 is free');
  });

  test('tells who waits for whom, and the options of a socket', async () => {
    plain = open();
    plain.type('listen 9000');
    await plain.shows('s1.listen');
    plain.type('why');
    await plain.shows('s1.accept');
    await plain.shows('waits for any client');
    plain.type('connect 9000');
    await plain.shows('s1.accept resumed> = a1');
    plain.type('options');
    await plain.shows('TCP_NODELAY 0 (kernel): send small pieces at once');
    plain.type('set-option TCP_NODELAY on');
    await plain.shows('setsockopt IPPROTO_TCP TCP_NODELAY 1 = ok');
  });

  test('lists its commands, and ends with quit', async () => {
    plain = open();
    plain.type('help');
    await plain.shows('connect: Connect to a TCP server');
    plain.type('quit');
    expect(await plain.ended).toBe(0);
  });

  test('asks in words before a foreign peer is cut off', async () => {
    plain = open();
    plain.type('listen 9000');
    await plain.shows('s1.listen');
    const other = plain.machine.bench({ loops: { accept: false, receive: false } });
    other.perform({ name: 'socket', on: '', as: 'c1', family: 'AF_INET', type: 'SOCK_STREAM' });
    other.perform({ name: 'connect', on: 'c1', address: { host: '127.0.0.1', port: 9000 } });
    await plain.shows('s1.accept resumed> = a1');
    plain.type('quit');
    await plain.shows('is connected to a1 and will be cut off. Type y or n.');
    plain.type('n');
    plain.type('gethostbyaddr "x"');
    await plain.shows('gethostbyaddr');
    plain.type('quit');
    plain.type('y');
    expect(await plain.ended).toBe(0);
    await other.dispose();
  });
});
