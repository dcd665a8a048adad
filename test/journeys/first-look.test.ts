import { afterEach, expect, test } from 'vitest';
import { key } from '../e2e/keys.ts';
import { createKeeper, openWorkbench } from '../e2e/workbench.ts';

const keep = createKeeper();

afterEach(keep.end);

test('1: at the start it is obvious which key does what', async () => {
  const terminal = keep.terminal(await openWorkbench());
  for (const words of [
    /1 Client/,
    /c {2}connect to 127\.0\.0\.1:51423/,
    /2 TCP server/,
    /L {2}listen on 127\.0\.0\.1:51423/,
    /3 UDP server/,
    /o {2}open 127\.0\.0\.1:51423/,
    /Log/,
    /Nothing is open yet/,
    /: +type a call or a command, for example: listen 9000/,
    /\? +the keys that work where you are/,
  ]) {
    await terminal.until(words);
  }
});

test("2: ? lists this pane's keys, filtered as one types, and Enter runs the one chosen", async () => {
  const terminal = keep.terminal(await openWorkbench());
  terminal.type('?');
  await terminal.until(/Accept one connection/);
  terminal.type('open a udp');
  await terminal.until(lines => !lines.some(line => line.includes('Accept one connection')));
  await terminal.until(/Open a UDP socket/);
  terminal.type(key.enter);
  await terminal.until(/╔═ Open a UDP socket/);
});

test('10: y copies and says honestly how, q gives the terminal back as it was', async () => {
  const terminal = keep.terminal(await openWorkbench({ args: ['listen', '127.0.0.1:0'] }));
  await terminal.until(/s1 LISTEN/);
  terminal.type('y');
  await terminal.until(/handed to the terminal \(OSC 52\)|copied \d+ bytes with|not copied/);
  terminal.type('q');
  await terminal.until(/\d+ entries not saved: S saves the session, q again quits/);
  terminal.type('q');
  expect(await terminal.exited).toBe(0);
  expect(terminal.modes()).toMatchObject({
    alternateScreen: false,
    cursorVisible: true,
    bracketedPaste: false,
  });
});
