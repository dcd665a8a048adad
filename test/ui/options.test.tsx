import stringWidth from 'string-width';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { OverlayOf } from '../../source/bench/view/overlay.ts';
import { optionsOf } from '../../source/commands/sockets/option-list.ts';
import { inet } from '../../source/core/addresses/endpoint.ts';
import type { SocketState } from '../../source/core/model/state.ts';
import { drawOptions } from '../../source/ui/overlays/options-overlay.ts';
import { themeFor } from '../../source/ui/theme.ts';
import { callOf, pair } from '../support/playing.ts';
import { tableKeys } from '../support/words.ts';
import { keys, openScreen, type Screen } from './screen.tsx';

let screen: Screen | undefined;

afterEach(async () => {
  await screen?.close();
  screen = undefined;
});

const open = async (setup?: Parameters<typeof openScreen>[0]): Promise<Screen> => {
  screen = openScreen(setup);
  for (const line of pair) await screen.call(callOf(line));
  return screen;
};

describe('options of the socket in focus', () => {
  test.each([
    { columns: 120, rows: 36 },
    { columns: 80, rows: 24 },
  ])('are listed with their values at $columns by $rows, and the log has none of that', async size => {
    const shown = await open(size);
    await shown.pass(1_000);
    const before = shown.bench.journal.last();
    await shown.press('O');
    await shown.shows('Options of c1');
    for (const { option } of optionsOf(shown.bench.state().sockets.get('c1')!)) await shown.shows(option);
    expect(shown.frame()).toMatch(/> SO_KEEPALIVE +0 +probe a silent peer {2}\(kernel/);
    expect(shown.lines().filter(row => stringWidth(row) > size.columns)).toEqual([]);
    await shown.shows('reading is not logged');
    expect(shown.bench.journal.last()).toBe(before);
  });

  test('Enter sets the chosen one through a form that holds its value', async () => {
    const shown = await open();
    await shown.press('O', 'j', keys.enter);
    await shown.shows('option  TCP_NODELAY');
    await shown.shows('> value   0');
    await shown.press(keys.backspace, 'on', keys.enter);
    await shown.shows('c1.setsockopt IPPROTO_TCP TCP_NODELAY 1 = ok');
    await shown.shows('c1: TCP_NODELAY is 0 now');
    expect(shown.store.getState().view.overlays.map(({ kind }) => kind)).toEqual(['options']);
  });

  test('refuses what is no value, and keeps it', async () => {
    const shown = await open();
    await shown.press('O', keys.enter, keys.backspace, '"', keys.enter);
    await shown.until(frame => /value +"/.test(frame) && frame.includes('^'), 'the refusal at its column');
    expect(shown.frame()).toContain('Set a socket option');
  });

  test('can be set from the palette too, by name', async () => {
    const shown = await open();
    await shown.press(':', 'set-option so_keepalive on', keys.enter);
    await shown.shows('c1.setsockopt SOL_SOCKET SO_KEEPALIVE 1 = ok');
    await shown.press(':', 'set-option SO_NONSENSE 1', keys.enter);
    await shown.shows('"SO_NONSENSE" is none of');
  });

  test('are asked for again with r, and say when the socket is gone', async () => {
    const shown = await open();
    const ask = vi.spyOn(shown.bench, 'ask');
    await shown.press('O');
    const once = ask.mock.calls.length;
    expect(once).toBe(optionsOf(shown.bench.state().sockets.get('c1')!).length);
    await shown.press('r');
    expect(ask).toHaveBeenCalledTimes(2 * once);
    await shown.call(callOf('c1.close'));
    await shown.shows('c1 is closed');
    await shown.press('r');
    await shown.shows('c1 is closed');
  });

  test('of a datagram socket are its own', async () => {
    screen = openScreen();
    await screen.call(callOf('u1 = socket AF_INET SOCK_DGRAM'));
    await screen.call(callOf('u1.bind 127.0.0.1:9000'));
    await screen.press('3', 'O');
    await screen.shows('Options of u1');
    await screen.shows('IP_ADD_MEMBERSHIP');
    await screen.shows('(can only be set)');
    expect(screen.frame()).not.toContain('TCP_NODELAY');
  });
});

describe('where the native part is missing', () => {
  const socket = {
    name: 'c1',
    type: 'SOCK_STREAM',
    family: 'AF_INET',
    condition: 'ESTAB',
    peer: inet('127.0.0.1', 1),
    options: {},
    closed: false,
  } as unknown as SocketState;

  const lacking = { value: '', note: 'koffi is not installed \x1b[31m', known: false };
  const overlay: OverlayOf<'options'> = {
    kind: 'options',
    socket: 'c1',
    at: 2,
    readings: { SO_KEEPALIVE: { value: '1', note: 'kernel', known: true }, SO_SNDBUF: lacking },
  };

  test('options are greyed, with the reason, escaped', () => {
    const { frame } = drawOptions(overlay, socket, tableKeys, { columns: 80, rows: 22 }, themeFor(false));
    const rows = frame.rows.map(row => row.map(({ text }) => text).join(''));
    expect(rows.find(row => row.includes('> SO_SNDBUF'))).toContain('koffi is not installed \\x1b[31m');
    expect(rows.join('\n')).toContain('not here: koffi is not installed \\x1b[31m');
    const greyed = frame.rows.find(row => row.some(({ text }) => text.startsWith('SO_RCVBUF')))!;
    expect(greyed.map(({ text }) => text).join('')).toContain('asking');
    expect(rows.join('')).not.toMatch(/[\x00-\x1f]/);
  });
});
