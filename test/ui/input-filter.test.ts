import { EventEmitter } from 'node:events';
import type { ReadStream } from 'node:tty';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { MouseReport } from '../../source/commands/looking/mouse-commands.ts';
import { createInputFilter } from '../../source/ui/input-filter.ts';
import { createMouse } from '../../source/ui/use-mouse.ts';

const escapeKey = '\x1b[27u';

const filtered = (chunks: readonly string[], follows = true) => {
  const reports: MouseReport[] = [];
  const filter = createInputFilter();
  if (follows) filter.follow(report => reports.push(report));
  const keys = chunks.map(chunk => filter.take(chunk)).join('');
  return { reports, keys: keys + filter.release() };
};

const click = '\x1b[<0;12;5M';
const clicked: MouseReport = { kind: 'click', column: 11, row: 4 };

describe('reports of the mouse', () => {
  test.each([
    [click, clicked],
    ['\x1b[<4;12;5M', clicked],
    ['\x1b[<64;300;1M', { kind: 'wheel', by: -1, column: 299, row: 0 }],
    ['\x1b[<65;1;2M', { kind: 'wheel', by: 1, column: 0, row: 1 }],
    ['\x1b[M !!', { kind: 'click', column: 0, row: 0 }],
    ['\x1b[M`q*', { kind: 'wheel', by: -1, column: 80, row: 9 }],
  ] as const)('%j is understood', (text, report) => {
    expect(filtered([text])).toEqual({ reports: [report], keys: '' });
  });

  test.each(['\x1b[<0;12;5m', '\x1b[<1;1;1M', '\x1b[<2;1;1M', '\x1b[<32;1;1M', '\x1b[<66;1;1M', '\x1b[M#!!'])(
    '%j, a release or another button, is nothing',
    text => {
      expect(filtered([text])).toEqual({ reports: [], keys: '' });
    },
  );

  test('leave keys alone', () => {
    for (const text of ['abc中', '\x1b[', '\x1b[A', '\x1bOP', '\x1b[2~', '\x1b[20~', 'a\x1bb'])
      expect(filtered([text])).toEqual({ reports: [], keys: text });
    expect(filtered([`q${click}\x1b[A${click}\r`])).toEqual({
      reports: [clicked, clicked],
      keys: 'q\x1b[A\r',
    });
  });

  test('are found however reads cut them, and nothing else is lost', () => {
    const parts = ['x', '\x1b[A', '\r', '中', '\x1b[200~a\x1b[<0;1;1Mb\x1b[201~'];
    const text = fc.array(fc.oneof(fc.constant(click), fc.constantFrom(...parts)), { maxLength: 8 });
    fc.assert(
      fc.property(text, fc.array(fc.nat({ max: 60 }), { maxLength: 12 }), (pieces, cuts) => {
        const whole = pieces.join('');
        const at = [...new Set(cuts.filter(cut => cut < whole.length))].sort((a, b) => a - b);
        const chunks = [0, ...at].map((from, index) => whole.slice(from, at[index] ?? whole.length));
        const found = filtered(chunks);
        expect(found.keys).toBe(pieces.filter(piece => piece !== click).join(''));
        expect(found.reports).toHaveLength(pieces.filter(piece => piece === click).length);
      }),
    );
  });

  test('in what is pasted are text', () => {
    const paste = `\x1b[200~see ${click}\x1b[201~`;
    expect(filtered([paste, click])).toEqual({ reports: [clicked], keys: paste });
  });

  test('that never end are dropped', () => {
    expect(filtered(['\x1b[<0;1', 'q'])).toEqual({ reports: [], keys: 'q' });
  });
});

/** Answers as terminals give them: xterm, tmux, kitty. */
const answers = [
  '\x1b]11;rgb:1e1e/1e1e/2e2e\x1b\\',
  '\x1b]11;rgb:1e1e/1e1e/2e2e\x07',
  '\x1b]52;c;cXVpdCBxCg==\x1b\\',
  '\x1bP>|tmux 3.4\x1b\\',
  '\x1bP1$r0m\x1b\\',
  '\x1b_Gi=1;OK\x1b\\',
  '\x1b^pm q\x1b\\',
  '\x1bXsos q\x1b\\',
] as const;

const cutAt = (whole: string, cuts: readonly number[]): string[] => {
  const at = [...new Set(cuts.filter(cut => cut < whole.length))].sort((a, b) => a - b);
  return [0, ...at].map((from, index) => whole.slice(from, at[index] ?? whole.length));
};

describe('answers of the terminal', () => {
  test('and keys, however reads cut them, with the mouse and without it: only the keys are left', () => {
    const keys = ['x', '\x1b[A', '\r', '中', '\x1bb', '\x1b[200~a\x1b]11;rgb:0/0/0\x07b\x1b[201~'];
    const pieces = fc.array(fc.oneof(fc.constantFrom(...answers), fc.constantFrom(...keys)), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(
        pieces,
        fc.array(fc.nat({ max: 90 }), { maxLength: 12 }),
        fc.boolean(),
        (parts, cuts, follows) => {
          const found = filtered(cutAt(parts.join(''), cuts), follows);
          expect(found.keys).toBe(parts.filter(part => keys.includes(part)).join(''));
          expect(found.reports).toEqual([]);
        },
      ),
    );
  });

  test.each(answers)(
    '%j that loses its end takes no key after a while, nor what comes with an Esc',
    answer => {
      const cut = answer.replace(/\x1b\\$|\x07$/, '');
      const filter = createInputFilter();
      expect(filter.take(cut)).toBe('');
      expect(filter.patience()).toBeGreaterThan(0);
      const later = filter.release();
      expect(later === '' || later === cut).toBe(true);
      expect(filter.take('q')).toBe('q');
      expect(filtered([`${cut}\x1b[A`, 'q'])).toEqual({ reports: [], keys: '\x1b[Aq' });
    },
  );

  test('whose Esc was taken for a key types nothing further', () => {
    const filter = createInputFilter();
    expect(filter.take('\x1b')).toBe('');
    expect(filter.release()).toBe(escapeKey);
    expect(filter.take(']11;rgb:1e1e/1e1e/2e2e\x1b\\q')).toBe('q');
  });

  test.each(['\x1bP', '\x1b]', '\x1bX', '\x1b^', '\x1b_', '\x1bPq', '\x1b]]'])(
    '%j, which a person typed, is kept: nothing that ends a string follows',
    text => {
      const filter = createInputFilter();
      expect(filter.take(text)).toBe('');
      expect(filter.patience()).toBeGreaterThan(0);
      expect(filter.release()).toBe(text);
    },
  );

  test('that are too long have lost their end', () => {
    const filter = createInputFilter();
    expect(filter.take(`\x1b]11;${'x'.repeat(2 << 20)}`)).toBe('');
    expect(filter.take('q')).toBe('q');
  });

  test('Esc before a key is told apart from Alt with it', () => {
    expect(filtered(['\x1b\x1b[A\x1b\x1bOB\x1b\x1b[5~'])).toEqual({
      reports: [],
      keys: '\x1b[1;19A\x1b[1;19B\x1b[5;19~',
    });
    expect(filtered(['\x1b[1;3A'])).toEqual({ reports: [], keys: '\x1b[1;3A' });
    expect(filtered(['\x1b\x1b'])).toEqual({ reports: [], keys: escapeKey + escapeKey });
    expect(filtered(['\x1b\x1b]0;q\x07'])).toEqual({ reports: [], keys: escapeKey });
  });
});

describe('the mouse of a terminal', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** A terminal whose input is read as Ink reads it. */
  const open = () => {
    const chunks: string[] = [];
    const written: string[] = [];
    let keys = '';
    const terminal = Object.assign(new EventEmitter(), { isTTY: true, read: () => chunks.shift() ?? null });
    const { stdin, mouse } = createMouse(terminal as unknown as ReadStream, text => written.push(text));
    stdin.on('readable', () => {
      for (let chunk = stdin.read(); chunk !== null; chunk = stdin.read()) keys += chunk;
    });
    const type = (...texts: string[]) => {
      for (const text of texts) {
        chunks.push(text);
        terminal.emit('readable');
      }
    };
    return { mouse, written, type, keys: () => keys, stdin };
  };

  test('is silent until it is followed, and input passes untouched', () => {
    const { type, keys, written, stdin } = open();
    type('a', click, '\x1bb');
    expect(keys()).toBe(`a${click}\x1bb`);
    expect(written).toEqual([]);
    expect(stdin.isTTY).toBe(true);
  });

  test('is switched on and off with who follows it, and rests', () => {
    const { mouse, written } = open();
    const end = mouse.follow(() => {});
    expect(written.join('')).toBe('\x1b[?1000h\x1b[?1006h');
    const wake = mouse.rest();
    wake();
    end();
    mouse.rest()();
    expect(written.slice(1)).toEqual([
      '\x1b[?1006l\x1b[?1000l',
      '\x1b[?1000h\x1b[?1006h',
      '\x1b[?1006l\x1b[?1000l',
    ]);
  });

  test('holds Esc back a moment: it is a key where nothing follows', () => {
    const { mouse, type, keys } = open();
    mouse.follow(() => {});
    type('\x1b');
    expect(keys()).toBe('');
    vi.advanceTimersByTime(20);
    expect(keys()).toBe(escapeKey);
  });

  test('types nothing of a report that comes in pieces, however late', () => {
    const { mouse, type, keys } = open();
    const reports: MouseReport[] = [];
    mouse.follow(report => reports.push(report));
    type('\x1b[<0;1');
    vi.advanceTimersByTime(5_000);
    type('2;5M');
    expect(reports).toEqual([clicked]);
    type('\x1b[');
    vi.advanceTimersByTime(5_000);
    type('<0;12', ';5Mq');
    expect(reports).toEqual([clicked, clicked]);
    expect(keys()).toBe('q');
    type('\x1b');
    vi.advanceTimersByTime(100);
    type('[<0;12', ';5M');
    expect(reports).toHaveLength(3);
    expect(keys()).toBe(`q${escapeKey}`);
  });

  test('lets go of what it holds when it is switched off', () => {
    const { mouse, type, keys } = open();
    const end = mouse.follow(() => {});
    type('\x1b');
    end();
    expect(keys()).toBe(escapeKey);
    type(click);
    expect(keys()).toBe(`${escapeKey}${click}`);
  });
});
