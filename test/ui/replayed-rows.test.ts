import { expect, test } from 'vitest';
import { createReplay } from '../../source/bench/engine/create-replay.ts';
import type { BenchState } from '../../source/core/model/state.ts';
import { entryText } from '../../source/core/words/entry-text.ts';
import { encodeEntry, encodeHeader, headerOf } from '../../source/formats/session/jsonl.ts';
import { readSession } from '../../source/formats/session/read-session.ts';
import { socketLines } from '../../source/ui/panes/socket-rows.ts';
import { themeFor } from '../../source/ui/theme.ts';
import { entriesOf, setUp } from '../support/fault-bench.ts';
import { tableWords } from '../support/words.ts';

/** What the panes show of every socket at the moment of the newest entry. */
const rowsOf = (bench: BenchState): string[] => {
  const context = { bench, now: bench.t, width: 100, theme: themeFor(false), keys: tableWords };
  return [...bench.sockets.values()].flatMap(socket =>
    socketLines(socket, false, 'full', context).map(line => line.map(({ text }) => text).join('')),
  );
};

/** s2 answers by rules, s1 is a relay to it that splits what goes to its clients, c9 is a client of s1. */
const played = async () => {
  const { bench, play, rule, relay, fault, run } = setUp({ loops: { accept: false, receive: false } });
  const live = new Map<number, readonly string[]>();
  bench.subscribe(() => live.set(bench.journal.last(), rowsOf(bench.state())));
  play('s2 = socket', 's2.bind 127.0.0.1:6379', 's2.listen 5');
  rule('s2', 'accept send "ready\\n"');
  rule('s2', 'recv "PING" send "PONG" after 200ms');
  play('s1 = socket', 's1.bind 127.0.0.1:9000', 's1.listen 5');
  relay('s1', '127.0.0.1:6379');
  fault('s1', 'split 3 every 50ms');
  play('c9 = socket', 'c9.connect 127.0.0.1:9000', 'a2 = s2.accept', 'c9.recv 100');
  await run(500);
  play('c9.send "PI"', 'c9.send "NG"', 'c9.recv 100');
  await run(100);
  await run(500);
  play('c9.shutdown SHUT_WR', 'a2.close', 'c9.recv 100');
  await run(500);
  return { bench, live };
};

test('a session with rules, a relay and faults replays to the same rows, at every step of it', async () => {
  const { bench, live } = await played();
  const header = encodeHeader(headerOf(bench.began));
  const lines = [header, ...entriesOf(bench).map(encodeEntry)];
  const read = readSession(Buffer.from(`${lines.join('\n')}\n`), 'answers.jsonl');
  if (!read.ok) throw new Error(read.message);
  const { source, control } = createReplay({ ...read.session, began: bench.began, start: bench.start });
  const again = [...live].map(([n]) => {
    control.seek(n);
    return rowsOf(source.state());
  });
  expect(again).toEqual([...live.values()]);
  expect(source.journal.slice(1, source.journal.last()).map(entry => entryText(entry))).toEqual(
    entriesOf(bench).map(entry => entryText(entry)),
  );

  // All that is to be the same was there.
  const shown = [...live.values()].flat().join('\n');
  for (const words of [/relay to 127\.0\.0\.1:6379/, /passed on to/, /rule 2/, /split 3 every 50ms/])
    expect(shown).toMatch(words);
  expect(shown).toMatch(/sendall by rule 2 at \d/);
});
