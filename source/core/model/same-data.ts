/** Whether two pieces of plain data hold the same: numbers, texts, lists and objects of such. */
export const sameData = (a: unknown, b: unknown): boolean => {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const names = Object.keys(a);
  if (Array.isArray(a) !== Array.isArray(b) || names.length !== Object.keys(b).length) return false;
  return names.every(
    name => Object.hasOwn(b, name) && sameData(a[name as keyof object], b[name as keyof object]),
  );
};
