/** Numbers by place, as many as come; 0 where none was put. */
export type Column = {
  readonly get: (index: number) => number;
  readonly set: (index: number, value: number) => void;
};

const partBits = 16;
const partSize = 2 ** partBits;

/** Eight bytes a number, where an object would take fifty. Grows by parts, so that nothing is copied. */
export const createColumn = (): Column => {
  const parts: Float64Array[] = [];
  return {
    get: index => parts[index >>> partBits]?.[index & (partSize - 1)] ?? 0,
    set: (index, value) => {
      while (parts.length <= index >>> partBits) parts.push(new Float64Array(partSize));
      parts[index >>> partBits]![index & (partSize - 1)] = value;
    },
  };
};

/** Sorted by this, and where it is the same by themselves; for nothing where they are. */
export const sortedBy = (values: Int32Array, keyOf: (value: number) => number): Int32Array => {
  let before = Number.NEGATIVE_INFINITY;
  for (let at = 0; at < values.length; at++) {
    const key = keyOf(values[at]!);
    const isNext = key > before || (key === before && (at === 0 || values[at - 1]! <= values[at]!));
    if (!isNext) return values.sort((a, b) => keyOf(a) - keyOf(b) || a - b);
    before = key;
  }
  return values;
};
