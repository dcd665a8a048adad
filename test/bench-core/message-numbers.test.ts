import { describe, expect, it } from 'vitest';
import type { Bench } from '../../source/bench/engine/bench.ts';
import { nextMessage } from '../../source/bench/view/selectors-sockets.ts';
import { byteLength } from '../../source/core/bytes/bytes.ts';
import { formatBytes } from '../../source/core/bytes/bytes-text.ts';
import { callOf, client, listener, much, pair, playing } from '../support/playing.ts';

/** Every message of the journal that was sent whole, as it is written there. */
const sent = (bench: Bench): string[] =>
  bench.journal
    .slice(1, bench.journal.last())
    .flatMap(entry =>
      entry.kind === 'ended' && 'data' in entry.call && entry.outcome.kind !== 'error'
        ? [formatBytes(entry.call.data, 60)]
        : [],
    );

describe('values of a message', () => {
  it('are put in when its call is made, and the journal has the bytes', async () => {
    const { bench, machine, play } = playing('duplex');
    await play(...pair);
    await machine.run(1500 - machine.clock.now());
    await play(
      'c1.send "\\{n} at \\{unixms}, \\{time}"',
      'c1.send hex"\\{n:2be} \\{crc16}"',
      'c1.send "plain"',
    );
    await play('a1.send "\\{n}"', 'c1.send "\\{n}"');
    expect(sent(bench)).toEqual([
      '"1 at 1500, 1970-01-01T00:00:01.500Z"',
      'hex"00 02 80 71"',
      '"plain"',
      '"1"',
      '"4"',
    ]);
  });

  it('number what was taken: a send that failed before its first byte was none', async () => {
    const { bench, play } = playing('duplex');
    await play(...pair, 'c1.send "\\{n}"', 'c1.send 0B of "x"', 'c1.shutdown SHUT_WR', 'c1.send "\\{n}"');
    expect(bench.state().sockets.get('c1')?.sends).toBe(nextMessage(bench.state(), 'c1') - 1);
    await play('c2 = socket AF_INET SOCK_DGRAM', 'c2.send "\\{n}"');
    expect(nextMessage(bench.state(), 'c2')).toBe(1);
    await play('c2.sendto "\\{n}" 127.0.0.1:9', 'c2.sendto "\\{n}" 127.0.0.1:9');
    expect(sent(bench).slice(-2)).toEqual(['"1"', '"2"']);
  });

  it('number those too that still wait, and begin anew with a new socket of the name', async () => {
    const { bench, machine, play } = playing('single');
    await play(...pair, `c1.sendall ${much}`);
    bench.perform(callOf('c1.send "\\{n}"'));
    bench.flush();
    expect(nextMessage(bench.state(), 'c1')).toBe(3);
    const waiting = [...bench.state().calls.values()].find(({ call }) => call.name === 'send');
    expect(waiting && 'data' in waiting.call && formatBytes(waiting.call.data)).toBe('"2"');
    for (const { id } of bench.state().calls.values()) bench.cancel(id);
    await play('c1.close', ...client('c1'), 'c1.send "\\{n}"');
    await machine.quiesce(bench);
    expect(sent(bench).at(-1)).toBe('"1"');
  });

  it('cannot be had of bytes that do not fit: the call says so, and is none', async () => {
    const { bench, play } = playing('duplex');
    // It fits while the counter has one digit.
    const call = callOf(`c1.send "\\{len:1be}${'x'.repeat(254)}\\{n}"`);
    await play(...listener, ...client('c1'));
    for (let n = 1; n < 11; n++) bench.perform(call);
    bench.flush();
    const last = bench.journal.at(bench.journal.last());
    expect('data' in call && byteLength(call.data)).toBe(256);
    expect(last?.kind === 'ended' && last.outcome).toMatchObject({
      kind: 'error',
      code: 'VALUE',
    });
    expect(bench.state().sockets.get('c1')?.sends).toBe(9);
  });
});
