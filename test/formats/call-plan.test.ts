import { describe, expect, test } from 'vitest';
import { plannedCalls, stepsOf } from '../../source/formats/projection/call-plan.ts';
import { connection, sessionOf } from '../support/line-session.ts';

const single = { client: 'single', 'tcp-server': 'single' } as const;

/** The steps that come after the connection is made, as words. */
const stepsAfter = async (lines: readonly string[]): Promise<string[]> => {
  const { entries } = await sessionOf([...connection, ...lines], single);
  return stepsOf(plannedCalls(entries))
    .map(({ kind, call }) => `${kind} ${call.call.on}.${call.call.name}`)
    .slice(connection.length);
};

describe('the steps of a session', () => {
  test('are calls that ended before the next began', async () => {
    expect(await stepsAfter(['c1.send "x"', 'a1.recv 10'])).toEqual(['run c1.send', 'run a1.recv']);
  });

  test('let a blocked call wait until another releases it', async () => {
    expect(await stepsAfter(['a1.recv 10 & => blocked', 'c1.send "x"', 'wait a1.recv', 'c1.close'])).toEqual([
      'begin a1.recv',
      'run c1.send',
      'ended a1.recv',
      'run c1.close',
    ]);
  });

  test('interrupt what was cancelled, and run what waited behind it', async () => {
    const lines = ['c1.recv 10 & => blocked', 'c1.recv 1 & => queued', 'a1.send "x"', 'cancel c1.recv'];
    expect(
      await stepsAfter(['a1.recv 10 & => blocked', 'a1.send "y" & => queued', 'cancel a1.recv']),
    ).toEqual(['begin a1.recv', 'begin a1.send', 'interrupt a1.recv', 'ended a1.send']);
    expect(await stepsAfter(lines.slice(0, 2))).toEqual(['begin c1.recv', 'begin c1.recv']);
  });

  test('leave out what was taken back before it began', async () => {
    const lines = ['a1.recv 10 & => blocked', 'a1.send "y" & => queued', 'cancel a1.send'];
    expect(await stepsAfter(lines)).toEqual(['begin a1.recv']);
  });

  test('never wait for a call whose socket was reset under it', async () => {
    expect(await stepsAfter(['a1.recv 10 & => blocked', 'a1.reset', 'c1.recv 10 => ECONNRESET'])).toEqual([
      'begin a1.recv',
      'run a1.reset',
      'run c1.recv',
    ]);
  });

  test('wait for a call that was inside when its socket was closed', async () => {
    const lines = ['a1.recv 10 & => blocked', 'a1.close', 'c1.send "x"', 'wait a1.recv', 'c1.recv 10 => EOF'];
    expect(await stepsAfter(lines)).toEqual([
      'begin a1.recv',
      'run a1.close',
      'run c1.send',
      'ended a1.recv',
      'run c1.recv',
    ]);
  });

  test('have no end for a call that the end of the session closed', async () => {
    const { entries } = await sessionOf([...connection, 'a1.recv 10 & => blocked'], single);
    expect(plannedCalls(entries).at(-1)).toMatchObject({ endedAt: null, outcome: null });
  });
});

describe('a planned call', () => {
  test('holds the look-ups made in it', async () => {
    const { entries } = await sessionOf([
      'c1 = socket AF_INET SOCK_STREAM',
      'c1.connect localhost:1 => OSError',
    ]);
    const [, connect] = plannedCalls(entries);
    expect(connect?.lookups.map(({ call }) => call.name)).toEqual(['getaddrinfo']);
  });

  test('names the call that released it', async () => {
    const lines = [
      ...connection.slice(0, 5),
      'a1 = s1.accept & => blocked',
      'c1.connect $where',
      'wait s1.accept',
    ];
    const calls = plannedCalls((await sessionOf(lines)).entries);
    const named = (name: string) => calls.find(({ call }) => call.name === name)!;
    expect(named('accept').by).toBe(named('connect').id);
  });
});
