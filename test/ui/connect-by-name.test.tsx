import { afterEach, describe, expect, test } from 'vitest';
import { formatCall } from '../../source/core/language/line.ts';
import { callOf } from '../support/playing.ts';
import { keys, openScreen, type Screen } from './screen.tsx';

let screen: Screen;

afterEach(() => screen.close());

/** Calls that ended, as the log writes them, with the code of those that failed. */
const ended = (): string[] => {
  screen.bench.flush();
  const { journal } = screen.bench;
  return journal
    .slice(1, journal.last())
    .flatMap(entry =>
      entry.kind === 'ended'
        ? [formatCall(entry.call) + (entry.outcome.kind === 'error' ? ` ${entry.outcome.code}` : '')]
        : [],
    );
};

const connect = async (address: string): Promise<void> => {
  await screen.press('c');
  await screen.shows('Connect to a TCP server');
  await screen.press(keys.ctrl('u'), address, keys.enter);
};

describe('connect to a name', () => {
  test('tries each of its addresses with a socket of its own, until one connects', async () => {
    screen = openScreen();
    await screen.call(callOf('s1 = socket AF_INET SOCK_STREAM'));
    await screen.call(callOf('s1.bind 127.0.0.1:9000'));
    await screen.call(callOf('s1.listen 5'));
    await connect('both.example 9000');
    await screen.shows('c2 ESTAB');
    expect(ended().slice(3, 9)).toEqual([
      'getaddrinfo "both.example" 9000',
      'c1 = socket AF_INET6 SOCK_STREAM',
      'c1.connect [::1]:9000 ECONNREFUSED',
      'c1.close',
      'c2 = socket AF_INET SOCK_STREAM',
      'c2.connect 127.0.0.1:9000',
    ]);
    expect(screen.bench.state().sockets.get('c1')?.closed).toBe(true);
  });

  test('names the addresses that it tried where none connects', async () => {
    screen = openScreen();
    await connect('both.example 9001');
    await screen.shows('tried [::1]:9001 (ECONNREFUSED), 127.0.0.1:9001');
    expect(screen.frame()).toContain('both.example 9001');
    expect([...screen.bench.state().sockets.values()].filter(({ closed }) => !closed)).toEqual([]);
  });

  test('is refused where the name has no address, and no socket is made', async () => {
    screen = openScreen();
    await connect('nowhere.example 9001');
    await screen.shows('EAI_NONAME');
    expect(ended()).toEqual(['getaddrinfo "nowhere.example" 9001 EAI_NONAME']);
  });

  test('of one address says nothing of others', async () => {
    screen = openScreen();
    await connect('localhost 9001');
    await screen.shows('ECONNREFUSED');
    expect(screen.frame()).not.toContain('tried');
  });

  test('a call on a socket of one family asks for that family alone, as in Python', async () => {
    screen = openScreen();
    await screen.call(callOf('c1 = socket AF_INET SOCK_STREAM'));
    await screen.call(callOf('c1.connect both.example:9001'));
    expect(ended().slice(1)).toEqual([
      'getaddrinfo "both.example" 0 AF_INET',
      'c1.connect both.example:9001 ECONNREFUSED',
    ]);
  });
});
