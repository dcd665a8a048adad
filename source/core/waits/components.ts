/** Where a walk stands: an item, its number in the order of finding, and which of its ways is next. */
type Step<K> = { readonly id: K; readonly index: number; next: number };

/**
 * The strongly connected components of a graph that no way leads out of: of those that are in one, each can reach all
 * the others and nothing else. Every way must lead to one of `ids`. Linear in ids and ways; no recursion, since a chain
 * of a thousand calls would not fit on the stack. (Tarjan 1972: an item is a component's root where nothing that it
 * reaches was found before it.)
 */
export const closedComponents = <K>(ids: Iterable<K>, waysOf: (id: K) => readonly K[]): K[][] => {
  const lowest = new Map<K, number>();
  /** Items that are in a component already: what leads there leads out of its own. */
  const done = new Set<K>();
  const open: K[] = [];
  const leadsOut = new Set<K>();
  const found: K[][] = [];

  const close = (root: K): void => {
    const component = open.splice(open.lastIndexOf(root));
    for (const id of component) done.add(id);
    if (!component.some(id => leadsOut.has(id))) found.push(component);
  };
  const walk = (first: K): void => {
    const path: Step<K>[] = [];
    const enter = (id: K): void => {
      path.push({ id, index: lowest.size, next: 0 });
      lowest.set(id, lowest.size);
      open.push(id);
    };
    enter(first);
    for (let step = path.at(-1); step; step = path.at(-1)) {
      const { id, index } = step;
      const way = waysOf(id)[step.next++];
      if (way === undefined) {
        path.pop();
        const low = lowest.get(id)!;
        const before = path.at(-1)?.id;
        if (low === index) close(id);
        if (before === undefined) continue;
        if (done.has(id)) leadsOut.add(before);
        else lowest.set(before, Math.min(lowest.get(before)!, low));
      } else if (!lowest.has(way)) enter(way);
      else if (done.has(way)) leadsOut.add(id);
      else lowest.set(id, Math.min(lowest.get(id)!, lowest.get(way)!));
    }
  };
  for (const id of ids) if (!lowest.has(id)) walk(id);
  return found;
};
