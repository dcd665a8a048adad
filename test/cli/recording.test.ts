import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { FlightList } from '../../source/bench/engine/flight-list.ts';
import { createFlusher } from '../../source/bench/engine/flusher.ts';
import type { LiveSource } from '../../source/bench/engine/source.ts';
import { startRecording } from '../../source/cli/sessions/recording.ts';
import { createJournal, defaultCaps } from '../../source/core/model/journal.ts';
import { initialState } from '../../source/core/model/state.ts';
import { readSession } from '../../source/formats/session/read-session.ts';
import { createSimulatedClock } from '../support/simulated-clock.ts';

const folder = mkdtempSync(join(tmpdir(), 'sockbench-recording-'));

afterAll(() => rmSync(folder, { recursive: true }));

/** Entries of others: nothing is called here. */
const createWatching = () => {
  const clock = createSimulatedClock();
  const first = initialState();
  const journal = createJournal(defaultCaps, () => {});
  const flusher = createFlusher({ journal, clock, now: clock.now, first, flights: new FlightList() });
  const { inbox, state, flush, subscribe, record } = flusher;
  const source: LiveSource = {
    kind: 'bench',
    shows: 'programs',
    journal,
    state,
    flush,
    subscribe,
    record,
    find: (finding, on) => inbox.entry({ kind: 'finding', t: clock.now(), finding, on }),
    began: clock.origin,
    start: first.programs.client,
    now: clock.now,
    dispose: async () => flusher.stop(),
  };
  const note = (text: string) => {
    inbox.entry({ kind: 'note', t: clock.now(), level: 'info', text });
    flush();
  };
  return { source, note };
};

describe('the recording of a source without acts', () => {
  it('has each entry from its start to its stop', async () => {
    const file = join(folder, 'watched');
    const { source, note } = createWatching();
    const recording = await startRecording(source, file);
    if (typeof recording === 'string') throw new Error(recording);
    note('one');
    note('two');
    await recording.stop();
    note('three');
    const read = readSession(readFileSync(file), file);
    expect(read).toMatchObject({ ok: true, session: { entries: [{ text: 'one' }, { text: 'two' }] } });
    expect(source.journal.last()).toBe(3);
  });
});
