import type { Bench } from '../../../source/bench/engine/bench.ts';
import { initialView } from '../../../source/bench/view/view.ts';
import { print } from '../../../source/cli/print.ts';
import { printEntries } from '../../../source/cli/print-entries.ts';
import type { Entry } from '../../../source/core/model/entry.ts';
import { drawEntry } from '../../../source/ui/overlays/entry-overlay.ts';
import { logLines } from '../../../source/ui/panes/log-pane.ts';
import { columnsFor } from '../../../source/ui/parts/entry-columns.ts';
import { drawnLine, type StyledLine } from '../../../source/ui/parts/styled-line.ts';
import { themeFor } from '../../../source/ui/theme.ts';
import type { Chance } from '../../support/chance.ts';
import { attackText } from './attacks.ts';
import { captured } from './captured.ts';
import { hostileEntry } from './entries.ts';
import type { Place } from './place.ts';

const theme = themeFor(false);

/** Rows as the screen has them; each begins in a cell of its own. */
const asDrawn = (lines: readonly StyledLine[], width: number): string =>
  lines
    .map(line => drawnLine(line, width, theme.ellipsis))
    .map(line => line.map(({ text }) => text).join(''))
    .join('\n');

const log = (entry: Entry, chance: Chance): string => {
  const width = 40 + chance.below(120);
  const view = {
    ...initialView.log,
    stamps: chance.one(['relative', 'clock', 'delta'] as const),
    search: chance.below(4) === 0 ? attackText(chance, 2) : '',
  };
  const window = { entries: [entry], repeats: [], calls: new Map(), matching: null, behind: 0 };
  const columns = columnsFor(entry, view.stamps);
  const context = { view, origin: 0, width, columns, theme, now: entry.t, at: () => undefined };
  return asDrawn(logLines(window, context), width);
};

const whole = (entry: Entry, chance: Chance): string => {
  const overlay = { kind: 'entry', n: entry.n, top: chance.below(5) } as const;
  const screen = { columns: 60 + chance.below(80), rows: 20 + chance.below(40) };
  const form = chance.one(['text', 'hex', 'raw'] as const);
  const { frame, width } = drawEntry(overlay, entry, form, () => 'x', screen, theme);
  return asDrawn([frame.top, ...frame.rows, frame.bottom], width);
};

/** Entries as `sockbench run` prints them when the bench is flushed. */
const told = (entry: Entry, json: boolean): Promise<string> => {
  const bench = {
    began: 0,
    start: undefined,
    journal: { last: () => entry.n, at: (n: number) => (n === entry.n ? entry : undefined) },
    subscribe: (listener: () => void) => listener(),
  };
  return captured(() => printEntries(bench as unknown as Bench, json, print));
};

/** Entries of a session, or of this very bench, wherever they are told. */
export const drawing: readonly Place[] = [
  {
    name: 'a row of the log',
    share: 200,
    show: chance => ({
      text: log({ ...hostileEntry(chance), n: 1 + chance.below(1e6) }, chance),
      output: 'lines',
    }),
  },
  {
    name: 'an entry over the panes',
    share: 100,
    show: chance => ({ text: whole({ ...hostileEntry(chance), n: 1 }, chance), output: 'lines' }),
  },
  {
    name: 'an entry that is printed',
    share: 100,
    show: async chance => {
      const entry = { ...hostileEntry(chance), n: 1 };
      return { text: await told(entry, chance.below(3) === 0), output: 'lines' };
    },
  },
];
