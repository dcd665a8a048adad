import { expect, test } from 'vitest';
import { findLab, labNames } from '../../source/labs/catalogue.ts';
import { chapterNames } from '../../source/labs/lab-schema.ts';
import { inCourse } from '../../source/labs/lessons/course.ts';
import { nextLab } from '../../source/labs/lessons/next-lab.ts';

const labs = await Promise.all(
  (await labNames()).map(async name => {
    const read = await findLab(name);
    if (!read.ok) throw new Error(read.message);
    return read.lab;
  }),
);

test('every built-in lab has its own place in a chapter, a level and minutes', () => {
  for (const { name, chapter, level, minutes } of labs) {
    expect(chapter, name).not.toBeNull();
    expect(level, name).not.toBeNull();
    expect(minutes, name).not.toBeNull();
  }
  for (const chapter of chapterNames) {
    const places = labs.filter(lab => lab.chapter === chapter).map(({ place }) => place);
    expect(places.sort((a, b) => a - b)).toEqual(places.map((_, index) => index + 1));
  }
});

test('the course begins with the tour and goes through the chapters in the order of the text', () => {
  const course = inCourse(labs);
  expect(course[0]!.name).toBe('tour');
  const chapters = course.map(({ chapter }) => chapter);
  expect([...new Set(chapters)]).toEqual(chapterNames);
  expect(course.filter(({ chapter }) => chapter === 'deadlock').map(({ name }) => name)).toEqual([
    'deadlock-read',
    'deadlock-write',
    'deadlock-echo',
  ]);
});

test('what comes next is the first that is not done, of those behind before all others', () => {
  const course = ['a', 'b', 'c', 'd'].map(name => ({ name, done: name === 'c' }));
  expect(nextLab(course)?.name).toBe('a');
  expect(nextLab(course, 'b')?.name).toBe('d');
  expect(nextLab(course, 'd')?.name).toBe('a');
  expect(nextLab(course, 'no-such')?.name).toBe('a');
  expect(nextLab(course.map(lab => ({ ...lab, done: true })))).toBeUndefined();
});
