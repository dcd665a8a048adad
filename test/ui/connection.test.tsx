import { afterEach, describe, expect, test } from 'vitest';
import { inet } from '../../source/core/addresses/endpoint.ts';
import { detailLines } from '../../source/ui/panes/details.ts';
import { themeFor } from '../../source/ui/theme.ts';
import { callOf, client, listener } from '../support/playing.ts';
import { keys, openScreen, type Screen } from './screen.tsx';

let screen: Screen;

afterEach(() => screen.close());

const listenAndConnect = async (): Promise<void> => {
  await screen.press('L', keys.enter);
  await screen.shows('s1 LISTEN 127.0.0.1:51423');
  await screen.press('c', keys.enter);
  await screen.shows('c1 ESTAB');
};

describe('one connection', () => {
  test('is made with L Enter, c Enter, and its details stand open unasked', async () => {
    screen = openScreen();
    await listenAndConnect();
    await screen.shows('c1  TCP over IPv4, ESTAB');
    expect(screen.frame()).toContain('s1 has yet to accept it');
    expect(screen.frame()).toContain('no timeout');
    expect(screen.frame()).toMatch(/c1\.connect 127\.0\.0\.1:51423 = ok </);
  });

  test('waits in the queue until a takes it', async () => {
    screen = openScreen();
    await listenAndConnect();
    await screen.shows('1 waiting');
    await screen.shows('accept is not called');
    expect(screen.frame()).toContain('waits for you: a accepts one');
    await screen.press('a');
    await screen.shows('a1 ESTAB → c1');
    await screen.hides('1 waiting');
  });

  test('shows a loop in flight, who must act, and that it has no deadline', async () => {
    screen = openScreen({ loops: { accept: true, receive: true } });
    await listenAndConnect();
    await screen.shows('a1 ESTAB → c1');
    await screen.shows('BLOCKED 0.');
    expect(screen.frame()).toMatch(/recv 128KiB {2}loop/);
    expect(screen.frame()).toContain('waits for any client');
    expect(screen.frame()).not.toContain('left');
  });

  test('counts a deadline down with a bar, says what happens then, and what happened', async () => {
    screen = openScreen();
    await listenAndConnect();
    await screen.press('t', keys.ctrl('u'), '2s', keys.enter);
    await screen.shows('timeout 2s');
    await screen.press('r');
    await screen.shows('s left ');
    expect(screen.frame()).toMatch(/s left [█░]+ then TimeoutError/);
    await screen.pass(700);
    await screen.ticks(/1\.\ds left █/);
    await screen.pass(1500);
    await screen.shows('TimeoutError');
    await screen.hides('s left ');
    expect(screen.frame()).toMatch(/!#\d+ .*c1\.recv 4KiB = TIMEOUT TimeoutError/);
  });

  test('says in one sentence which call of the person has been blocked long', async () => {
    screen = openScreen();
    await listenAndConnect();
    await screen.press('r');
    await screen.pass(1500);
    await screen.ticks(/\n c1\.recv BLOCKED \d\.\ds, no timeout, waits for/);
  });

  test('cancels the call in flight with Ctrl-C, and only then speaks of quitting', async () => {
    screen = openScreen();
    await listenAndConnect();
    await screen.press('r');
    await screen.shows('recv 4KiB');
    await screen.press(keys.ctrl('c'));
    await screen.shows('Cancelled c1.recv (KeyboardInterrupt)');
    await screen.press(keys.ctrl('c'));
    await screen.shows('Ctrl-C again quits');
  });

  test('half-closes, closes and resets through the close menu, each by its letter', async () => {
    screen = openScreen();
    await listenAndConnect();
    await screen.press('a', '1', 'd');
    await screen.shows('Close c1');
    await screen.press('h');
    await screen.shows('c1.shutdown SHUT_WR = ok');
    await screen.press('d', 'r');
    await screen.shows('c1.reset = ok');
  });

  test('closes all that have ended at one stroke', async () => {
    screen = openScreen({ loops: { accept: true, receive: true } });
    await listenAndConnect();
    await screen.press('c', keys.enter);
    await screen.shows('a2 ESTAB');
    await screen.press('1', 'd');
    await screen.shows('Close all that have ended: EOF read or reset  (none has)');
    await screen.press(keys.escape);
    screen.bench.perform({ name: 'reset', on: 'a1' });
    screen.bench.perform({ name: 'close', on: 'a2' });
    await screen.shows('c1 RESET');
    await screen.press('d', keys.down, keys.down, keys.down, keys.enter);
    await screen.shows('Closed c1 c2');
    await screen.shows('c1.close = ok');
    await screen.shows('c2.close = ok');
  });

  test('offers the last address again, and what is typed takes its place', async () => {
    screen = openScreen();
    await screen.press('c', '127.0.0.1:9', keys.enter);
    await screen.shows('ECONNREFUSED');
    await screen.press(keys.escape);
    await screen.shows('connect to 127.0.0.1:9 ');
    await screen.press('c');
    await screen.shows('> address  127.0.0.1:9 ');
    await screen.press('8');
    await screen.shows('> address  8 ');
    await screen.press(keys.escape, 'L', keys.enter);
    await screen.shows('s1 LISTEN');
    await screen.press('c');
    await screen.shows('> address  127.0.0.1:51423');
  });

  test('lets one receive where the loop was cancelled, and says that nothing else does', async () => {
    screen = openScreen({ loops: { accept: true, receive: true } });
    await listenAndConnect();
    await screen.shows('recv 128KiB');
    await screen.press('1', 'r');
    await screen.shows('receives by itself');
    await screen.press('x');
    await screen.shows('its receive loop was cancelled');
    await screen.press('r');
    await screen.shows('recv 4KiB');
  });

  test('says how much of a send in flight the kernel has taken', async () => {
    screen = openScreen();
    await listenAndConnect();
    const unit = new Uint8Array([0x78]);
    screen.bench.perform({ name: 'sendall', on: 'c1', data: { kind: 'repeat', size: 64 << 20, unit } });
    await screen.pass(1_000);
    await screen.shows('of 64.0 MiB in sendall, received');
  });

  test('turns loops and policies on and off, and says it in the title', async () => {
    screen = openScreen();
    await listenAndConnect();
    await screen.press('A');
    await screen.shows('duplex, receive off');
    await screen.press('P');
    await screen.shows('1 Client *  single');
    await screen.shows('one thread makes every call');
  });
});

describe('a port that is taken', () => {
  test('is refused in the form with who has it and a free one; what was typed stays', async () => {
    screen = openScreen();
    await screen.press('L', keys.enter);
    await screen.shows('s1 LISTEN');
    await screen.press('1', 'L', keys.enter);
    await screen.shows('EADDRINUSE');
    const said = screen.frame().replace(/[║│\s]+/g, ' ');
    // The box lies over the border of a pane.
    expect(said).toMatch(/s1 of this [└─┘ ]*bench has it/);
    expect(said).toContain('> address 127.0.0.1:51423');
    expect(said).toContain('Ctrl-Y takes 127.0.0.1:51424');
    await screen.press(keys.ctrl('y'), keys.enter);
    await screen.shows('LISTEN 127.0.0.1:51424');
  });

  test.each([
    ['127.0.0.1:99999', '99999'],
    ['no port here', 'no port here'],
    ['127.0.0.1:', '127.0.0.1:'],
  ])('a bad address is refused where it stands: %s', async (typed, kept) => {
    screen = openScreen();
    await screen.press('L', keys.ctrl('u'), typed, keys.enter);
    await screen.shows('^');
    expect(screen.frame()).toContain(kept);
    expect(screen.bench.state().opened).toBe(0);
  });

  test('a connect that is refused takes its socket with it and keeps the form', async () => {
    screen = openScreen();
    await screen.press('c', keys.enter);
    await screen.shows('ECONNREFUSED');
    expect(screen.frame()).toContain('ConnectionRefusedError');
    expect(screen.frame()).toContain('Connect to a TCP server');
    await screen.press(keys.escape);
    await screen.shows('c1.close = ok');
  });
});

describe('a connect that fails late', () => {
  /** c2 in SYN-SENT at a listener that is full, and then is closed. */
  const failLate = async (): Promise<void> => {
    screen = openScreen();
    for (const line of [...listener, ...client('c1')]) await screen.call(callOf(line));
    await screen.press('c', keys.enter);
    await screen.shows('c2 SYN-SENT');
    await screen.hides('Connect to a TCP server');
    await screen.call(callOf('s1.close'));
    await screen.pass(2_000);
    await screen.shows('ECONNREFUSED');
  };

  const entry = (): number => Number(/It is #(\d+) in the log \(5\)/.exec(screen.frame())?.[1]);

  test('says where the log has it, and the message stays until a key is pressed', async () => {
    await failLate();
    await screen.shows('It is #');
    expect(screen.bench.journal.at(entry())).toMatchObject({
      kind: 'ended',
      call: { name: 'connect', on: 'c2' },
      outcome: { code: 'ECONNREFUSED' },
    });
    await screen.pass(10_000);
    await screen.shows('It is #');
    await screen.press('5');
    await screen.hides('It is #');
    await screen.shows('5 Log *');
  });

  test('is not typed away within its first seconds', async () => {
    await failLate();
    await screen.press(':', 'x');
    await screen.shows('It is #');
    await screen.pass(6_000);
    await screen.press('y');
    await screen.hides('It is #');
    await screen.shows(': xy');
  });
});

describe('the details of a connect under way', () => {
  const lines = [...listener, ...client('c1'), ...client('c2')];

  test('have no address of its own where only the kernel could know it', async () => {
    screen = openScreen();
    for (const line of lines) await screen.call(callOf(line));
    await screen.shows(
      'c2  TCP over IPv4, SYN-SENT   connecting to 127.0.0.1:9000 (s1 has yet to accept it)',
    );
  });

  test("have the kernel's word for it", async () => {
    screen = openScreen();
    for (const line of lines) await screen.call(callOf(line));
    const bench = screen.bench.state();
    const c2 = bench.sockets.get('c2')!;
    const kernel = { ...c2.kernel!, local: inet('127.0.0.1', 4711) };
    const [head] = detailLines(bench, { ...c2, kernel }, themeFor(false), 0);
    expect(head!.map(({ text }) => text).join('')).toContain(
      'SYN-SENT   127.0.0.1:4711 to 127.0.0.1:9000 (s1 has yet to accept it)',
    );
  });
});
