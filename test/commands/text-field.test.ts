import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  editField,
  emptyField,
  type FieldAction,
  fieldOf,
  fieldText,
  offeredField,
  type TextField,
} from '../../source/bench/view/text-field.ts';

type Kind = Exclude<FieldAction['kind'], 'insert' | 'paste' | 'set'>;

const edit = (field: TextField, ...kinds: Kind[]): TextField =>
  kinds.reduce((now, kind) => editField(now, { kind }), field);

const type = (field: TextField, text: string): TextField => editField(field, { kind: 'insert', text });

describe('the text field', () => {
  test('takes text at the cursor', () => {
    expect(fieldText(type(edit(fieldOf('pig'), 'left'), 'n'))).toBe('ping');
  });

  test('gives way to what is typed where its text was only offered; any other key makes that the own', () => {
    expect(fieldText(type(offeredField('127.0.0.1:51423'), '9000'))).toBe('9000');
    expect(fieldText(type(type(offeredField('2s'), '5'), 's'))).toBe('5s');
    expect(fieldText(type(edit(offeredField('900'), 'end'), '0'))).toBe('9000');
    expect(fieldText(type(edit(offeredField('9000'), 'backspace'), '1'))).toBe('9001');
    expect(fieldText(edit(offeredField('9000'), 'cut-to-start'))).toBe('');
  });

  test('goes over words and ends as readline does', () => {
    const field = fieldOf('listen 127.0.0.1  9000');
    expect(edit(field, 'word-left').cursor).toBe(18);
    expect(edit(field, 'word-left', 'word-left').cursor).toBe(7);
    expect(edit(field, 'start', 'word-right').cursor).toBe(6);
    expect(fieldText(edit(field, 'cut-word'))).toBe('listen 127.0.0.1  ');
  });

  test('cuts and puts back', () => {
    const cut = edit(fieldOf('one two'), 'cut-word');
    expect(fieldText(cut)).toBe('one ');
    expect(fieldText(edit(cut, 'start', 'yank'))).toBe('twoone ');
    expect(fieldText(edit(fieldOf('abc'), 'left', 'cut-to-start'))).toBe('c');
    expect(fieldText(edit(fieldOf('abc'), 'left', 'left', 'cut-to-end'))).toBe('a');
  });

  test('takes an accent, an emoji and a flag with one Backspace each', () => {
    for (const grapheme of ['é', '👩‍🚀', '🇯🇵', '中', '각']) {
      expect(fieldText(edit(fieldOf(`a${grapheme}`), 'backspace'))).toBe('a');
    }
  });

  test('keeps what was pasted apart from what was typed', () => {
    const field = editField(type(emptyField, 'a'), { kind: 'paste', text: '\\n', literal: true });
    expect(field.cells).toEqual([
      { text: 'a', pasted: false },
      { text: '\\', pasted: true },
      { text: 'n', pasted: true },
    ]);
  });

  test('holds a long paste as one piece', () => {
    const field = editField(emptyField, { kind: 'paste', text: 'x'.repeat(100_000), literal: true });
    expect(field.cells).toHaveLength(1);
    expect(fieldText(field)).toHaveLength(100_000);
    expect(fieldText(edit(field, 'backspace'))).toBe('');
  });

  test('never loses the cursor and never changes on a key at its end', () => {
    const kinds: Kind[] = [
      'left',
      'right',
      'start',
      'end',
      'word-left',
      'word-right',
      'backspace',
      'delete',
      'cut-word',
      'cut-to-start',
      'cut-to-end',
      'yank',
    ];
    const actions = fc.array(
      fc.oneof(
        fc.constantFrom(...kinds).map((kind): FieldAction => ({ kind })),
        fc.string({ unit: 'grapheme', maxLength: 4 }).map((text): FieldAction => ({ kind: 'insert', text })),
      ),
    );
    fc.assert(
      fc.property(actions, list => {
        const field = list.reduce(editField, emptyField);
        expect(field.cursor).toBeGreaterThanOrEqual(0);
        expect(field.cursor).toBeLessThanOrEqual(field.cells.length);
        expect(field.cells.every(cell => cell.text !== '')).toBe(true);
      }),
    );
    const end = edit(fieldOf('ab'), 'end');
    expect(edit(end, 'right')).toBe(end);
    expect(edit(emptyField, 'backspace')).toBe(emptyField);
  });
});
