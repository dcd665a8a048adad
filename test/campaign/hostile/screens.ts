import { PassThrough } from 'node:stream';
import stringWidth from 'string-width';
import { createReplay } from '../../../source/bench/engine/create-replay.ts';
import { createWorldStore } from '../../../source/bench/view/store.ts';
import { readSession } from '../../../source/formats/session/read-session.ts';
import { runPlain } from '../../../source/ui/plain.ts';
import { recordings } from '../../formats/mutants.ts';
import type { Chance } from '../../support/chance.ts';
import { keymap, quietServices } from '../../support/outside.ts';
import { callOf, pair } from '../../support/playing.ts';
import { createSimulatedClock } from '../../support/simulated-clock.ts';
import { createMachine } from '../../support/simulated-machine.ts';
import { keys, openScreen } from '../../ui/screen.tsx';
import { attackBytes, attackText } from './attacks.ts';
import { hostileLine } from './entries.ts';
import type { Place, Seen } from './place.ts';

const size = { columns: 100, rows: 30 };

/** A recording, with lines among its own that have foreign text wherever it may stand. */
const forged = (chance: Chance) => {
  const lines = [...chance.one([...recordings.values()])];
  for (let left = 6; left > 0; left--) {
    const at = 1 + chance.below(lines.length);
    lines.splice(at, 0, hostileLine(chance, at, 0));
  }
  const numbered = lines.map((line, n) =>
    n === 0 ? line : JSON.stringify({ ...JSON.parse(line), n, t: n, by: undefined }),
  );
  const read = readSession(Buffer.from(`${numbered.join('\n')}\n`), 'forged');
  return read.ok ? read.session : null;
};

type Shown = { readonly frames: readonly string[] };

/** All that Ink has written, each frame from a line's start on; none of its rows is wider than the screen. */
const framesOf = ({ frames }: Shown): Seen => {
  const rows = frames.join('\n').split('\n');
  const wide = rows.find(row => stringWidth(row) > size.columns);
  if (wide !== undefined) throw new Error(`a row is wider than the screen: ${JSON.stringify(wide)}`);
  return { text: rows.join('\n'), output: 'screen' };
};

/** The panes and what opens over them, at places of a replay's cursor. */
const replayed = async (chance: Chance): Promise<Seen> => {
  const session = forged(chance);
  if (!session) return { text: '', output: 'screen' };
  const { header, entries, cut } = session;
  const replay = createReplay(
    { entries, began: Date.parse(header.began), start: header.start, cut },
    createSimulatedClock(),
  );
  const { source, control } = replay;
  const screen = openScreen({
    ...size,
    source,
    services: { replay: control },
    view: { strip: chance.one(['log', 'timeline'] as const), replay: control.view() },
  });
  source.subscribe(() =>
    screen.store.setState(({ view }) => ({ view: { ...view, replay: control.view() } })),
  );
  try {
    const places = [
      '1',
      '2',
      '3',
      '4',
      '5',
      '6',
      'w',
      'O',
      '?',
      'R',
      'g',
      keys.enter,
      keys.escape,
      'v',
      's',
      'j',
      'k',
      'z',
      '<',
    ];
    for (let left = 12; left > 0; left--) {
      if (chance.below(3) === 0) control.step(-1 - chance.below(entries.length));
      await screen.press(chance.one(places));
    }
    return framesOf(screen);
  } finally {
    await screen.close();
  }
};

/** A bench that is sent bytes, notes and keys that nobody of this house has made. */
const live = async (chance: Chance): Promise<Seen> => {
  const screen = openScreen({ ...size, loops: { accept: true, receive: true } });
  try {
    for (const line of pair) screen.bench.perform(callOf(line));
    await screen.pass();
    await screen.call({
      name: 'send',
      on: 'c1',
      data: { kind: 'literal', data: attackBytes(chance, 12), notation: 'text' },
    });
    screen.bench.note('warning', attackText(chance));
    const paste = attackText(chance).replaceAll('\x1b[201~', '');
    await screen.press(chance.one([':', '/', 'L', 'c', 'S']), keys.paste(paste), keys.enter);
    await screen.press(keys.escape, '5', keys.enter, 'v', keys.escape);
    return framesOf(screen);
  } finally {
    await screen.close();
  }
};

const turn = () => new Promise(resolve => setImmediate(resolve));

/** The same in lines, for screen readers. */
const spoken = async (chance: Chance): Promise<Seen> => {
  const machine = createMachine();
  const bench = machine.bench({ loops: { accept: true, receive: true } });
  const [input, output] = [new PassThrough(), new PassThrough()];
  let text = '';
  output.on('data', chunk => {
    text += String(chunk);
  });
  const ended = runPlain({
    bench,
    store: createWorldStore(bench),
    keymap,
    services: quietServices,
    input,
    output,
  });
  const pass = async () => {
    for (let left = 3; left > 0; left--) {
      await turn();
      await machine.run(40);
    }
  };
  await pass();
  for (const line of pair) bench.perform(callOf(line));
  bench.perform({
    name: 'send',
    on: 'c1',
    data: { kind: 'literal', data: attackBytes(chance, 12), notation: 'text' },
  });
  bench.note('warning', attackText(chance));
  await pass();
  for (let left = 3; left > 0; left--) {
    const word = attackText(chance).replace(/[\r\n\x03\x04]/g, ' ');
    input.write(
      `${chance.one(['', 'listen ', 'connect ', 'c1.send ', 'filter ', 'save ', 'lab '])}${word}\n`,
    );
    await pass();
  }
  input.end();
  await ended;
  await bench.dispose();
  return { text, output: 'lines' };
};

/** What is drawn, by Ink and in lines. */
export const screens: readonly Place[] = [
  { name: 'a replay on the screen', share: 1, show: replayed },
  { name: 'a bench on the screen', share: 1, show: live },
  { name: 'lines for screen readers', share: 4, show: spoken },
];
