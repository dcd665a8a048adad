import { describe, expect, it } from 'vitest';
import { createBench } from '../../source/bench/engine/create-bench.ts';
import { inet } from '../../source/core/addresses/endpoint.ts';
import type { Call } from '../../source/core/calls/call.ts';
import type { Entry } from '../../source/core/model/entry.ts';
import { nodeMachine } from '../../source/drivers/node/node-machine.ts';
import type { Disk } from '../../source/formats/disk-parts.ts';
import { headerOf } from '../../source/formats/session/jsonl.ts';
import { readSession } from '../../source/formats/session/read-session.ts';
import { createRecorder } from '../../source/formats/session/recorder.ts';

const kibibyte = 1024;

const mebibyte = 1024 * kibibyte;

/** A disk that writes only when it is let, and remembers what it was given. */
const createSlowDisk = () => {
  const written: Uint8Array[] = [];
  let isOpen = false;
  let go = Promise.withResolvers<void>();
  const disk: Disk = {
    writev: async parts => {
      if (!isOpen) await go.promise;
      const bytes = Buffer.concat(parts);
      written.push(bytes);
      return { bytesWritten: bytes.length };
    },
    close: async () => {},
  };
  return {
    disk,
    contents: () => Buffer.concat(written),
    let: () => {
      isOpen = true;
      go.resolve();
    },
    hold: () => {
      if (!isOpen) return;
      isOpen = false;
      go = Promise.withResolvers<void>();
    },
  };
};

/** `unit` is what an entry holds, in bytes: 64 of them may wait. */
const recorded = async (unit: number) => {
  const slow = createSlowDisk();
  const bench = createBench({ ...nodeMachine(), loops: { accept: false, receive: false } });
  const troubles: unknown[] = [];
  const recorder = await createRecorder({
    file: 'slow',
    header: headerOf(bench.began),
    open: async () => slow.disk,
    failed: error => troubles.push(error),
    ...(unit === mebibyte ? {} : { mostWaiting: 64 * unit }),
  });
  bench.record(recorder);
  const call = (made: Call) =>
    new Promise<void>(resolve => {
      bench.perform(made, { onEnd: () => resolve() });
    });
  const fill = (entries: number) => {
    for (let left = entries; left > 0; left--) bench.note('info', 'x'.repeat(unit));
    bench.flush();
  };
  const finished = async () => {
    await bench.dispose();
    slow.let();
    await recorder.close();
    const read = readSession(slow.contents(), 'slow');
    if (!read.ok) throw new Error(read.message);
    return { entries: read.session.entries, last: bench.journal.last(), troubles };
  };
  return { slow, bench, recorder, call, fill, finished };
};

const bound: Call[] = [
  { name: 'socket', on: '', as: 'u1', family: 'AF_INET', type: 'SOCK_DGRAM' },
  { name: 'bind', on: 'u1', address: inet('127.0.0.1', 0) },
];

const send: Call = {
  name: 'sendto',
  on: 'u1',
  data: { kind: 'literal', data: Uint8Array.of(1), notation: 'hex' },
  address: inet('127.0.0.1', 9),
};

const kindsOf = (entries: readonly Entry[], name: string): string[] =>
  entries.flatMap(entry => ('call' in entry && entry.call.name === name ? [entry.kind] : []));

describe('a recording', () => {
  it('goes on after a flush that had nothing to tell', async () => {
    const { slow, bench, recorder, finished } = await recorded(kibibyte);
    slow.let();
    await expect.poll(() => recorder.waiting()).toBe(0);
    recorder.take([]);
    bench.note('info', 'after it');
    expect((await finished()).entries).toHaveLength(1);
  });
});

describe('a recording whose disk is slow', () => {
  it('lets no new call start while 64 MiB wait, says why, and loses none', async () => {
    const { slow, bench, recorder, call, fill, finished } = await recorded(mebibyte);
    for (const made of bound) await call(made);
    fill(65);
    expect(recorder.hasRoom()).toBe(false);
    const sending = call(send);
    bench.flush();
    const [waiting] = [...bench.state().calls.values()];
    expect(waiting).toMatchObject({ startedAt: null, call: { name: 'sendto' } });
    expect(bench.journal.at(bench.journal.last())).toMatchObject({ kind: 'queued', why: 'recording' });
    slow.let();
    await sending;
    expect(recorder.hasRoom()).toBe(true);
    const { entries, last, troubles } = await finished();
    expect(kindsOf(entries, 'sendto')).toEqual(['queued', 'ended']);
    expect(entries.map(({ n }) => n)).toEqual(Array.from({ length: last }, (_, index) => index + 1));
    expect(troubles).toEqual([]);
  });

  it('records what was in flight when it filled up', async () => {
    const { bench, call, fill, finished } = await recorded(16 * kibibyte);
    for (const made of bound) await call(made);
    const receiving = call({ name: 'recvfrom', on: 'u1', size: 9 });
    bench.flush();
    fill(65);
    bench.cancel([...bench.state().calls.keys()][0]!);
    await receiving;
    const { entries, last } = await finished();
    expect(kindsOf(entries, 'recvfrom')).toEqual(['running', 'ended']);
    expect(entries).toHaveLength(last);
  });

  it('does not hold calls that occupy no thread: a socket can be closed', async () => {
    const { slow, bench, call, fill, finished } = await recorded(16 * kibibyte);
    for (const made of bound) await call(made);
    fill(65);
    const sending = call(send);
    await call({ name: 'close', on: 'u1' });
    bench.flush();
    expect(bench.state().sockets.get('u1')?.closed).toBe(true);
    slow.let();
    await sending;
    const { entries } = await finished();
    const ended = entries.flatMap(entry => (entry.kind === 'ended' ? [entry] : []));
    expect(ended.find(({ call: { name } }) => name === 'sendto')).toMatchObject({
      outcome: { kind: 'error', code: 'EBADF' },
    });
  });

  it('keeps all of many calls that come and go while the disk stops and goes on', async () => {
    const { slow, call, fill, finished } = await recorded(16 * kibibyte);
    for (const made of bound) await call(made);
    for (let round = 0; round < 3; round++) {
      slow.hold();
      fill(40);
      const calls = Array.from({ length: 200 }, () => call(send));
      fill(30);
      slow.let();
      await Promise.all(calls);
    }
    const { entries, last } = await finished();
    expect(entries).toHaveLength(last);
    expect(kindsOf(entries, 'sendto').filter(kind => kind === 'ended')).toHaveLength(600);
  });
});
