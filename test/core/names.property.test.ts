import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createLogIndex } from '../../source/bench/view/log-index.ts';
import { parseCall, parseLine } from '../../source/core/language/line.ts';
import { isActor } from '../../source/core/model/actors.ts';
import { createJournal, defaultCaps } from '../../source/core/model/journal.ts';
import {
  descriptorName,
  isFileName,
  isOwnSocketName,
  isSocketName,
  socketNamedIn,
} from '../../source/core/model/names.ts';
import { threadKind } from '../../source/core/model/threads.ts';
import { splitExpectation } from '../../source/labs/line-words.ts';
import { createPlaybook } from '../support/entries.ts';

const process = fc.integer({ min: 1, max: 999_999_999 }).map(n => `p${n}`);

const socket = fc.tuple(process, fc.nat({ max: 999_999_999 }), fc.nat({ max: 26 ** 4 - 1 }));

/** What a name says: whose it is, which descriptor, and which of those that had it. */
const readBack = (name: string): [string, number, number] => {
  const [, actor = '', fd, letters = ''] = /^(p\d+)\.(\d+)([a-z]*)$/.exec(name)!;
  const nth = [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 97, 0);
  return [actor, Number(fd), nth];
};

test('the name of a process’s socket is one, has all it is made of, and is taken for nothing else', () => {
  fc.assert(
    fc.property(socket, ([actor, fd, nth]) => {
      const name = descriptorName(actor, fd, nth);
      expect(readBack(name)).toEqual([actor, fd, nth]);
      expect([isSocketName(name), isActor(actor)]).toEqual([true, true]);
      expect([isOwnSocketName(name), isFileName(name), isActor(name)]).toEqual([false, false, false]);
      expect(threadKind(name)).toBe('own');
    }),
  );
  expect([descriptorName('p1', 4, 0), descriptorName('p1', 4, 1)]).toEqual(['p1.4', 'p1.4b']);
});

test('lines, expectations and lessons find it, and nothing that a call makes may be called so', () => {
  fc.assert(
    fc.property(socket, parts => {
      const name = descriptorName(...parts);
      expect(parseCall(`${name}.recv 5`)).toMatchObject({ ok: true, value: { on: name, name: 'recv' } });
      expect(parseLine(`expect ${name}.state == ESTAB`)).toMatchObject({
        ok: true,
        value: { claim: { socket: name } },
      });
      expect(splitExpectation(`expect ${name}.state == ESTAB`).call).toBe(`expect ${name}.state`);
      expect(socketNamedIn(`x = ${name}.recv`)).toBe(name);
      expect(parseCall(`${name} = socket`)).toMatchObject({ ok: false });
    }),
  );
});

test('others are no names', () => {
  const others = [
    'p1',
    'p1.',
    'p0.4',
    'p1.04',
    'p1.4B',
    'p1.4bcdef',
    'q1.4',
    'p1.r',
    'p1.4.5',
    'p-1.4',
    ' p1.4',
  ];
  expect(others.filter(isSocketName)).toEqual([]);
});

test('a filter of the log takes it for a socket', () => {
  const book = createPlaybook();
  book.recv('p1.4', 'one');
  book.recv('p1.41', 'two');
  const journal = createJournal(defaultCaps, () => {});
  for (const entry of book.entries) journal.append(entry);
  const range = { clearedTo: 0, last: journal.last() };
  const found = createLogIndex(journal).window('p1.4', range, null, 9).entries;
  expect(found.map(entry => 'call' in entry && entry.call.on)).toEqual(['p1.4']);
});
