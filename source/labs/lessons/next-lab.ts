/**
 * What comes next in the course: the first lab that is not done, of those behind the one named before all others. Undefined where all are
 * done.
 */
export const nextLab = <T extends { readonly name: string; readonly done: boolean }>(
  course: readonly T[],
  after?: string,
): T | undefined => {
  const at = course.findIndex(({ name }) => name === after);
  return [...course.slice(at + 1), ...course.slice(0, Math.max(0, at))].find(
    ({ name, done }) => !done && name !== after,
  );
};
