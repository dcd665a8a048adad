import { describe, expect, it } from 'vitest';
import type { Call } from '../../source/core/calls/call.ts';
import { type Outcome, ok } from '../../source/core/calls/outcome.ts';
import { asOne } from '../../source/formats/pieces.ts';
import { createFileBuffers } from '../../source/formats/projection/file-buffers.ts';
import { projectionOf } from '../../source/formats/projection/projection.ts';
import { exportStrace } from '../../source/formats/strace/export-strace.ts';
import { literal } from '../support/entries.ts';
import { connection, sessionOf } from '../support/line-session.ts';

const write = (value: string): Call => ({ name: 'write', on: 'f1', data: literal(value) });
const flush: Call = { name: 'flush', on: 'f1' };

/** What each of these calls hands to the kernel, as text; null for none. */
const handedOver = (...calls: [Call, Outcome][]): (string | null)[] => {
  const files = createFileBuffers();
  files.open('f1', 'c1');
  return calls.map(([call, outcome]) => {
    const pieces = files.outgoing(call, outcome);
    files.ended(call, outcome);
    return pieces && Buffer.from(asOne(pieces).data).toString();
  });
};

describe('a file object', () => {
  it('hands over with flush what the writes before left in its buffer', () => {
    const count = (size: number, passed?: number): Outcome => ({ kind: 'count', count: size, passed });
    expect(handedOver([write('one '), count(4)], [write('two'), count(3)], [flush, ok], [flush, ok])).toEqual(
      [null, null, 'one two', ''],
    );
  });

  it('hands over with a long write what was held and as much of its own as the outcome says', () => {
    const through: Outcome = { kind: 'count', count: 6, passed: 7 };
    expect(
      handedOver([write('held'), { kind: 'count', count: 4 }], [write('abcdef'), through], [flush, ok]),
    ).toEqual([null, 'heldabc', 'def']);
  });

  it('keeps what a flush that failed had not sent', () => {
    const failed: Outcome = { kind: 'error', code: 'TIMEOUT', count: 3 };
    expect(
      handedOver([write('abcdef'), { kind: 'count', count: 6 }], [flush, failed], [flush, ok]).at(-1),
    ).toBe('def');
  });

  it('without a buffer is a send a write, on real sockets', async () => {
    const session = await sessionOf([
      ...connection,
      'f1 = c1.makefile "wb" 0',
      'f1.write "one "',
      'f1.write "two"',
      'f1.flush',
    ]);
    const sent = [...projectionOf(session).traffic()].flatMap(event =>
      event.kind === 'tcp' && event.event.kind === 'data' ? [asOne(event.event.pieces).data] : [],
    );
    expect(sent.map(data => Buffer.from(data).toString())).toEqual(['one ', 'two']);
    const lines = [...exportStrace(projectionOf(session))].join('').split('\n');
    expect(lines.filter(line => line.includes('sendto('))).toHaveLength(2);
  });
});
