/** A function of an object, computed once an object: a state is never changed, so what is known of it holds. */
export const memo = <K extends object, V>(make: (key: K) => V): ((key: K) => V) => {
  const known = new WeakMap<K, { readonly value: V }>();
  return key => {
    const found = known.get(key);
    if (found) return found.value;
    const value = make(key);
    known.set(key, { value });
    return value;
  };
};

/** The same of an object and of something else about it, a name or a number. */
export const memoOf = <K extends object, N, V>(make: (key: K, of: N) => V): ((key: K, of: N) => V) => {
  const known = memo((_: K) => new Map<N, V>());
  return (key, of) => {
    const values = known(key);
    if (!values.has(of)) values.set(of, make(key, of));
    return values.get(of)!;
  };
};
