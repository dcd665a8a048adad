/** What is made when it is first asked for, once. */
export const late = <T>(make: () => T): (() => T) => {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
};

/** Of patterns those of Unicode's classes, which take a millisecond or more each. */
export const latePattern = (source: string, flags = 'u'): (() => RegExp) =>
  late(() => new RegExp(source, flags));
