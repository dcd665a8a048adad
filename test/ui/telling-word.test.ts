import { expect, test } from 'vitest';
import type { ProcessState } from '../../source/core/model/process.ts';
import { tellingWord } from '../../source/ui/panes/telling-word.ts';

const process = (name: string, ...args: readonly string[]): ProcessState => ({
  actor: 'p1',
  pid: 1,
  name,
  args,
  parent: '',
  origin: 'started',
  since: 0,
  traced: true,
  threads: [],
  ended: null,
});

const wordsOf = (...all: readonly ProcessState[]): string[] => all.map(each => tellingWord(each, all));

test.each([
  [
    'a script by its name',
    [
      ['python3', 'python3', '-u', '/home/me/a.py', '8000'],
      ['python3', 'python3', '-u', 'b.py', '8000'],
    ],
    ['a.py', 'b.py'],
  ],
  [
    'one script by its arguments',
    [
      ['python3', 'python3', 'server.py', '8000'],
      ['python3', 'python3', 'server.py', '8001'],
    ],
    ['8000', '8001'],
  ],
  [
    'a title by its words',
    [
      ['nginx', 'nginx: master process'],
      ['nginx', 'nginx: worker process'],
    ],
    ['master', 'worker'],
  ],
  [
    'a command by its words, not by what both have',
    [
      ['redis-cli', 'redis-cli', '-p', '7777', 'BLPOP', 'q', '0'],
      ['redis-cli', 'redis-cli', '-p', '7777', 'LPUSH', 'q', 'v'],
    ],
    ['BLPOP', 'LPUSH'],
  ],
  [
    'what was forked is told by its number alone',
    [
      ['python3', 'python3', 'a.py'],
      ['python3', 'python3', 'a.py'],
    ],
    ['', ''],
  ],
  [
    'who is the only one of the name needs none',
    [
      ['python3', 'python3', 'a.py'],
      ['node', 'node', 'b.js'],
    ],
    ['', ''],
  ],
  [
    'a program in an argument is no word',
    [
      ['python3', 'python3', '-c', 'import os'],
      ['python3', 'python3', '-c', 'import re'],
    ],
    ['', ''],
  ],
  [
    'what is long or hostile is cut and escaped',
    [
      ['python3', 'python3', `${'x'.repeat(30)}.py`],
      ['python3', 'python3', 'b\x1b.py'],
    ],
    ['x'.repeat(20), 'b\\x1b.py'],
  ],
])('%s', (_, all, words) => {
  expect(wordsOf(...all.map(([name = '', ...args]) => process(name, ...args)))).toEqual(words);
});
