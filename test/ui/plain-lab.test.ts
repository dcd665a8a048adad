import { expect, test } from 'vitest';
import type { LabView } from '../../source/bench/view/lab-view.ts';
import { labNews } from '../../source/ui/plain-lab.ts';

/** Where lines are typed no key is. */
const typedOnly = () => '';

const first: LabView = {
  name: 'backlog',
  title: 'How many may wait',
  say: 'Two may wait.',
  after: '',
  stage: 1,
  stages: 2,
  round: 1,
  rounds: 1,
  lines: [
    { row: 1, kind: 'call', text: 's1.listen 1', status: 'next', found: '', comment: '', foretold: '' },
    { row: 2, kind: 'call', text: 'c1.recv 10', status: 'ahead', found: '', comment: '', foretold: '' },
  ],
  question: null,
  next: '',
  score: { right: 0, of: 0 },
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

test('then each line once, with what came of it', () => {
  const stepped: LabView = {
    ...first,
    lines: [
      { ...listen!, status: 'passed', found: '= ok' },
      { ...queue!, status: 'next' },
    ],
  };
  const news = labNews(stepped, first, typedOnly);
  expect(news[0]).toBe('done: s1.listen 1 = ok');
  expect(news).toHaveLength(2);
  expect(labNews({ ...stepped, phase: 'running' }, stepped, typedOnly)).toEqual([]);
});

test('of what went otherwise says what the lesson has', () => {
  const failed = { ...listen!, status: 'failed', found: '= EINVAL; this lesson has: ok' } as const;
  expect(labNews({ ...first, lines: [failed, queue!] }, first, typedOnly)[0]).toBe(
    'differs: s1.listen 1 = EINVAL; this lesson has: ok',
  );
});

test('what is read after a stage is told once', () => {
  const done = { ...first, lines: [{ ...listen!, status: 'passed' as const }], after: 'One more.' };
  expect(labNews(done, first, typedOnly)).toContain('One more.');
  expect(labNews(done, done, typedOnly)).not.toContain('One more.');
});

test('at its end says how it went', () => {
  expect(labNews({ ...first, lines: [], phase: 'over', passed: 2 }, first, typedOnly)).toEqual([
    'The lab is over: all went as in the lesson. lab-again runs it again, lab-leave leaves.',
  ]);
});
