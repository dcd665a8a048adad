import { describe, expect, test } from 'vitest';
import type { Entry } from '../../source/core/model/entry.ts';
import { projectionOf } from '../../source/formats/projection/projection.ts';
import { exportPython } from '../../source/formats/python/export-python.ts';
import type { Session } from '../../source/formats/session/read-session.ts';
import { connection, sessionOf } from '../support/line-session.ts';

const whyRefused = (session: Session): string => {
  const exported = exportPython(projectionOf(session));
  return exported.ok ? 'it was exported' : exported.message;
};

describe('a session is refused', () => {
  test('where the journal has lost its beginning', async () => {
    const session = await sessionOf(connection);
    expect(whyRefused({ ...session, entries: session.entries.slice(3) })).toContain('begins with entry 4');
  });

  test('where the journal has lost bytes that were sent', async () => {
    const session = await sessionOf([...connection, 'c1.send "gone"']);
    const entries = session.entries.map(entry =>
      entry.kind === 'ended' && entry.call.name === 'send'
        ? { ...entry, call: { ...entry.call, data: { kind: 'dropped' as const, size: 4 } } }
        : entry,
    );
    expect(whyRefused({ ...session, entries })).toMatch(/the bytes of c1\.send 4 \(call \d+\)/);
  });

  test('but not where it has lost bytes that were received', async () => {
    const session = await sessionOf([...connection, 'c1.send "gone"', 'a1.recv 10']);
    const entries = session.entries.map(entry =>
      entry.kind === 'ended' && entry.outcome.kind === 'data'
        ? { ...entry, outcome: { ...entry.outcome, data: new Uint8Array(0), dropped: 4 } }
        : entry,
    );
    expect(whyRefused({ ...session, entries })).toBe('it was exported');
  });

  test('where two threads on the same socket were interrupted, unless it was a loop that ended', async () => {
    const lines = [
      'c1.recv 10 & => blocked',
      'c1.sendall 64MiB of "x" & => blocked',
      'cancel c1.recv',
      'cancel c1.sendall',
    ];
    const session = await sessionOf([...connection, ...lines]);
    expect(whyRefused(session)).toMatch(/c1_reader and c1_writer.*main thread only; a lab can do the same/);
    const entries = session.entries.map(entry =>
      'call' in entry && entry.call.name === 'recv' ? { ...entry, looped: true } : entry,
    );
    expect(whyRefused({ ...session, entries })).toBe('it was exported');
  });
});

describe('a session file from anywhere', () => {
  const withEvil = async (change: (entry: Record<string, unknown>) => void, head = {}): Promise<Session> => {
    const session = await sessionOf([...connection, 'c1.send "x"', 'a1.recv 1']);
    const entries = session.entries.map(entry => {
      const copy = { ...entry } as Record<string, unknown>;
      change(copy);
      return copy as unknown as Entry;
    });
    return { ...session, header: { ...session.header, ...head }, entries };
  };

  const evil = '\nprint("owned")\n#';

  test.each([
    ['number', (entry: Record<string, unknown>) => Object.assign(entry, entry.id ? { id: `1${evil}` } : {})],
    ['thread', (entry: Record<string, unknown>) => Object.assign(entry, { thread: `client${evil}` })],
    [
      'result',
      (entry: Record<string, unknown>) =>
        Object.assign(entry, { outcome: { kind: 'made', name: `c1${evil}` } }),
    ],
  ])('is refused where a %s would be code', async (_, change) => {
    expect(whyRefused(await withEvil(change))).toContain('that no call of sockbench has');
  });

  test('has its words in comments only', async () => {
    const session = await withEvil(
      entry => {
        const { outcome } = entry as { outcome?: { kind: string } };
        if (outcome?.kind === 'count') entry.outcome = { kind: 'count', count: evil };
      },
      { lab: `x"""${evil}`, began: `"""${evil}` },
    );
    const exported = exportPython(projectionOf(session));
    const code = exported.ok ? exported.text : '';
    expect(code.split('\n').filter(line => line.startsWith('print("owned")'))).toEqual([]);
    expect(code.match(/"""A session of sockbench[^"]*"""/)).not.toBeNull();
  });
});
