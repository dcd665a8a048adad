import { afterEach, describe, expect, test } from 'vitest';
import type { LabControl } from '../../source/bench/view/lab-view.ts';
import { inet } from '../../source/core/addresses/endpoint.ts';
import { initialState } from '../../source/core/model/state.ts';
import { keys, openScreen, type Screen } from './screen.tsx';

let screen: Screen;

afterEach(() => screen.close());

/** A control that writes down which labs it was asked to open. */
const control = (asked: string[]): LabControl => ({
  list: async () => ({ labs: [], trouble: '' }),
  goOn: async () => '',
  open: async name => {
    asked.push(name);
    return '';
  },
  current: null,
  own: () => initialState(),
  ownUnsaved: () => 0,
});

const connected = async (): Promise<void> => {
  await screen.press('2', 'L', keys.enter);
  await screen.shows('s1 LISTEN');
  await screen.press('1', 'c', keys.enter);
  await screen.shows('c1 ESTAB');
};

const words = () => {
  const [overlay] = screen.store.getState().view.overlays;
  if (overlay?.kind !== 'glossary') throw new Error('the glossary is not open');
  return overlay.here;
};

describe('the glossary', () => {
  test.each([
    [120, 36],
    [80, 24],
  ])('says what a state means in two sentences, and starts its lab, at %i by %i', async (columns, rows) => {
    const asked: string[] = [];
    screen = openScreen({ columns, rows, services: { labs: control(asked) } });
    await connected();
    await screen.press('i');
    await screen.shows('Words: c1');
    expect(screen.frame()).toContain('> ESTAB');
    expect(screen.frame()).toContain('The handshake is done');
    expect(screen.frame()).toContain('Lab connect shows it: Enter starts it');
    await screen.press(keys.enter);
    expect(asked).toEqual(['connect']);
    expect(screen.store.getState().view.overlays).toEqual([]);
  });

  test('begins with the words of the socket under the cursor', async () => {
    screen = openScreen();
    await connected();
    await screen.press('2', 'G', 'i');
    expect(words()).toEqual(['LISTEN', 'accept queue', 'duplex', 'loop']);
    await screen.press(keys.escape, '1');
    await screen.press('t', keys.ctrl('u'), '9s', keys.enter, 'r');
    await screen.shows('BLOCKED');
    await screen.press('i');
    expect(words()).toEqual(['ESTAB', 'BLOCKED', 'timeout', 'Recv-Q', 'Send-Q', 'duplex', 'loop']);
  });

  test('explains the error, and the EOF, of the entry under the cursor', async () => {
    screen = openScreen();
    await screen.call({ name: 'socket', on: '', as: 'c1', family: 'AF_INET', type: 'SOCK_STREAM' });
    await screen.call({ name: 'connect', on: 'c1', address: inet('127.0.0.1', 1) });
    await screen.shows('ECONNREFUSED');
    await screen.press('5', 'G', 'i');
    expect(words()).toEqual(['ECONNREFUSED']);
    await screen.shows('Nobody listens on the address: its machine answered with a reset.');
    await screen.press(keys.escape, keys.enter, 'i');
    await screen.shows('Words: entry #');
    expect(screen.frame()).toContain('> ECONNREFUSED');
  });

  test('lists all words behind those, each with a key or typed by its name', async () => {
    screen = openScreen();
    await screen.press('i');
    await screen.shows('All others');
    await screen.press('j', 'j');
    await screen.shows('> single');
    await screen.press(keys.escape, ':', 'glossary close-wait', keys.enter);
    await screen.shows('> CLOSE-WAIT');
    await screen.press(keys.escape, ':', 'glossary estba', keys.enter);
    await screen.shows('"estba" is no word of the glossary: did you mean ESTAB?');
  });
});

describe('Enter on the title of a pane', () => {
  test('says what its policy and loops mean, and which keys change them', async () => {
    screen = openScreen();
    await screen.press(keys.enter);
    await screen.shows('Words: Client');
    expect(words()).toEqual(['duplex', 'loop']);
    expect(screen.frame()).toContain('In its pane: P changes the policy');
    await screen.press('j');
    await screen.shows('In its pane: A the accept loop on or off, R the receive loop on or off');
  });

  test('is reached above the first row, and left below', async () => {
    screen = openScreen();
    await connected();
    await screen.press('k');
    await screen.until(frame => /[>❯] 1 Client \*/.test(frame), 'the cursor on the title');
    await screen.press(keys.enter);
    await screen.shows('Words: Client');
    await screen.press(keys.escape, 'j');
    await screen.until(frame => !/[>❯] 1 Client \*/.test(frame), 'the cursor on a row');
    await screen.press(keys.enter);
    await screen.until(frame => /═ c1 /.test(frame), 'the stream of c1');
  });
});
