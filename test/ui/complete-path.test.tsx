import { afterEach, expect, test } from 'vitest';
import { keys, openScreen, type Screen } from './screen.tsx';

let screen: Screen;

afterEach(() => screen.close());

const names = ['data/', 'data.bin', 'q"uote', 'report.jsonl'];

/** A folder of these names. */
const completePath = async (typed: string) => {
  const candidates = names.filter(name => name.startsWith(typed));
  const [only = typed] = candidates;
  const text = candidates.length === 1 ? only : typed === 'da' ? 'data' : typed;
  return { text, candidates };
};

const connected = async (): Promise<void> => {
  const readFile = async (path: string) => Buffer.from(path);
  screen = openScreen({ loops: { accept: true, receive: true }, services: { completePath, readFile } });
  await screen.press('L', keys.enter, 'c', keys.enter);
  await screen.shows('a1 ESTAB');
};

test('Tab completes a file to send as far as it is sure, and says what there is', async () => {
  await connected();
  await screen.press('s', keys.ctrl('t'), keys.ctrl('t'), 'da', '\t');
  await screen.shows('send to c1 > data ');
  await screen.shows('data/  data.bin');
  // Keys typed while the folder is read wait for what it says.
  await screen.press('.\t', keys.enter);
  await screen.shows('c1.sendall file"data.bin" = ok');
  await screen.press('zz\t');
  await screen.shows('Nothing there begins with zz');
});

test('in the palette Tab completes what stands in the quotes of file"..., written as it must be', async () => {
  await connected();
  await screen.press(':', 'c1.send file"q\t');
  await screen.shows('c1.send file"q\\"uote');
  await screen.press('"', keys.enter);
  await screen.shows('c1.send file"q\\"uote" = 6');
});

test('in the palette Tab completes the path that a command takes', async () => {
  await connected();
  await screen.press(':', 'export python rep\t');
  await screen.shows('export python report.jsonl');
  await screen.press(keys.ctrl('u'), 'export python\t');
  expect(screen.frame()).not.toContain('Nothing there begins');
});

test('in a form Tab completes a path, and goes on where it is whole', async () => {
  await connected();
  await screen.press(keys.escape, 'S', keys.ctrl('u'), 'rep\t');
  await screen.shows('file  report.jsonl');
});
