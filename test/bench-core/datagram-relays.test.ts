import { describe, expect, it } from 'vitest';
import { relayLine } from '../../source/commands/sockets/relay-line.ts';
import { fold } from '../../source/core/fold/fold.ts';
import { parseRelayTarget } from '../../source/core/language/relay-text.ts';
import { idleTime } from '../../source/core/model/relay-limits.ts';
import { initialState } from '../../source/core/model/state.ts';
import { entryText } from '../../source/core/words/entry-text.ts';
import { decodeEntry, encodeEntry } from '../../source/formats/session/jsonl.ts';
import { socketLines } from '../../source/ui/panes/socket-rows.ts';
import { themeFor } from '../../source/ui/theme.ts';
import { entriesOf, setUp } from '../support/fault-bench.ts';
import { tableWords } from '../support/words.ts';

type Set = ReturnType<typeof setUp>;

const datagramSocket = (name: string, port: number): string[] => [
  `${name} = socket AF_INET SOCK_DGRAM`,
  `${name}.bind 127.0.0.1:${port}`,
];

/** u1 is the relay, u2 its target, c8 and c9 are its senders. */
const relaying = (loops = { accept: false, receive: false }): Set => {
  const set = setUp({ loops });
  set.play(...datagramSocket('u2', 53), ...datagramSocket('u1', 5353));
  set.play(...datagramSocket('c8', 7008), ...datagramSocket('c9', 7009));
  set.relay('u1', 'udp://127.0.0.1:53');
  return set;
};

const log = ({ bench }: Set): string[] =>
  entriesOf(bench)
    .filter(entry => entry.kind === 'ended')
    .map(entry => entryText(entry).replace(/ <[\d.]+>/, ''));

const ends = ({ bench }: Set) =>
  [...bench.state().sockets.values()].filter(({ mate }) => mate !== undefined).map(({ name }) => name);

const left = ({ bench }: Set) =>
  [...bench.state().sockets.values()].filter(({ closed }) => !closed).map(({ name }) => name);

const rowOf = ({ bench }: Set, name: string): string => {
  const state = bench.state();
  const context = { bench: state, now: state.t, width: 90, theme: themeFor(false), keys: tableWords };
  const lines = socketLines(state.sockets.get(name)!, false, 'full', context);
  return lines.map(line => line.map(({ text }) => text).join('')).join('\n');
};

const target = (text: string) => {
  const read = parseRelayTarget(text);
  if (!read.ok) throw new Error(read.message);
  return read.value;
};

describe('a relay of datagrams', () => {
  it('has a socket for each sender, and what comes back reaches the one that asked', () => {
    const set = relaying();
    set.play('c8.sendto "one" 127.0.0.1:5353', 'c9.sendto "two" 127.0.0.1:5353');
    set.play('c8.sendto "three" 127.0.0.1:5353');
    expect(ends(set)).toEqual(['c10', 'c11']);
    set.play('u2.recvfrom 99', 'u2.recvfrom 99', 'u2.recvfrom 99');
    expect(
      log(set)
        .slice(-3)
        .map(line => line.replace(/:\d+$/, '')),
    ).toEqual([
      expect.stringContaining('"one"'),
      expect.stringContaining('"two"'),
      expect.stringContaining('"three"'),
    ]);
    const { sockets } = set.bench.state();
    const at = (name: string) => {
      const local = sockets.get(name)?.local;
      return local?.kind === 'inet' ? local.port : 0;
    };
    set.play(`u2.sendto "to nine" 127.0.0.1:${at('c11')}`, `u2.sendto "to eight" 127.0.0.1:${at('c10')}`);
    set.play('c8.recvfrom 99', 'c9.recvfrom 99');
    expect(log(set).slice(-2)).toEqual([
      expect.stringMatching(/c8.*"to eight".*127\.0\.0\.1:5353/),
      expect.stringMatching(/c9.*"to nine".*127\.0\.0\.1:5353/),
    ]);
    expect(log(set)).toContain('u1.sendto "to eight" 127.0.0.1:7008 = 8');
  });

  it('says in its rows where it passes on to, and for whom', () => {
    const set = relaying();
    set.play('c8.sendto "one" 127.0.0.1:5353');
    expect(rowOf(set, 'u1')).toContain('relay to udp://127.0.0.1:53');
    expect(rowOf(set, 'c10')).toContain('passed on by u1 to 127.0.0.1:7008');
  });

  it('takes over from the receive loop, and gives back to it', () => {
    const set = relaying({ accept: false, receive: true });
    set.play('c8.sendto "one" 127.0.0.1:5353');
    expect(ends(set)).toEqual(['c10']);
    expect(relayLine(set.bench, { socket: 'u1', target: null })).toBe(null);
    set.machine.settle();
    set.play('c9.sendto "two" 127.0.0.1:5353');
    expect(ends(set)).toEqual(['c10']);
    expect(log(set).some(line => line.includes('u1.recvfrom') && line.includes('"two"'))).toBe(true);
  });

  it('closes the socket of a sender that is silent, not of one that sends', async () => {
    const set = relaying();
    set.play('c8.sendto "one" 127.0.0.1:5353', 'c9.sendto "one" 127.0.0.1:5353');
    await set.run(idleTime / 2);
    set.play('c9.sendto "two" 127.0.0.1:5353');
    await set.run(idleTime / 2 + 1000);
    expect(left(set)).toEqual(['u2', 'u1', 'c8', 'c9', 'c11']);
    set.play('c8.sendto "three" 127.0.0.1:5353');
    expect(left(set)).toEqual(['u2', 'u1', 'c8', 'c9', 'c11', 'c12']);
    await set.run(2 * idleTime);
    expect(left(set)).toEqual(['u2', 'u1', 'c8', 'c9']);
  });

  it('closed, it closes what it made', () => {
    const set = relaying();
    set.play('c8.sendto "one" 127.0.0.1:5353', 'c9.sendto "one" 127.0.0.1:5353', 'u1.close');
    set.machine.settle();
    set.bench.flush();
    expect(left(set)).toEqual(['u2', 'c8', 'c9']);
  });

  it('keeps the socket of a sender whose target is not there yet', () => {
    const set = relaying();
    set.play('u2.close', 'c8.sendto "lost" 127.0.0.1:5353');
    expect(log(set).some(line => /c10\.\w+.*ECONNREFUSED/.test(line))).toBe(true);
    set.play(...datagramSocket('u3', 53), 'c8.sendto "kept" 127.0.0.1:5353', 'u3.recvfrom 99');
    expect(log(set).at(-1)).toContain('"kept"');
    expect(ends(set)).toEqual(['c10']);
  });

  it('replayed, is the same', () => {
    const set = relaying();
    set.play('c8.sendto "one" 127.0.0.1:5353');
    const read = entriesOf(set.bench).map(entry => decodeEntry(encodeEntry(entry)));
    const again = fold(initialState('duplex', { accept: false, receive: false }), read).sockets;
    expect(again).toEqual(set.bench.state().sockets);
    expect(again.get('c10')).toMatchObject({ mate: 'u1', sender: { host: '127.0.0.1', port: 7008 } });
    expect(again.get('u1')?.mate).toBe(undefined);
  });

  it('is refused onto itself, on what is not bound, has a peer, or is no socket of UDP', () => {
    const set = relaying();
    set.play('u5 = socket AF_INET SOCK_DGRAM', 'u6 = socket AF_UNIX SOCK_DGRAM', 's1 = socket');
    set.play('c9.connect 127.0.0.1:53');
    const trouble = (socket: string, text: string) => relayLine(set.bench, { socket, target: target(text) });
    expect(trouble('u1', 'udp://localhost:5353')).toBe(
      'a relay from 127.0.0.1:5353 to localhost:5353 would lead back to itself',
    );
    expect(trouble('u1', '127.0.0.1:53')).toMatch(/^u1 carries datagrams: write its target as udp:/);
    expect(trouble('u5', 'udp://127.0.0.1:53')).toBe('u5 is not bound: u5.bind comes before');
    expect(trouble('c9', 'udp://127.0.0.1:53')).toMatch(/^c9 has a peer/);
    expect(trouble('u6', 'udp://127.0.0.1:53')).toMatch(/^u6 is a Unix datagram socket/);
    expect(trouble('s1', 'udp://127.0.0.1:53')).toMatch(/^s1 accepts connections, and udp:/);
  });
});
