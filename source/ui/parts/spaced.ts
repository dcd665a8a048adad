/** Rows apart: one of `blank` stands between two. */
export const spaced = <T>(rows: readonly T[], blank: T): readonly T[] =>
  rows.flatMap((row, at) => (at === 0 ? [row] : [blank, row]));

/** How many rows apart have room in so many. */
export const spacedRoom = (rows: number): number => Math.ceil(rows / 2);

/** Rows with a blank before each that begins something new, where that leaves room for all of them; else as they are. */
export const apartWhere = <T>(
  rows: readonly T[],
  blank: T,
  isNew: (row: T, before: T) => boolean,
  room: number,
): readonly T[] => {
  const apart = rows.flatMap((row, at) => (at > 0 && isNew(row, rows[at - 1]!) ? [blank, row] : [row]));
  return apart.length <= room ? apart : rows;
};
