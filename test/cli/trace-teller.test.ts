import { expect, test } from 'vitest';
import { createTeller } from '../../source/bench/processes/seen-entries.ts';
import { createToldSource } from '../../source/bench/processes/told-source.ts';
import { createTraced, createTraceTeller } from '../../source/cli/tracing/trace-teller.ts';
import { type News, noNews, type SeenWait } from '../../source/core/model/looks.ts';

/** Pids that no process has: the machine is asked for names, and has none. */
const first = 5_000_001;
const second = 5_000_002;

const key = (pid: number) => ({ pid, tid: pid });

const waits = (pid: number, inode: number, other: number, by: number): SeenWait => ({
  ...key(pid),
  needs: [{ fd: 3, inode, act: 'send', other, by: [by], free: null }],
});

/** A trace of two programs, told by hand. `late`: strace tells of the second one only when it begins. */
const traced = (late = false) => {
  const source = createToldSource('trace');
  const { traced: soFar, names } = createTraced();
  const tellSteps = createTraceTeller(source, soFar);
  const { began, now } = source;
  const teller = createTeller({ entry: source.tell, nextId: names.nextId, began, now, traced: soFar });
  const tellLook = teller.tell;
  const at = began;
  const actors = [first, second].map(pid => names.process(pid));
  const meet = (n: number) =>
    tellSteps([
      { kind: 'process', at, actor: actors[n]!, pid: [first, second][n]!, parent: '', origin: 'found' },
    ]);
  const about = (n: number, on: string, id: number) => {
    const actor = actors[n]!;
    const call = { name: 'recv', on, size: 100 } as const;
    return { id, actor, thread: `${actor}/${[first, second][n]}`, call };
  };
  meet(0);
  if (!late) meet(1);
  return {
    source,
    meet,
    begin: (n: number, on: string, when: number) => {
      tellSteps([{ kind: 'begin', at: began + when, ...about(n, on, names.nextId()), deadline: null }]);
      tellLook({ at: began + when, ...noNews });
    },
    end: (n: number, on: string, id: number, when: number) => {
      const outcome = { kind: 'unseen' } as const;
      tellSteps([{ kind: 'end', at: began + when, ...about(n, on, id), began, outcome, seen: true }]);
    },
    untold: teller.untold,
    look: (news: Partial<News>, when: number) => tellLook({ ...noNews, at: began + when, ...news }),
  };
};

const knot = {
  certain: true,
  threads: [key(first), key(second)],
  behind: [],
  until: null,
  mayEnd: [],
};

const seen = {
  waits: [waits(first, 1, 2, second), waits(second, 2, 1, first)],
  knots: [knot],
};

/** The two calls that are there, each with what it waits for, and one deadlock, of them. */
const expectKnot = (source: ReturnType<typeof traced>['source'], first: number, second: number) => {
  const { calls, findings } = source.state();
  const waiting = [...calls.values()].map(({ id, needs }) => [id, needs?.length]);
  expect(waiting).toEqual([first, second].map(id => [id, 1]));
  const deadlocks = [...findings.values()].filter(({ name }) => name === 'deadlock');
  expect(deadlocks).toMatchObject([{ calls: [first, second] }]);
};

test('a deadlock that was seen before strace told of one of its calls is told anew with that call', () => {
  const { source, begin, look } = traced();
  begin(0, 'p1.3', 1);
  look(seen, 20);
  begin(1, 'p2.3', 2);
  source.flush();
  expectKnot(source, 1, 2);
});

test('what a look has seen of a call while strace still told of the one before is told of that call, and the deadlock too', () => {
  const { source, begin, end, look } = traced();
  begin(0, 'p1.3', 1);
  begin(1, 'p2.4', 1);
  look(seen, 20);
  end(1, 'p2.4', 2, 10);
  begin(1, 'p2.3', 11);
  source.flush();
  expectKnot(source, 1, 3);
});

test('a call that began after the look is not the one that was seen, whichever is told first', () => {
  const { source, begin, look, untold } = traced();
  begin(0, 'p1.3', 1);
  begin(1, 'p2.3', 30);
  look(seen, 20);
  source.flush();
  expect(source.state().calls.get(2)?.needs).toBeUndefined();
  expect(untold()).toEqual([2]);
  look({ waits: [seen.waits[1]!] }, 40);
  source.flush();
  expect(source.state().calls.get(2)?.needs).toHaveLength(1);
  expect(untold()).toEqual([]);
});

test('a call that looks take for the one before is untold until they tell again, once', () => {
  const { source, begin, end, look, untold } = traced();
  begin(0, 'p1.3', 1);
  look({ waits: [seen.waits[0]!] }, 20);
  expect(untold()).toEqual([]);
  end(0, 'p1.3', 1, 30);
  expect(untold()).toEqual([]);
  begin(0, 'p1.3', 31);
  expect(untold()).toEqual([2]);
  look({ waits: [seen.waits[0]!] }, 50);
  expect(untold()).toEqual([]);
  source.flush();
  const last = source.journal.last();
  look({ waits: [seen.waits[0]!] }, 70);
  source.flush();
  expect(source.journal.last()).toBe(last);
});

test('a call of a program that a look has found before strace told of it stands once, and so does the deadlock', () => {
  const { source, begin, meet, look } = traced(true);
  begin(0, 'p1.3', 1);
  const socket = {
    inode: 2,
    family: 'AF_INET',
    type: 'SOCK_STREAM',
    state: 'ESTAB',
    local: null,
    peer: null,
    listener: 0,
    holders: [{ pid: second, fd: 3 }],
  } as const;
  const call = {
    ...waits(second, 2, 1, first),
    since: source.began + 2,
    deadline: null,
    arguments: { name: 'recv', inode: 2, size: 100, flags: [] },
  } as const;
  const process = { pid: second, name: 'late', args: [], parent: 1, asked: false };
  look(
    { processes: [process], sockets: [socket], calls: [call], waits: [seen.waits[0]!], knots: [knot] },
    20,
  );
  source.flush();
  expect([...source.state().calls.keys()]).toEqual([1, 2]);
  meet(1);
  begin(1, 'p2.3', 2);
  source.flush();
  expectKnot(source, 1, 3);
});
