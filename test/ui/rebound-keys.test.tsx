import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { Overlay } from '../../source/bench/view/overlay.ts';
import { createWorldStore } from '../../source/bench/view/store.ts';
import { emptyField, fieldOf } from '../../source/bench/view/text-field.ts';
import { isActorPane } from '../../source/bench/view/view.ts';
import { firstKeys } from '../../source/commands/calling/keymap.ts';
import { commandTable } from '../../source/commands/calling/table.ts';
import { initialState } from '../../source/core/model/state.ts';
import { callOf, pair } from '../support/playing.ts';
import { keyless, rebound, tableKeysIn } from '../support/rebound.ts';
import { keymap, openScreen, type Screen } from './screen.tsx';

let screen: Screen | undefined;

afterEach(async () => {
  await screen?.close();
  screen = undefined;
});

const keymaps = [
  ['all on other keys', rebound],
  ['none with a key', keyless],
] as const;

const perform = async (...lines: string[]): Promise<void> => {
  for (const line of lines) await screen!.call(callOf(line));
};

const field = { field: emptyField, name: 'timeout' };

const refusal = { message: 'no', column: null, field: '', offer: '127.0.0.1:1' };

/** What lies over the panes, one of each kind, and of those that say more at times more than one. */
const overlays: readonly Overlay[] = [
  { kind: 'palette', input: emptyField, at: 0, recall: 0, refusal: null, busy: false },
  { kind: 'form', command: 'timeout', fields: [field], at: 0, refusal, busy: false },
  {
    kind: 'form',
    command: 'set-option',
    fields: [field, field].map((each, i) => ({ ...each, name: ['option', 'value'][i]! })),
    at: 0,
    refusal: null,
    busy: false,
  },
  { kind: 'send', socket: 'c1', payload: emptyField, address: null, at: 'payload', recall: 0, refusal: null },
  { kind: 'labs', labs: [], trouble: '', filter: fieldOf('nothing'), at: 0, refusal: null, busy: false },
  { kind: 'menu', socket: 'c1', at: 0 },
  { kind: 'confirm', question: 'Really?', command: 'quit-now', values: {} },
  { kind: 'entry', n: 7, top: 0 },
  { kind: 'stream', socket: 'c1', top: 0 },
  { kind: 'why', call: 0 },
  { kind: 'glossary', about: 'c1', here: ['BLOCKED', 'loop'], at: 0 },
  { kind: 'glossary', about: 'c1', here: ['BLOCKED', 'loop'], at: 1 },
  { kind: 'options', socket: 'c1', at: 0, readings: {} },
  { kind: 'search', what: 'search', input: emptyField },
  { kind: 'search', what: 'filter', input: emptyField },
  ...(['client', 'log', 'timeline', 'entry', 'stream', 'lab', 'time'] as const).map(
    (place): Overlay => ({ kind: 'help', place, filter: emptyField, at: 0 }),
  ),
];

test('what is looked for is there where nobody has bound the keys anew', async () => {
  screen = openScreen({ rows: 50, columns: 160, keymap });
  await perform(...pair, 'c1.recv 10');
  screen.store.setState(({ view }) => ({
    view: { ...view, overlays: [{ kind: 'menu', socket: 'c1', at: 0 }] },
  }));
  await screen.shows('Close c1');
  const found = tableKeysIn(screen.frame()).join('\n');
  expect(found).toContain('s sends');
  expect(found).toContain('Enter');
  expect(tableKeysIn('accept a connection (a), or a accepts one')).toHaveLength(2);
});

describe.each(keymaps)(
  'with every command of the table, %s, no text names a key of the table',
  (_, bound) => {
    test('the panes, what they say of waits, the verdict and the log', async () => {
      screen = openScreen({ rows: 60, columns: 200, keymap: bound });
      expect(tableKeysIn(screen.frame())).toEqual([]);
      for (const program of ['client', 'tcp-server'] as const) screen.bench.setPolicy(program, 'single');
      await perform(...pair, 'c1.recv 10');
      await screen.pass(1_500);
      expect(tableKeysIn(screen.frame())).toEqual([]);
      await perform('a1.recv 10');
      await screen.shows('DEADLOCK');
      expect(tableKeysIn(screen.frame())).toEqual([]);
      await perform('c2 = socket', 'c2.connect 127.0.0.1:9000', 'c3 = socket', 'c3.connect 127.0.0.1:9000');
      for (const focus of ['client', 'tcp-server', 'log', 'timeline'] as const) {
        screen.store.setState(({ view }) => ({ view: { ...view, focus } }));
        await screen.pass();
        expect(tableKeysIn(screen.frame())).toEqual([]);
      }
    });

    test.each(overlays.map(overlay => [overlay.kind, overlay] as const))('%s', async (_kind, overlay) => {
      screen = openScreen({ rows: 60, columns: 200, keymap: bound });
      await perform(...pair, 'c1.send "hi"', 'a1.recv 10', 'c1.recv 10');
      screen.store.setState(({ view }) => ({ view: { ...view, overlays: [overlay] } }));
      await screen.pass(100);
      expect(tableKeysIn(screen.frame())).toEqual([]);
    });

    test('why a command cannot be used, in every pane, empty and busy', async () => {
      screen = openScreen({ keymap: bound });
      await perform(...pair);
      const found: string[] = [];
      for (const source of [
        { kind: 'bench', shows: 'programs', began: 0, state: initialState } as const,
        screen.bench,
      ]) {
        const world = createWorldStore(source).getState();
        for (const focus of ['client', 'tcp-server', 'udp-server', 'log', 'lab', 'time'] as const) {
          for (const mode of ['text', 'hex'] as const) {
            const program = isActorPane(focus) ? focus : 'client';
            const here = { ...world, view: { ...world.view, focus, program, mode } };
            for (const { id, disabled } of commandTable) {
              for (const each of tableKeysIn(disabled(here, firstKeys(bound)) ?? ''))
                found.push(`${id}: ${each}`);
            }
          }
        }
      }
      expect(found).toEqual([]);
    });
  },
);

/** The strings in a file of the program; comments and imports are none. */
const literals = (source: string): readonly string[] =>
  source
    .replaceAll(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$|^import .*$/gm, '')
    .split('\n')
    .flatMap(row => [...row.matchAll(/'((?:[^'\\]|\\.)*)'|`((?:[^`\\]|\\.)*)`/g)])
    .map(({ 1: plain, 2: template }) => (plain ?? template ?? '').replaceAll(/\$\{[^}]*\}/g, 'X'));

/** Where keys are named: the titles of keys, and the terminal's own Ctrl-C where lines are typed. */
const allowed: ReadonlySet<string> = new Set(['commands/calling/keys.ts', 'ui/plain.ts']);

test('no string of the program names a key: it asks the keymap', () => {
  const root = join(import.meta.dirname, '../../source');
  const found = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter(name => /\.tsx?$/.test(name) && !allowed.has(name))
    .flatMap(name =>
      literals(readFileSync(join(root, name), 'utf8')).flatMap(text =>
        tableKeysIn(text).map(each => `${name}: ${each}`),
      ),
    );
  expect(found).toEqual([]);
});
