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

/** Sorted, for nothing where they are. */
export const sorted = (values: Int32Array, compare: (a: number, b: number) => number): Int32Array => {
  for (let at = 1; at < values.length; at++)
    if (compare(values[at - 1]!, values[at]!) > 0) return values.sort(compare);
  return values;
};
