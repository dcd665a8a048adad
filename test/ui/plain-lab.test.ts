import { expect, test } from 'vitest';
import type { LabView } from '../../source/bench/lab-view.ts';
import { labNews } from '../../source/ui/plain-lab.ts';

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
  expect(labNews(first, null)).toEqual([
    'Lab backlog, stage 1 of 2: How many may wait.',
    'Two may wait.',
    'Next: s1.listen 1. lab-step runs it, lab-run-on all of them.',
  ]);
});

test('then each line once, with what was expected and found', () => {
  const stepped: LabView = {
    ...first,
    lines: [
      { ...listen!, status: 'passed', found: 'ok' },
      { ...queue!, status: 'next' },
    ],
  };
  const news = labNews(stepped, first);
  expect(news[0]).toBe('ok: s1.listen 1, expected ok, found ok');
  expect(news).toHaveLength(2);
  expect(labNews({ ...stepped, phase: 'running' }, stepped)).toEqual([]);
});

test('at its end says how it went', () => {
  expect(labNews({ ...first, lines: [], phase: 'over', passed: 2 }, first)).toEqual([
    'The lab is over: 2 as expected, 0 not. lab-again, lab-leave.',
  ]);
});
