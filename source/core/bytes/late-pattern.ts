/** A pattern that is made when it is first asked for: Unicode's classes take a millisecond or more each. */
export const latePattern = (source: string, flags = 'u'): (() => RegExp) => {
  let made: RegExp | undefined;
  return () => {
    made ??= new RegExp(source, flags);
    return made;
  };
};
