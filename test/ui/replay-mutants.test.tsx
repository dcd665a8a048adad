import { afterEach, expect, test } from 'vitest';
import { createReplay } from '../../source/bench/engine/create-replay.ts';
import { readSession, type Session } from '../../source/formats/session/read-session.ts';
import { models, mutant, recordings } from '../formats/mutants.ts';
import { createSimulatedClock } from '../support/simulated-clock.ts';
import { isFull, sizeOf } from '../support/sizes.ts';
import { keys, openScreen, type Screen } from './screen.tsx';

let screen: Screen | undefined;

afterEach(() => screen?.close());

const open = ({ header, entries, cut }: Session, strip: 'log' | 'timeline'): ((by: number) => void) => {
  const { source, control } = createReplay(
    { entries, began: Date.parse(header.began), start: header.start, cut },
    createSimulatedClock(),
  );
  const drawn = openScreen({
    columns: 120,
    rows: 40,
    source,
    services: { replay: control },
    view: { focus: 'time', strip, replay: control.view() },
  });
  source.subscribe(() => drawn.store.setState(({ view }) => ({ view: { ...view, replay: control.view() } })));
  screen = drawn;
  return control.step;
};

/** Where drawing throws, Ink takes the whole screen away. */
const isGone = (frame: string): boolean => frame.trim() === '';

const seen = async (what: string): Promise<void> => {
  await new Promise(resolve => setTimeout(resolve, 0));
  const frame = screen!.frame();
  if (isGone(frame)) throw new Error(`nothing is drawn ${what}: drawing threw`);
};

/** Places of the cursor from one at which all is opened to the next. */
const opened = isFull ? 7 : 25;

/** Every place of the cursor, and at some of them what opens over the panes: why, the details, an entry, its options. */
const walk = async ({ entries }: Session, step: (by: number) => void): Promise<void> => {
  const type = async (...typed: readonly string[]) => {
    for (const key of typed) {
      await screen!.press(key);
      await seen(`after ${key}`);
    }
  };
  await seen('at its end');
  for (let left = entries.length; left > 0; left--) {
    step(-1);
    await seen(`before entry ${left}`);
    if (left % opened !== 3) continue;
    for (const pane of ['1', '2', '3'])
      await type(pane, 'w', keys.escape, keys.enter, keys.escape, 'O', keys.escape);
    await type('4', '5', keys.enter, keys.escape, '<', '>', '/c1', keys.enter, keys.escape);
  }
};

const sessionOf = (data: Uint8Array): Session | null => {
  const read = readSession(data, 'mutant');
  return read.ok ? read.session : null;
};

test.each([...recordings])('the recording %s is replayed at every place of its cursor', async (_, lines) => {
  const session = sessionOf(Buffer.from(`${lines.join('\n')}\n`))!;
  await walk(session, open(session, 'timeline'));
});

const runs = sizeOf('spoiled sessions drawn');

test('what is read of a spoiled session is drawn at every place of its cursor', async () => {
  let drawn = 0;
  for (let seed = 24; seed < 24 + runs; seed++) {
    const session = sessionOf(mutant(seed));
    if (!session || session.entries.length === 0) continue;
    const step = open(session, seed % 2 ? 'log' : 'timeline');
    await walk(session, step).catch(error => {
      throw new Error(`seed ${seed}: ${error}`);
    });
    await screen!.close();
    screen = undefined;
    drawn++;
  }
  expect(drawn).toBeGreaterThan(runs / 10);
});

test('a session that begins with a checkpoint of a million million entries is drawn before its first one', async () => {
  const checkpoint = models.flat().find(line => line.includes('"kind":"checkpoint"'))!;
  const entry = JSON.parse(checkpoint);
  const first = JSON.stringify({ ...entry, n: 1, t: 0, state: { ...entry.state, entries: 2 ** 40 } });
  const [header] = [...recordings.values()][0]!;
  const session = sessionOf(Buffer.from(`${header}\n${first}\n`))!;
  const step = open(session, 'log');
  step(-1);
  await seen('before its first entry');
});
