import { expect, test } from 'vitest';
import type { LabView } from '../../source/bench/view/lab-view.ts';
import { labNews } from '../../source/ui/plain-lab.ts';

/** Where lines are typed no key is. */
const typedOnly = () => '';

const first: LabView = {
  name: 'backlog',
  title: 'How many may wait',
  say: 'Two may wait.',
  stage: 1,
  stages: 2,
  round: 1,
  rounds: 1,
  lines: [
    { call: 's1.listen 1', expectation: '=> ok', status: 'next', found: '' },
    { call: 'expect s1.accept-q', expectation: '== 0', status: 'ahead', found: '' },
  ],
  passed: 0,
  failed: 0,
  phase: 'waiting',
  runningOn: false,
  note: '',
  top: null,
};

const [listen, queue] = first.lines;

test('a stage is told with its words and its next line, not with what is expected', () => {
  expect(labNews(first, null, typedOnly)).toEqual([
    'Lab backlog, stage 1 of 2: How many may wait.',
    'Two may wait.',
    'Next: s1.listen 1. lab-step runs it, lab-run-on the rest of the stage.',
  ]);
});

test('the words of a stage come a paragraph a line', () => {
  expect(labNews({ ...first, say: 'One.\n\nTwo.' }, null, typedOnly).slice(1, 3)).toEqual(['One.', 'Two.']);
  expect(labNews({ ...first, say: 'Key {key send} sends.' }, null, typedOnly)[1]).toBe('Key send sends.');
});

test('then each line once, with what was expected and found', () => {
  const stepped: LabView = {
    ...first,
    lines: [
      { ...listen!, status: 'passed', found: 'ok' },
      { ...queue!, status: 'next' },
    ],
  };
  const news = labNews(stepped, first, typedOnly);
  expect(news[0]).toBe('ok: s1.listen 1 = ok, as expected');
  expect(news).toHaveLength(2);
  expect(labNews({ ...stepped, phase: 'running' }, stepped, typedOnly)).toEqual([]);
});

test('of a failure says once what was expected', () => {
  const failed = { ...listen!, status: 'failed', found: 'expected ok, found EINVAL' } as const;
  expect(labNews({ ...first, lines: [failed, queue!] }, first, typedOnly)[0]).toBe(
    'failed: s1.listen 1: expected ok, found EINVAL',
  );
});

test('at its end says how it went', () => {
  expect(labNews({ ...first, lines: [], phase: 'over', passed: 2 }, first, typedOnly)).toEqual([
    'The lab is over: 2 as expected, 0 not. lab-again, lab-leave.',
  ]);
});
