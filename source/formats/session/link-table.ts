import { endsAccept, type Links } from '../../core/fold/absorb.ts';
import type { Entry } from '../../core/model/entry.ts';
import { type Column, createColumn } from '../columns.ts';

/** What one entry is linked with, 0: with none; `wakesFirst`: what it caused was known before its cause. */
export type Linked = {
  readonly prev: number;
  readonly by: number;
  readonly wakes: number;
  readonly wakesFirst: boolean;
};

type Columns = Readonly<Record<'prev' | 'by' | 'wakes' | 'marks', Column>>;

const isAcceptMark = 1;
const wakesFirstMark = 2;

/** The links of one entry, which stand in the table. */
class Row {
  private readonly columns: Columns;
  private readonly index: number;

  constructor(columns: Columns, index: number) {
    this.columns = columns;
    this.index = index;
  }

  get by(): number | undefined {
    return this.columns.by.get(this.index) || undefined;
  }

  set by(n: number) {
    const { by, wakes, marks } = this.columns;
    if (wakes.get(this.index) > 0) marks.set(this.index, marks.get(this.index) | wakesFirstMark);
    by.set(this.index, n);
  }

  get wakes(): number | undefined {
    return this.columns.wakes.get(this.index) || undefined;
  }

  set wakes(n: number) {
    this.columns.wakes.set(this.index, n);
  }
}

/** Links of the entries of a session, kept without them: 32 bytes an entry. */
export const createLinkTable = () => {
  const columns: Columns = {
    prev: createColumn(),
    by: createColumn(),
    wakes: createColumn(),
    marks: createColumn(),
  };
  let first = 0;
  let size = 0;
  const links: Links = {
    at: n => (n >= first && n < first + size ? new Row(columns, n - first) : undefined),
    isAccept: n => n >= first && n < first + size && (columns.marks.get(n - first) & isAcceptMark) !== 0,
  };
  return {
    links,
    /** Takes the links that folding has found, of the next entry. */
    add: (entry: Entry) => {
      if (size === 0) first = entry.n;
      columns.prev.set(size, entry.prev);
      columns.by.set(size, entry.by ?? 0);
      columns.wakes.set(size, 0);
      columns.marks.set(size, endsAccept(entry) ? isAcceptMark : 0);
      size++;
    },
    /** Of the entry at this place, from 0. */
    at: (index: number): Linked => ({
      prev: columns.prev.get(index),
      by: columns.by.get(index),
      wakes: columns.wakes.get(index),
      wakesFirst: (columns.marks.get(index) & wakesFirstMark) !== 0,
    }),
  };
};

export type LinkTable = ReturnType<typeof createLinkTable>;

/** Puts links into an entry that has none, in the order in which they became known. */
export const linkWith = (entry: Entry, { prev, by, wakes, wakesFirst }: Linked): Entry => {
  entry.prev = prev;
  if (wakes > 0 && wakesFirst) entry.wakes = wakes;
  if (by > 0) entry.by = by;
  if (wakes > 0) entry.wakes = wakes;
  return entry;
};
