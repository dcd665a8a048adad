/** A function that makes each answer when it is first asked for, and then keeps it. */
export const once = <K, V>(make: (key: K) => V): ((key: K) => V) => {
  const kept = new Map<K, V>();
  return key => {
    const known = kept.get(key);
    if (known !== undefined || kept.has(key)) return known!;
    const made = make(key);
    kept.set(key, made);
    return made;
  };
};

/** The same of one answer. */
export const lazy = <V>(make: () => V): (() => V) => {
  const of = once((_: 'all') => make());
  return () => of('all');
};
