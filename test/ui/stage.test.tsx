import { afterEach, describe, expect, test } from 'vitest';
import type { LabView } from '../../source/bench/view/lab-view.ts';
import { openScreen, type Screen } from './screen.tsx';

let screen: Screen;

afterEach(() => screen.close());

const line = (row: number, text: string, status: 'passed' | 'next' | 'ahead') => ({
  row,
  kind: 'call' as const,
  text,
  status,
  found: '',
  comment: '',
  foretold: '',
});

const lesson: LabView = {
  name: 'backlog',
  title: 'How many may wait',
  say: 'How many get through?',
  after: '',
  stage: 1,
  stages: 1,
  round: 1,
  rounds: 1,
  lines: [
    line(1, 's1.listen 1', 'passed'),
    line(2, 'c1.connect 127.0.0.1:9', 'next'),
    line(3, 'c1.close', 'ahead'),
  ],
  question: 'end',
  next: '',
  score: { right: 0, of: 0 },
  passed: 1,
  failed: 0,
  phase: 'waiting',
  runningOn: false,
  note: '',
  top: null,
};

const logged = (): readonly number[] =>
  screen.lines().flatMap((row, at) => (/\d+\.\d{6} /.test(row) ? [at] : []));

describe('on stage', () => {
  test('rows of the log stand apart, without numbers and links; off stage they come back', async () => {
    screen = openScreen();
    await screen.press('2', 'L', '\r');
    await screen.shows('s1 LISTEN');
    await screen.press('1', 'c', '\r');
    await screen.shows('c1 ESTAB');
    expect(screen.frame()).toMatch(/#\d+ +\d+\.\d{6}/);
    await screen.press('Z');
    await screen.shows('On stage');
    expect(screen.frame()).not.toMatch(/#\d+/);
    const at = logged();
    expect(at.length).toBeGreaterThan(2);
    expect(at.map((row, index) => row - at[0]! - 2 * index)).toEqual(at.map(() => 0));
    await screen.press('Z');
    await screen.shows('Off stage');
    expect(screen.frame()).toMatch(/#\d+ +\d+\.\d{6}/);
  });

  test('a click meets the entry that stands there', async () => {
    screen = openScreen({ view: { stage: true, mouse: true } });
    await screen.press('2', 'L', '\r');
    await screen.shows('s1 LISTEN');
    await screen.point('s1.listen');
    const { selected } = screen.store.getState().view.log;
    expect(screen.source.journal.at(selected ?? 0)).toMatchObject({ call: { name: 'listen' } });
  });

  test('sockets of a pane stand apart', async () => {
    screen = openScreen({ view: { stage: true } });
    for (const as of ['c1', 'c2'])
      await screen.call({ name: 'socket', on: '', as, family: 'AF_INET', type: 'SOCK_STREAM' });
    await screen.shows('c2 CLOSED');
    const rowOf = (text: string) => screen.lines().findIndex(row => row.includes(text));
    expect(Math.abs(rowOf('c1 CLOSED') - rowOf('c2 CLOSED'))).toBe(2);
  });

  test('a lesson says of its next step only that there is one, until it is asked for', async () => {
    screen = openScreen({ view: { focus: 'lab', lab: lesson, stage: true } });
    await screen.shows('; shows it, Space makes it');
    expect(screen.frame()).toContain('s1.listen 1');
    expect(screen.frame()).not.toMatch(/c1\.connect|c1\.close|Predict:/);
    await screen.press(';');
    await screen.shows('c1.connect 127.0.0.1:9');
    expect(screen.frame()).toContain('Predict:');
    expect(screen.frame()).not.toContain('c1.close');
    await screen.press(';');
    await screen.shows('No step is hidden');
  });
});
