import { expect, test } from 'vitest';
import { type Projection, projectionOf } from '../../source/formats/projection/projection.ts';
import { connected, sessionFrom } from './by-hand.ts';

/** A session whose entries tell how often they have been gone through. */
const counted = () => {
  const book = connected();
  book.send('c1', 'x');
  const session = sessionFrom(book.entries);
  const entries = [...session.entries];
  let walks = 0;
  const iterate = () => {
    walks++;
    return entries.values();
  };
  Object.defineProperty(entries, Symbol.iterator, { value: iterate });
  return { projection: projectionOf({ ...session, entries }), walks: () => walks };
};

test('nothing is gone through that no format has asked for', () => {
  const { projection, walks } = counted();
  expect(projection.first).toBe(1);
  projection.files();
  expect(walks()).toBe(0);
});

test.each<[keyof Projection & ('calls' | 'told' | 'traffic'), number]>([
  ['calls', 1],
  ['told', 1],
  // Whose calls have their bytes, and where their ends are, must be known from the first entry on.
  ['traffic', 3],
])('%s are made once, however often they are asked for', (part, once) => {
  const { projection, walks } = counted();
  expect(projection[part]()).toBe(projection[part]());
  expect(walks()).toBe(once);
});
