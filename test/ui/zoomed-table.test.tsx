import { afterEach, describe, expect, test } from 'vitest';
import { inet } from '../../source/core/addresses/endpoint.ts';
import { openScreen, type Screen } from './screen.tsx';

let screen: Screen;

afterEach(() => screen.close());

const address = inet('127.0.0.1', 51423);

/** So many accepted connections, each client in recv. */
const open = async (count: number): Promise<void> => {
  const { bench } = screen;
  for (const program of ['client', 'tcp-server'] as const) bench.setPolicy(program, 'duplex');
  bench.perform({ name: 'socket', on: '', as: 's1', family: 'AF_INET', type: 'SOCK_STREAM' });
  bench.perform({ name: 'bind', on: 's1', address });
  bench.perform({ name: 'listen', on: 's1', backlog: 128 });
  for (let n = 1; n <= count; n++) {
    bench.perform({ name: 'socket', on: '', as: `c${n}`, family: 'AF_INET', type: 'SOCK_STREAM' });
    bench.perform({ name: 'connect', on: `c${n}`, address });
    bench.perform({ name: 'accept', on: 's1', as: `a${n}` });
  }
  await screen.pass(100);
  for (let n = 1; n <= count; n++) bench.perform({ name: 'recv', on: `c${n}`, size: 10 });
  await screen.pass(400);
};

const bytes = (size: number) => ({ kind: 'repeat', size, unit: new Uint8Array([120]) }) as const;

const rows = (): string[] => screen.lines().filter(row => /^║[ >][ !][cas]\d/.test(row));

const names = (): string[] => rows().map(row => row.slice(3).split(' ')[0]!);

const header = (): string => screen.lines().find(row => /^║ {2}name/.test(row)) ?? '';

describe('a zoomed pane', () => {
  test('is a table, whose least columns go first where the screen is narrow', async () => {
    screen = openScreen();
    await open(2);
    await screen.press('z');
    expect(header()).toMatch(/name↓ +state +peer +call +since +Recv-Q +Send-Q +bytes +rate/);
    expect(rows()[0]).toMatch(/c1 +ESTAB +a1 127\.0\.0\.1:51423 +recv 10 +\d\.\ds +0 B +0 B +0 B/);
    screen.resize({ columns: 80, rows: 24 });
    await screen.until(() => /since +Recv-Q║$/.test(header().trimEnd()), 'fewer columns');
    expect(header()).toMatch(/name↓ +state +peer +call +since +Recv-Q/);
    expect(rows()[0]).toMatch(/c1 +ESTAB +a1 127\.0\.0\.1:51423/);
    screen.resize({ columns: 60, rows: 16 });
    await screen.until(() => /peer +call *║$/.test(header().trimEnd()), 'still fewer');
    expect(rows()[0]).toContain(':51423');
  });

  test('has its keys: sorted by the next column, the other way round, as it was then', async () => {
    screen = openScreen();
    await open(3);
    screen.bench.perform({ name: 'sendall', on: 'a2', data: bytes(5) });
    screen.bench.perform({ name: 'sendall', on: 'a3', data: bytes(9) });
    await screen.pass(300);
    await screen.press('z', '<');
    await screen.until(() => header().includes('name↑'), 'the order reversed');
    expect(names()).toEqual(['c3', 'c2', 'c1']);
    for (let column = 0; column < 7; column++) await screen.press('>');
    await screen.until(() => header().includes('bytes↓'), 'bytes');
    expect(names()).toEqual(['c3', 'c2', 'c1']);
    await screen.shows('by bytes, as it was at');
    screen.bench.perform({ name: 'recv', on: 'c1', size: 100 });
    screen.bench.perform({ name: 'sendall', on: 'a1', data: bytes(10) });
    await screen.pass(300);
    expect(names()).toEqual(['c3', 'c2', 'c1']);
    await screen.press('<');
    await screen.until(() => header().includes('bytes↑'), 'the least first');
    expect(names()).toEqual(['c2', 'c3', 'c1']);
    await screen.press('j', 'j', '\r');
    await screen.shows('c1 and a1 127');
  });

  test('scrolls two hundred rows, of which those in sight alone are made', async () => {
    screen = openScreen({ columns: 80, rows: 24 });
    await open(200);
    await screen.press('z');
    await screen.shows('more below');
    expect(names()[0]).toBe('c1');
    const page = names().length;
    await screen.press('G');
    await screen.until(() => names().at(-1) === 'c200', 'the last row');
    expect(names()).toHaveLength(page);
    await screen.press('g');
    await screen.until(() => names()[0] === 'c1', 'the first row');
    screen.bench.perform({ name: 'reset', on: 'a150' });
    await screen.shows(`${200 - page} more below, 1 reset`);
  });

  test('stands still while its digits change', async () => {
    screen = openScreen();
    await open(2);
    await screen.press('z');
    const before = header();
    screen.bench.setLoop('client', 'receive', true);
    for (const size of [1, 1_000, 100_000, 10_000_000]) {
      screen.bench.perform({ name: 'sendall', on: 'a1', data: bytes(size) });
      await screen.pass(1_100);
      expect(header()).toBe(before);
      const [row = ''] = rows();
      expect(row.slice(0, 9)).toMatch(/^║[ >][ !]c1 +$/);
      expect(row.indexOf('127.0.0.1:51423')).toBe(rows()[1]!.indexOf('127.0.0.1:51423'));
    }
    await screen.until(() => /\d [KM]iB +[\d.]+ (?:[KM]i)?B\/s/.test(rows()[0]!), 'bytes and a rate');
  });

  test('counts nothing a second once nothing moves any more, though no call is in flight', async () => {
    screen = openScreen();
    await open(1);
    await screen.press('z');
    await screen.pass(1_100);
    await screen.ticks(/ 0 B +0 B\/s/);
    screen.bench.perform({ name: 'sendall', on: 'a1', data: bytes(10) });
    await screen.pass(1_100);
    await screen.ticks(/ 10 B +[1-9]\d* B\/s/);
    expect(screen.bench.state().calls.size).toBe(0);
    await screen.pass(1_100);
    await screen.ticks(/ 10 B +0 B\/s/);
  });

  test('of which none is open says what starts one', async () => {
    screen = openScreen();
    await screen.press('z');
    await screen.shows('No socket yet');
    await screen.press('>');
    await screen.shows('Nothing is open here to be sorted');
    await screen.press('z', '>');
    await screen.shows('Only a zoomed pane is a table that can be sorted: z zooms it');
  });
});
