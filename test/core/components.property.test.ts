import fc from 'fast-check';
import { expect, test } from 'vitest';
import { closedComponents } from '../../source/core/waits/components.ts';
import { runsOf } from '../support/sizes.ts';

type Graph = readonly (readonly number[])[];

const anyGraph: fc.Arbitrary<Graph> = fc
  .integer({ min: 0, max: 9 })
  .chain(size =>
    fc.array(fc.array(fc.nat(Math.max(0, size - 1)), { maxLength: 3 }), { minLength: size, maxLength: size }),
  );

const reach = (graph: Graph, from: number): Set<number> => {
  const reached = new Set([from]);
  for (const id of reached) for (const way of graph[id]!) reached.add(way);
  return reached;
};

/** By the definition: all that is reached from it reaches it. */
const byDefinition = (graph: Graph): string[] => {
  const found = graph.flatMap((_, id) => {
    const reached = reach(graph, id);
    return [...reached].every(other => reach(graph, other).has(id)) ? [[...reached].sort().join(' ')] : [];
  });
  return [...new Set(found)].sort();
};

test('closed components are what the definition says', () => {
  fc.assert(
    fc.property(anyGraph, graph => {
      const found = closedComponents(graph.keys(), id => graph[id]!);
      expect(found.map(ids => ids.sort().join(' ')).sort()).toEqual(byDefinition(graph));
    }),
    runsOf('components of random graphs'),
  );
});

test('a chain of a hundred thousand fits', () => {
  const last = 100_000;
  const ids = Array.from({ length: last + 1 }, (_, id) => id);
  expect(closedComponents(ids, id => [Math.min(id + 1, last)])).toEqual([[last]]);
});
