import { afterEach, describe, expect, test } from 'vitest';
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
    expect(screen.frame()).toMatch(/recv 256KiB {2}loop/);
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
    expect(screen.frame()).toMatch(/!#\d+ .*<\.\.\. c1\.recv resumed> = TIMEOUT TimeoutError/);
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
    expect(said).toContain('s1 of this bench has it');
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
