import { afterEach, describe, expect, test } from 'vitest';
import { callOf, pair } from '../support/playing.ts';
import { keys, openScreen, type Screen } from './screen.tsx';

let screen: Screen;

afterEach(() => screen.close());

const perform = async (...lines: string[]): Promise<void> => {
  for (const line of lines) await screen.call(callOf(line));
};

/** The entry under the log's cursor. */
const chosen = (): string => {
  const { selected } = screen.store.getState().view.log;
  return screen.lines().find(row => new RegExp(`^║>[ !]#${selected} `).test(row)) ?? '';
};

const choose = async (text: string): Promise<void> => {
  await screen.press('5', '/', text, keys.enter);
  await screen.until(() => chosen().includes(text), `the cursor on ${text}`);
};

const openLinked = async (): Promise<void> => {
  screen = openScreen();
  await perform(...pair, 'c1.recv 10', 'a1.send "hi"');
};

describe('cause and effect in the log', () => {
  test('a recv leads to the send that woke it, and back', async () => {
    await openLinked();
    await choose('recv 10 = "hi"');
    await screen.press('<');
    await screen.until(() => chosen().includes('a1.send "hi"'), 'the cursor on the send');
    await screen.press('>');
    await screen.until(() => chosen().includes('c1.recv 10 = "hi"'), 'the cursor on the recv');
  });

  test('work in the opened entry too', async () => {
    await openLinked();
    await choose('recv 10 = "hi"');
    await screen.press(keys.enter);
    await screen.shows('received, 2 bytes');
    await screen.press('<');
    await screen.shows('sent, 2 bytes');
  });

  test('take a listener that has yet to accept for no foreign peer', async () => {
    screen = openScreen();
    await perform(...pair.filter(line => !line.includes('accept')));
    await choose('c1.connect');
    await screen.press('>');
    await screen.shows('woke no call of this bench');
  });

  test('say that there is none, and for a call in flight where to look', async () => {
    await openLinked();
    await choose('s1.listen');
    await screen.press('<');
    await screen.shows('No entry of this bench caused #4');
    await screen.press('>');
    await screen.shows('#4 woke no call of this bench');
    await perform('c1.recv 20');
    await choose('recv 20');
    await screen.press('<');
    await screen.shows('c1.recv has not ended: w says who must act');
  });

  test('are never invented for a foreign peer', async () => {
    screen = openScreen();
    const elsewhere = screen.machine.bench({ loops: { accept: false, receive: false } });
    elsewhere.perform(callOf('s1 = socket'));
    elsewhere.perform(callOf('s1.bind 127.0.0.1:9000'));
    elsewhere.perform(callOf('s1.listen 5'));
    await perform('c1 = socket', 'c1.connect 127.0.0.1:9000');
    elsewhere.perform(callOf('a1 = s1.accept'));
    await screen.pass();
    elsewhere.perform(callOf('a1.send "hi"'));
    await perform('c1.recv 10');
    await choose('recv 10 = "hi"');
    await screen.press('<');
    await screen.shows("c1's peer 127.0.0.1:9000 is foreign: a link to a foreign peer is never invented");
    await elsewhere.dispose();
  });

  test('a filter that hides the cause gives way, and says so', async () => {
    await openLinked();
    await screen.press('5', '&', 'c1.recv', keys.enter);
    await screen.hides('s1.listen');
    await screen.press('k');
    await screen.press('<');
    await screen.shows('The filter "c1.recv" hid');
    await screen.until(() => chosen().includes('a1.send "hi"'), 'the cursor on the send');
  });

  test('say where the cause was cleared away', async () => {
    await openLinked();
    const cleared = screen.bench.state().entries;
    await perform('a1.send "more"');
    screen.store.setState(({ view }) => ({
      view: { ...view, log: { ...view.log, clearedTo: cleared + 1 } },
    }));
    await perform('c1.recv 30');
    await choose('recv 30 = "more"');
    await screen.press('<');
    await screen.shows('it was cleared from the log');
  });
});

describe('a failed call', () => {
  test('opens with code, errno, Python class, layer, a sentence and what to try', async () => {
    screen = openScreen();
    await perform('c1 = socket', 'c1.connect 127.0.0.1:9');
    await choose('ECONNREFUSED');
    await screen.press(keys.enter);
    await screen.shows('ECONNREFUSED, errno 111');
    const said = screen.frame().replaceAll(/[║│\s]+/g, ' ');
    expect(said).toContain('in Python ConnectionRefusedError: [Errno 111] Connection refused');
    expect(said).toContain('layer connect');
    expect(said).toMatch(/failed \S.{10,}/);
    expect(said).toMatch(/try \S.{10,}/);
  });

  test('a timed-out sendall says how many bytes the kernel took', async () => {
    screen = openScreen();
    await perform(...pair, 'c1.settimeout 200ms', 'c1.sendall 64MiB of "x"');
    await screen.pass(500);
    await choose('TIMEOUT');
    await screen.press(keys.enter);
    await screen.shows('TimeoutError');
    const said = screen.frame().replaceAll(/[║│\s]+/g, ' ');
    expect(said).toMatch(/\d+ bytes taken/);
    expect(said).toContain('layer timeout');
  });
});
