/** A part of the screen; columns and rows count from 0. */
export type Rect = {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
};

/** Which part of the screen something has. */
export type Placed<Id> = { readonly id: Id; readonly rect: Rect };

/** A whole in so many parts that differ by one at most, the larger first. */
const shares = (whole: number, parts: number): number[] =>
  Array.from({ length: parts }, (_, index) => Math.floor(whole / parts) + (index < whole % parts ? 1 : 0));

/** An area in so many columns, or in rows, side by side. */
export const columnsOf = (area: Rect, parts: number): Rect[] => {
  let left = area.left;
  return shares(area.width, parts).map(width => {
    const part = { ...area, left, width };
    left += width;
    return part;
  });
};

export const rowsOf = (area: Rect, parts: number): Rect[] => {
  let top = area.top;
  return shares(area.height, parts).map(height => {
    const part = { ...area, top, height };
    top += height;
    return part;
  });
};
