import { EventEmitter } from 'node:events';
import type { ReadStream } from 'node:tty';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { MouseReport } from '../../source/commands/mouse.ts';
import { createMouse } from '../../source/ui/mouse.ts';
import { createReportFilter } from '../../source/ui/mouse-reports.ts';

const filtered = (chunks: readonly string[]) => {
  const reports: MouseReport[] = [];
  const filter = createReportFilter(report => reports.push(report));
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
    for (const text of [
      'abc中',
      '\x1b',
      '\x1b[',
      '\x1b[A',
      '\x1bOP',
      '\x1b[2~',
      '\x1b[20~',
      'a\x1bb',
      '\x1b\x1b',
    ])
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
    type('a', '\x1b', click);
    expect(keys()).toBe(`a\x1b${click}`);
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
    expect(keys()).toBe('\x1b');
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
    expect(keys()).toBe('q\x1b');
  });

  test('lets go of what it holds when it is switched off', () => {
    const { mouse, type, keys } = open();
    const end = mouse.follow(() => {});
    type('\x1b');
    end();
    expect(keys()).toBe('\x1b');
    type(click);
    expect(keys()).toBe(`\x1b${click}`);
  });
});
