import stringWidth from 'string-width';
import { afterEach, describe, expect, test } from 'vitest';
import type {
  LabControl,
  LabLineStatus,
  LabLineView,
  LabTitle,
  LabView,
} from '../../source/bench/view/lab-view.ts';
import { initialState } from '../../source/core/model/state.ts';
import { keys, openScreen, type Screen, type ScreenSetup } from './screen.tsx';

let screen: Screen;

afterEach(() => screen.close());

let rows = 0;
const line = (
  text: string,
  status: LabLineStatus,
  found = '',
  more: Partial<LabLineView> = {},
): LabLineView => ({ row: ++rows, kind: 'call', text, status, found, comment: '', foretold: '', ...more });

const lesson: LabView = {
  name: 'backlog',
  title: 'How many may wait',
  say: 'listen(1): the textbook says one connection may wait.\n\nHow many get through?',
  after: '',
  stage: 2,
  stages: 5,
  round: 1,
  rounds: 1,
  lines: [
    line('s1.listen 1', 'done', '= ok'),
    line('c1.connect 127.0.0.1:51423', 'passed', '= ok'),
    line('c1.send "a  b"', 'failed', '= ECONNRESET; this lesson has: 5'),
    line('2 wait in the accept queue of s1', 'passed', '', {
      kind: 'fact',
      comment: '# Linux keeps one more',
    }),
    line('c1.recv 10', 'next'),
    line('c1.close', 'ahead'),
  ],
  question: null,
  next: '',
  score: { right: 0, of: 0 },
  passed: 1,
  failed: 1,
  phase: 'waiting',
  runningOn: false,
  note: '',
  top: null,
};

const labTitle = (name: string, title: string, chapter: string, more: Partial<LabTitle> = {}): LabTitle => ({
  name,
  title,
  chapter,
  level: 'easy',
  minutes: 5,
  done: false,
  left: '',
  ...more,
});

const course: readonly LabTitle[] = [
  labTitle('tour', 'Five minutes', 'Connect'),
  labTitle('backlog', 'How many may wait', 'Server'),
  labTitle('deadlock-read', '双方都在读，没有人写', 'Deadlock', { level: 'hard', minutes: 12 }),
];

/** A control that writes down what it was asked for. */
const control = (asked: string[]): LabControl => {
  const ask = (what: string) => () => {
    asked.push(what);
  };
  return {
    list: async () => ({ labs: course, trouble: '' }),
    goOn: async () => '',
    open: async name => {
      asked.push(`open ${name}`);
      return name.endsWith('.yaml') ? `${name}: there is no such file` : '';
    },
    current: {
      step: ask('step'),
      runOn: ask('run on'),
      predict: said => {
        asked.push(said.kind === 'end' ? said.end : `returns ${said.text}`);
      },
      again: ask('again'),
      next: async () => {
        asked.push('next');
        return '';
      },
      leave: ask('leave'),
      allow: () => {},
    },
    own: () => initialState(),
    ownUnsaved: () => 0,
  };
};

const openLab = (lab: LabView, setup: ScreenSetup = {}) => {
  const asked: string[] = [];
  screen = openScreen({ ...setup, services: { labs: control(asked) }, view: { focus: 'lab', lab } });
  return asked;
};

describe('the lesson', () => {
  test('stands beside the log, with how each line went and nothing of what is ahead', async () => {
    openLab(lesson);
    await screen.shows('Lab backlog 2/5');
    const frame = screen.frame();
    expect(frame).toMatch(/ sockbench +lab backlog 2\/5/);
    expect(frame).toContain('5 Log');
    expect(frame).toContain('How many get through?');
    expect(frame).toMatch(/done +c1\.connect 127\.0\.0\.1:51423 {3}= ok +[│║]/);
    expect(frame).toMatch(/differs +c1\.send "a {2}b" +[│║]/);
    expect(frame).toContain('= ECONNRESET; this lesson has: 5');
    expect(frame).toMatch(/now +2 wait in the accept queue of s1 +[│║]/);
    expect(frame).toContain('# Linux keeps one more');
    expect(frame).toMatch(/> next +c1\.recv 10 +[│║]/);
    expect(frame).toContain('1 otherwise');
  });

  test('is read on once its lines have run', async () => {
    const lines = lesson.lines.map(each => ({ ...each, status: 'passed' as const }));
    openLab({ ...lesson, lines, after: 'Two: Linux keeps one more.' });
    await screen.shows('Two: Linux keeps one more.');
    expect(screen.frame()).toContain('Space goes on with stage 3 of 5.');
  });

  test('gives up its empty rows where question and answer are seen together then', async () => {
    const lines = lesson.lines.map(each => ({ ...each, status: 'passed' as const }));
    openLab({ ...lesson, lines, after: 'Two: Linux keeps one more.' }, { columns: 80, rows: 26 });
    await screen.shows('Two: Linux keeps one more.');
    expect(screen.frame()).toContain('the textbook says');
    expect(screen.frame()).toContain('Space goes on with stage 3 of 5.');
    expect(screen.frame()).not.toContain(' above ');
  });

  test('what a line carries takes three rows at most', async () => {
    const long = `c1.send "${'ab '.repeat(400)}"`;
    openLab({
      ...lesson,
      lines: [line(long, 'passed', `= "${'cd '.repeat(400)}"`), line('c1.close', 'next')],
    });
    await screen.shows('> next    c1.close');
    expect(screen.frame()).toContain('How many get through?');
    expect(screen.lines().filter(row => /(ab ){6}|(cd ){6}/.test(row))).toHaveLength(4);
    expect(screen.lines().filter(row => /[│║] +\.\.\. +[│║]/.test(row))).toHaveLength(2);
  });

  test('takes the place of the log on a narrow screen while it has the focus, and follows the next line', async () => {
    const ahead = Array.from({ length: 20 }, (_, n) => line(`c${n + 1} = socket`, 'done'));
    openLab({ ...lesson, lines: [...ahead, ...lesson.lines] }, { columns: 80, rows: 24 });
    await screen.shows('> next    c1.recv 10');
    expect(screen.frame()).not.toContain('Nothing is open yet');
    expect(screen.frame()).toContain('6 Lab backlog 2/5 *');
    expect(screen.frame()).toMatch(/3 UDP server {2}nothing open +4 Timeline +5 Log/);
    expect(screen.frame()).not.toContain('the textbook says');
    await screen.press('g');
    await screen.shows('the textbook says');
    await screen.press('G');
    await screen.shows('> next    c1.recv 10');
    await screen.press('5');
    await screen.shows('Nothing is open yet');
    expect(screen.frame()).not.toContain('> next');
    await screen.press('6');
    await screen.shows('> next    c1.recv 10');
  });

  test('breaks Chinese between its characters and keeps the columns straight', async () => {
    const say =
      '调用一次 accept() 就腾出一个位置。c3 要等自己的内核重发 SYN 才知道：开始后的第 1、3、7、15……秒。服务器很慢，不调用 accept()。';
    openLab({ ...lesson, title: '多少个连接可以等待', say, stage: 1 });
    await screen.shows('多少个连接可以等待');
    const lines = screen.lines();
    const at = lines.findIndex(row => row.includes('调用一次 accept() 就腾出'));
    const said = lines
      .slice(at, at + 3)
      .map(row => row.slice(row.indexOf('║') + 1, row.lastIndexOf('║')).trim());
    expect(said.join('').replaceAll(' ', '')).toBe(say.replaceAll(' ', ''));
    for (const row of said) expect(row).not.toMatch(/^[，。：、…]/);
    const right = lines.slice(at, at + 3).map(row => stringWidth(row.slice(0, row.lastIndexOf('║'))));
    expect(new Set(right).size).toBe(1);
  });

  test('is stepped, run on and begun again by its keys', async () => {
    const asked = openLab(lesson);
    await screen.press(' ', keys.enter, 'r');
    await expect.poll(() => asked).toEqual(['step', 'run on', 'again']);
  });

  test('has help for its own keys and for those that work as in the log', async () => {
    openLab(lesson);
    await screen.press('?');
    await screen.shows('Keys in the Lab pane');
    await screen.shows('Next step of the lab');
    await screen.press('timestamps');
    await screen.shows('> T ');
    await screen.press(keys.enter);
    await screen.shows('Timestamps: time of day');
  });

  test('says at its end what can be done, and no step is left', async () => {
    const asked = openLab({ ...lesson, phase: 'over', lines: [] });
    await screen.shows('The lab is over: 1 line went otherwise than in the');
    await screen.press(' ');
    await screen.shows('The lab is over: r runs it again');
    expect(asked).toEqual([]);
  });

  test('asks how its next step will end, takes one key for an answer, and says whether it was so', async () => {
    const asked = openLab({ ...lesson, question: 'value' });
    await screen.shows('Predict: v what it returns, b it blocks,');
    await screen.press('b', 'o', 'v');
    await screen.shows('as you would say it: 5, hello');
    await screen.press('hello', keys.enter);
    await expect.poll(() => asked).toEqual(['blocks', 'returns', 'returns hello']);
  });

  test('where nothing is asked says so', async () => {
    const asked = openLab(lesson);
    await screen.press('f');
    await screen.shows('Nothing is asked of you at this step: Space makes it');
    await screen.press('n');
    await screen.shows('The next lab comes at the end of this one');
    expect(asked).toEqual([]);
  });

  test('at its end shows the score, and the next lab at one key', async () => {
    const asked = openLab({ ...lesson, phase: 'over', next: 'Both read', score: { right: 2, of: 3 } });
    await screen.shows('Of your 3 predictions');
    await screen.shows('n next lab');
    await screen.press('n');
    await expect.poll(() => asked).toEqual(['next']);
  });

  test('asks before its sockets are closed, and says how many', async () => {
    const asked = openLab(lesson);
    await screen.call({ name: 'socket', on: '', as: 'c1', family: 'AF_INET', type: 'SOCK_STREAM' });
    await screen.press(keys.escape);
    await screen.shows('Leave the lab? Its one socket is closed.');
    await screen.press('n');
    expect(asked).toEqual([]);
    await screen.press(keys.escape);
    await screen.shows('Leave the lab?');
    await screen.press('y');
    await expect.poll(() => asked).toEqual(['leave']);
  });

  test('with nothing open is left at once', async () => {
    const asked = openLab(lesson);
    await screen.press(keys.escape);
    await expect.poll(() => asked).toEqual(['leave']);
  });

  test('keeps control codes of a lab file off the screen', async () => {
    openLab({ ...lesson, say: 'bad \x1b]0;x\x07 words', note: '\x1b[2J' });
    await screen.shows('bad \\x1b]0;x\\x07 words');
    expect(screen.frame()).toContain('\\x1b[2J');
  });
});

describe('the list of labs', () => {
  test('begins with the tour, is filtered by name and title, and Enter opens', async () => {
    const asked: string[] = [];
    screen = openScreen({ services: { labs: control(asked) } });
    await screen.press('e');
    await screen.shows('> tour');
    expect(screen.frame()).toContain('双方都在读，没有人写');
    await screen.press('may wait');
    await screen.shows('> backlog');
    expect(screen.frame()).not.toContain('Five minutes');
    await screen.press(keys.enter);
    await expect.poll(() => asked).toEqual(['open backlog']);
    await screen.hides('How many may wait');
  });

  test('is a course: chapters, level and minutes, what is done, and begins at what is not', async () => {
    const labs = [{ ...course[0]!, done: true }, { ...course[1]!, done: true }, course[2]!];
    const services = {
      labs: { ...control([]), list: async () => ({ labs, trouble: 'the file is broken' }) },
    };
    screen = openScreen({ columns: 80, rows: 24, services });
    await screen.press('e');
    await screen.shows('> ');
    const rows = screen.lines().join('\n');
    expect(rows).toMatch(/ Connect +║.*\n.* tour +Five minutes +easy +5 min +done/);
    expect(rows).toMatch(/ Deadlock +║.*\n.*> deadlock-read +双方都在读，没有人写 +hard +12 min/);
    expect(rows).toContain('2 of 3 done');
    expect(rows).toContain('the file is broken');
  });

  test('one that was left half way through comes first', async () => {
    const labs = [course[0]!, { ...course[1]!, left: '2/5' }];
    screen = openScreen({
      services: { labs: { ...control([]), list: async () => ({ labs, trouble: '' }) } },
    });
    await screen.press('e');
    await screen.shows('> backlog');
    expect(screen.frame()).toMatch(/> backlog .* at 2\/5/);
  });

  test('takes a file too, and keeps what was typed where it cannot be opened', async () => {
    screen = openScreen({ columns: 80, rows: 24, services: { labs: control([]) } });
    await screen.press('e');
    await screen.shows('> tour');
    await screen.press('my.yaml', keys.enter);
    await screen.shows('my.yaml: there is no such file');
    expect(screen.frame()).toContain('lab: my.yaml');
  });

  test('moves with the arrows and goes with Esc', async () => {
    screen = openScreen({ services: { labs: control([]) } });
    await screen.press('e', keys.down);
    await screen.shows('> backlog');
    await screen.press(keys.escape);
    await screen.hides('> backlog');
  });
});
