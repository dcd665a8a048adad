import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type StripId, stripIds } from '../../source/bench/view/view.ts';
import {
  bottomRows,
  type Layout,
  type LayoutInput,
  layoutFor,
  leastSize,
  topRows,
} from '../../source/ui/layout.ts';
import { leastPaneRows } from '../../source/ui/pane-grid.ts';
import type { Rect } from '../../source/ui/rect.ts';
import { runsOf } from '../support/sizes.ts';

type Input = LayoutInput<string>;

const size = fc.record({
  columns: fc.integer({ min: leastSize.columns, max: 200 }),
  rows: fc.integer({ min: leastSize.rows, max: 60 }),
});

const stripTitles = Object.fromEntries(stripIds.map(id => [id, 9])) as Record<StripId, number>;

/** 1 to 12 panes with anything in them, some of them visited, one part of the screen in focus. */
const input: fc.Arbitrary<Input> = fc
  .record({
    size,
    holds: fc.array(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 300 })), {
      minLength: 1,
      maxLength: 12,
    }),
    titles: fc.array(fc.tuple(fc.integer({ min: 8, max: 30 }), fc.nat(14)), { minLength: 12, maxLength: 12 }),
    order: fc.shuffledSubarray([...Array(12).keys()], { minLength: 12, maxLength: 12 }),
    visits: fc.integer({ min: 1, max: 12 }),
    where: fc.constantFrom('program', 'program', 'program', ...stripIds, 'lab', 'time'),
    zoomed: fc.boolean(),
    strip: fc.constantFrom(...stripIds),
    lab: fc.boolean(),
    time: fc.boolean(),
  })
  .map(({ size: of, holds, titles, order, visits, where, zoomed, strip, lab, time }): Input => {
    const panes = holds.map((each, index) => {
      const [short, more] = titles[index]!;
      return { id: `p${index + 1}`, holds: each, title: short + more, short };
    });
    const visited = order
      .filter(index => index < panes.length)
      .slice(0, visits)
      .map(index => `p${index + 1}`);
    const hasLab = where === 'lab' || (lab && where !== 'time');
    return {
      size: of,
      panes,
      visited,
      focus: where === 'program' ? visited[0]! : where,
      zoomed,
      strip: stripIds.find(id => id === where) ?? strip,
      titles: { ...stripTitles, ...(hasLab ? { lab: 9 } : {}) },
      time: where === 'time' || (time && !hasLab),
    } as Input;
  });

const across = (columns: number, top: number, height: number): Rect => ({
  left: 0,
  top,
  width: columns,
  height,
});

const partsOf = (layout: Layout<string>): Rect[] =>
  [
    across(layout.columns, 0, topRows),
    across(layout.columns, layout.rows - bottomRows, bottomRows),
    ...layout.open.map(({ rect }) => rect),
    ...layout.folded.titles.map(({ rect }) => rect),
    layout.details,
    layout.lab,
    ...Object.values(layout.strips),
    layout.time,
  ].filter(rect => rect !== null);

/** How often each cell is covered, by how many of them. */
const coverage = (layout: Layout<string>): Map<number, number> => {
  const cells = new Uint8Array(layout.columns * layout.rows);
  for (const { left, top, width, height } of partsOf(layout)) {
    for (let row = top; row < top + height; row++) {
      for (let column = left; column < left + width; column++) cells[row * layout.columns + column]!++;
    }
  }
  const counts = new Map<number, number>();
  for (const count of cells) counts.set(count, (counts.get(count) ?? 0) + 1);
  return counts;
};

const holding = (of: Input) => of.panes.filter(({ holds }) => holds > 0).map(({ id }) => id);

const isBelow = ({ focus }: Input): boolean => stripIds.some(id => id === focus);

const openIds = (layout: Layout<string>) => layout.open.map(({ id }) => id);

const check = (property: (of: Input, layout: Layout<string>) => void): void =>
  fc.assert(
    fc.property(input, of => property(of, layoutFor(of))),
    runsOf('screens laid out'),
  );

describe('the parts of the screen', () => {
  test('fill it, and none lies over another', () => {
    check((_, layout) => {
      expect([...coverage(layout)]).toEqual([[1, layout.columns * layout.rows]]);
      for (const { left, width, height } of partsOf(layout)) {
        expect(left + width).toBeLessThanOrEqual(layout.columns);
        expect(height).toBeGreaterThan(0);
      }
    });
  });

  test('are each pane once: open, folded, or counted', () => {
    check((of, layout) => {
      if (of.zoomed) {
        expect(layout.folded.titles).toEqual([]);
        return;
      }
      const folded = layout.folded.titles.map(({ id }) => id);
      const shown = [...openIds(layout), ...folded];
      expect(new Set(shown).size).toBe(shown.length);
      const titled = Object.keys(layout.strips).length > 0 ? 0 : stripIds.length;
      const lab = of.titles.lab !== undefined && !layout.lab ? 1 : 0;
      expect(shown.length + layout.folded.unnamed).toBe(of.panes.length + titled + lab);
    });
  });

  test('show the pane in focus: a box of its own, or its title where it is empty and others are not', () => {
    check((of, layout) => {
      const { focus } = of;
      const strip = stripIds.find(id => id === focus);
      if (strip || focus === 'lab' || focus === 'time') {
        const rect = focus === 'lab' || focus === 'time' ? layout[focus] : layout.strips[strip!];
        expect(rect?.height ?? 0).toBeGreaterThan(focus === 'time' ? 0 : 2);
        return;
      }
      const placed = layout.open.find(({ id }) => id === focus);
      if (placed) {
        expect(placed.rect.height).toBeGreaterThanOrEqual(leastPaneRows);
        return;
      }
      expect(layout.folded.titles.map(({ id }) => id)).toContain(focus);
      expect(of.zoomed).toBe(false);
      expect(holding(of)).not.toContain(focus);
      expect(holding(of).length).toBeGreaterThan(0);
    });
  });

  test('fold what holds nothing to its title, at any size', () => {
    check((of, layout) => {
      if (of.zoomed || holding(of).length === 0) return;
      for (const id of openIds(layout)) expect(holding(of)).toContain(id);
    });
  });

  test('have room for a row of a socket in each open pane', () => {
    check((of, layout) => {
      const least = holding(of).length > 0 ? 40 : 32;
      for (const { rect } of layout.open) {
        expect(rect.width).toBeGreaterThanOrEqual(Math.min(least, layout.columns));
        expect(rect.height).toBeGreaterThanOrEqual(leastPaneRows);
      }
    });
  });
});

describe('two panes that hold something', () => {
  test('stand side by side at 80 columns, 40 each, whatever has the focus', () => {
    check(of => {
      const eighty = layoutFor({ ...of, size: { ...of.size, columns: 80 } });
      if (of.zoomed || holding(of).length < 2 || eighty.open.length === 0) return;
      const [left, right] = eighty.open.map(({ rect }) => rect);
      expect([left!.width, right!.width, right!.left]).toEqual([40, 40, 40]);
      expect(left!.top).toBe(right!.top);
    });
  });

  test('do so wherever no lesson, log or zoom needs the rows', () => {
    const of: Input = {
      size: { columns: 80, rows: 24 },
      panes: ['client', 'tcp-server', 'udp-server'].map((id, index) => ({
        id,
        holds: 2 - index,
        title: 24,
        short: 14,
      })),
      visited: ['client'],
      focus: 'client',
      zoomed: false,
      strip: 'log',
      titles: { log: 9, timeline: 14, lab: 9 },
      time: false,
    };
    for (const focus of ['client', 'log', 'timeline', 'lab', 'time'] as const)
      expect(openIds(layoutFor({ ...of, focus }))).toEqual(['client', 'tcp-server']);
  });

  test('stay where they are while the focus goes from one to another that is shown', () => {
    check((of, layout) => {
      if (of.zoomed || of.focus === 'lab') return;
      for (const id of openIds(layout)) {
        const visited = [id, ...of.visited.filter(each => each !== id)];
        const moved = layoutFor({ ...of, visited, focus: id });
        // Which titles are named where not all have room goes by the focus.
        const named = layout.folded.unnamed > 0 ? { folded: layout.folded } : {};
        if (of.size.rows < 20 && isBelow(of)) return;
        expect({ ...moved, ...named }).toEqual(layout);
      }
    });
  });

  test('give way to those visited later, and strangers to the fullest of them', () => {
    check((of, layout) => {
      if (of.zoomed || layout.open.length === 0) return;
      const open = openIds(layout);
      const among = holding(of).length > 0 ? holding(of) : of.panes.map(({ id }) => id);
      const visited = of.visited.filter(id => among.includes(id));
      const shown = visited.filter(id => open.includes(id));
      expect(shown).toEqual(visited.slice(0, open.length));
      const holds = (id: string): number => of.panes.find(pane => pane.id === id)?.holds ?? 0;
      const strangers = among.filter(id => !of.visited.includes(id));
      const fullest = strangers.map(holds).sort((a, b) => b - a);
      const given = strangers.filter(id => open.includes(id)).map(holds);
      expect(given.sort((a, b) => b - a)).toEqual(fullest.slice(0, open.length - shown.length));
    });
  });
});
