import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createTraced } from '../../../source/cli/tracing/trace-teller.ts';
import type { BesideStrace } from '../../../source/traces/strace/beside.ts';
import { createStraceReader } from '../../../source/traces/strace/reader.ts';
import type { Step } from '../../../source/traces/strace/steps.ts';
import { createTranslator } from '../../../source/traces/strace/translator.ts';
import { isFull } from '../../support/sizes.ts';

/** Bytes from one cut in two to the next: a prime, so that cuts fall everywhere in the lines of all. */
const step = isFull ? 1 : 29;

const folder = join(import.meta.dirname, '../fixtures/strace');
const fixtures = readdirSync(folder).map(name => [name, readFileSync(join(folder, name))] as const);

const nothing: BesideStrace = {
  ownerOf: () => null,
  socketOf: () => null,
  callOf: () => null,
  epollOf: () => [],
};

/** What pieces of a stream tell of; `pauses`: behind each of them nothing comes for a while. */
const stepsOf = (pieces: Iterable<Uint8Array>, pauses: boolean, first = 0): Step[] => {
  const reader = createStraceReader();
  const translator = createTranslator(nothing, createTraced().names);
  if (first > 0) translator.add(first, 'found', 0);
  const steps: Step[] = [];
  for (const piece of pieces) {
    steps.push(...translator.take(reader.take(piece)));
    if (pauses) steps.push(...translator.take(reader.quiet()));
  }
  return steps;
};

const bytesOf = (stream: Uint8Array): Uint8Array[] => Array.from(stream, byte => Uint8Array.of(byte));

const linesOf = (stream: Buffer): Buffer[] =>
  stream
    .toString('latin1')
    .split(/(?<=\n)/)
    .map(line => Buffer.from(line, 'latin1'));

/** A thread's end cut it short: told of only where its arguments were known before, which a pause within them delays. */
const isUnseen = (step: Step): boolean => step.kind === 'end' && step.outcome.kind === 'unseen';

/** How calls ended and what became of sockets and processes, whether or not somebody saw the calls in flight, and was told of a process by then. */
const inTheEnd = (steps: readonly Step[]): Step[] =>
  steps
    .filter(step => step.kind !== 'begin' && !isUnseen(step))
    .map(step => (step.kind === 'end' ? { ...step, id: 0, seen: false } : { ...step, at: 0 }));

/** The same as a text; processes stand apart, of which one is heard when a call of its is, in flight or at its end. */
const apart = (steps: readonly Step[]): string => {
  const { true: processes, false: others } = Object.groupBy(
    inTheEnd(steps),
    ({ kind }) => `${kind === 'process'}` as const,
  );
  return JSON.stringify([processes, others]);
};

describe.each(fixtures)('%s', (_, stream) => {
  const whole = stepsOf(linesOf(stream), false);

  test('cut at every byte, the calls, sockets and processes are the same', () => {
    expect(inTheEnd(whole).length).toBeGreaterThan(0);
    expect(stepsOf(bytesOf(stream), false)).toEqual(whole);
  });

  test('in two pieces, wherever the cut is, the ends, sockets and processes are the same, with a pause there too', () => {
    // Known before, as whoever is traced is: names are given in the order in which processes are heard of.
    const first = Number.parseInt(stream.toString('latin1', 0, 10), 10);
    const ending = apart(stepsOf(linesOf(stream), false, first));
    const differ: string[] = [];
    for (let at = 1; at < stream.length; at += step) {
      const pieces = [stream.subarray(0, at), stream.subarray(at)];
      for (const pauses of [false, true]) {
        if (apart(stepsOf(pieces, pauses, first)) !== ending)
          differ.push(`${at}${pauses ? ' with a pause' : ''}: ${stream.toString('latin1', at - 40, at)}`);
      }
    }
    expect(differ).toEqual([]);
  });

  test('with a pause at every byte they end in the same way', () => {
    expect(inTheEnd(stepsOf(bytesOf(stream), true))).toEqual(inTheEnd(whole));
  });
});
