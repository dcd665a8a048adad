import { expect, test } from 'vitest';
import { watchPeers } from '../../source/bench/processes/peers.ts';
import { createTeller } from '../../source/bench/processes/seen-entries.ts';
import { peerWords } from '../../source/bench/view/selectors-peers.ts';
import { foreignConnections } from '../../source/bench/view/selectors-sockets.ts';
import { waitsFor } from '../../source/bench/view/selectors-waits.ts';
import { waitGroups } from '../../source/bench/view/wait-groups.ts';
import { conclude, findingDrafts } from '../../source/core/fold/findings.ts';
import { isTold } from '../../source/core/model/entry.ts';
import { type News, noNews, type PeerLooker, type SeenCall } from '../../source/core/model/looks.ts';
import type { BenchState } from '../../source/core/model/state.ts';
import { findingSentence } from '../../source/core/words/finding-words.ts';
import type { KeyWords } from '../../source/core/words/key-words.ts';
import { decodeEntry, encodeEntry } from '../../source/formats/session/jsonl.ts';
import { at, createPlaybook, stateOf } from '../support/entries.ts';

const nothing: News = { at: 0, ...noNews };

const self = 99;
const pid = 4711;
const python = { pid, name: 'python3', args: ['python3'], parent: 1, asked: false };
const inode = 40;
const key: KeyWords = act => (act === 'recv' ? 'r' : act === 'send' ? 's' : '');

/** A bench with c1 connected to port 5000, whose peers are told by hand. */
const connected = () => {
  const book = createPlaybook();
  book.socket('c1');
  book.connect('c1', at(1), at(5000));
  let id = 100;
  const tell = createTeller({
    entry: draft => void book.add(draft),
    nextId: () => ++id,
    began: 0,
    now: () => book.entries.length + 1,
    self,
    aside: true,
  }).tell;
  return {
    book,
    tell: (news: Partial<News>): BenchState => {
      tell({ ...nothing, ...news });
      return stateOf(book);
    },
    state: () => stateOf(book),
  };
};

const accepted = {
  inode,
  family: 'AF_INET',
  type: 'SOCK_STREAM',
  state: 'ESTAB',
  local: at(5000),
  peer: at(1),
  listener: 0,
  holders: [{ pid, fd: 4 }],
} as const;

const queues = { timer: 'none', timerMs: 0, retransmits: 0, drops: 0 } as const;

/** A call of the program that waits for this very process, whose sockets looks do not name. */
const waiting = (given: SeenCall['arguments'], act: 'send' | 'recv'): SeenCall => ({
  pid,
  tid: pid,
  since: 1,
  deadline: null,
  arguments: given,
  needs: [{ fd: 4, inode, act, other: 77, by: [self], free: null }],
});

const sending = waiting({ name: 'send', inode, size: 1000 }, 'recv');

const bothFull = () => {
  const { book, tell } = connected();
  book.running({ name: 'send', on: 'c1', data: { kind: 'dropped', size: 10 } });
  book.add({
    kind: 'sample',
    t: 300,
    source: 'kernel',
    readAt: 300,
    sockets: [{ socket: 'c1', state: 'ESTAB', rcvQ: 2048, sndQ: 1024, ...queues, timer: 'zero-window' }],
    taken: [],
  });
  const state = tell({
    at: 900,
    processes: [python],
    sockets: [accepted],
    queues: [{ inode, state: 'ESTAB', rcvQ: 512, sndQ: 4096, ...queues }],
    calls: [sending],
    threads: [{ pid, tid: pid, does: 'call', since: 1 }],
  });
  return { book, tell, state };
};

test('a program at the other end is named with what it is in and what its kernel holds', () => {
  const { state } = bothFull();
  expect(state.sockets.get('c1')?.twin).toBe('p1.4');
  expect(peerWords(state, state.sockets.get('c1')!, 3_001)).toBe(
    'python3, pid 4711, is in send, 3.0s; 512 bytes unread, 4.0 KiB unsent',
  );
  // Looks at processes say nothing of when the bench's own sockets were looked at.
  expect(state.lookedAt).toBe(300);
  expect([...state.processes.keys()]).toEqual(['p1']);
  expect(foreignConnections(state).map(({ name }) => name)).toEqual(['c1']);
});

test('both directions full: the wait leads through the program to the person, and says the key', () => {
  const { state } = bothFull();
  const [own, theirs] = [...state.calls.values()];
  expect(waitsFor(state, own!, key)).toBe('python3 (p1) to recv; both directions are full: r receives on c1');
  expect(waitsFor(state, theirs!, key)).toBe('you: r receives on c1');
  const [group] = waitGroups(state);
  expect(group?.calls.map(({ call, depth }) => [call.call.on, depth])).toEqual([
    ['p1.4', 0],
    ['c1', 1],
  ]);
});

test('under one thread both wait for each other: told with the program and what the person can do, and over with a cancel', () => {
  const { book, state } = bothFull();
  expect(conclude(state).map(({ name }) => name)).not.toContain('deadlock');
  book.add({ kind: 'policy', t: 1_000, program: 'client', policy: 'per-socket' });
  const stuck = conclude(stateOf(book)).find(({ name }) => name === 'deadlock')!;
  expect(findingSentence(stuck, key)).toMatch(
    /^waiting for each other: c1\.send waits for p1 to recv, p1\.4\.send waits for c1 to recv; p1 is python3 \(pid 4711\); queued: c1 to p1\.4 1\.5 KiB, p1\.4 to c1 6\.0 KiB; broken by a cancel of c1\.send, or a recv on c1/,
  );
});

/** What is said of the deadlock after more has been told, the bench having one thread. */
const verdict = (...more: readonly Partial<News>[]): string => {
  const { book, tell } = bothFull();
  book.add({ kind: 'policy', t: 1_000, program: 'client', policy: 'per-socket' });
  for (const news of more) tell(news);
  const found = conclude(stateOf(book)).find(({ name }) => name === 'deadlock');
  return found ? findingSentence(found, key).split(/[:;] /)[0]! : '';
};

const { needs } = sending;
const sure = { at: 900, waits: [{ pid, tid: pid, needs, doubt: null }] };

test('certain once a look has found the program where it was, while the call of the bench was in flight, and without a doubt', () => {
  expect(verdict()).toBe('waiting for each other');
  expect(verdict(sure)).toBe('DEADLOCK');
  // The bench's call began after this look.
  expect(verdict({ ...sure, at: 5 })).toBe('waiting for each other');
  expect(verdict(sure, { at: 950, waits: [{ pid, tid: pid, needs }] })).toBe('DEADLOCK');
});

test.each([
  ['a handler', { waits: [{ pid, tid: pid, needs, doubt: 'SIGALRM' as const }] }],
  [
    'a lock with a timeout',
    { threads: [{ pid, tid: 4712, does: 'lock' as const, since: 1, timed: true as const }] },
  ],
  [
    'another who has the end of the bench too',
    { waits: [{ pid, tid: pid, needs: [{ ...needs[0]!, by: [self, 5] }], doubt: null }] },
  ],
])('%s may end it: never certain', (_, news) => {
  expect(verdict({ ...sure, at: 950 }, { at: 960, ...news })).toBe('waiting for each other');
});

test('a thread that waits for a lock of its own process changes nothing', () => {
  expect(verdict(sure, { threads: [{ pid, tid: 4712, does: 'lock', since: 1 }] })).toBe('DEADLOCK');
});

test('it is said who may end it', () => {
  const { book, tell } = bothFull();
  book.add({ kind: 'policy', t: 1_000, program: 'client', policy: 'per-socket' });
  const state = tell({ at: 950, waits: [{ pid, tid: pid, needs, doubt: 'SIGALRM' }] });
  const found = conclude(state).find(({ name }) => name === 'deadlock')!;
  expect(findingSentence(found, key)).toContain(
    "it may end: p1's thread 4711 handles SIGALRM, which may take it out of the call; broken by a cancel",
  );
});

test('bytes of the program that are on their way to a receive of the bench', () => {
  const { book, tell } = connected();
  book.running({ name: 'recv', on: 'c1', size: 10 });
  book.add({ kind: 'policy', t: 5, program: 'client', policy: 'per-socket' });
  const held = (sndQ: number) => ({ inode, state: 'ESTAB', rcvQ: 0, sndQ, ...queues });
  const said = (news: Partial<News>) => {
    const found = conclude(tell(news)).find(({ name }) => name === 'deadlock');
    return found && findingSentence(found, key).split(':')[0];
  };
  const receiving = waiting({ name: 'recv', inode, size: 10, flags: [] }, 'send');
  const first = {
    at: 900,
    processes: [python],
    sockets: [accepted],
    queues: [held(7)],
    calls: [{ ...receiving, doubt: null }],
    threads: [{ pid, tid: pid, does: 'call' as const, since: 1 }],
  };
  expect(said(first)).toBe('waiting for each other');
  expect(said({ queues: [held(0)] })).toBe('DEADLOCK');
});

test('a deadlock that is not certain yet is looked at again at once, and no more for that', async () => {
  const heard: string[] = [];
  const looker: PeerLooker = {
    self,
    start: () => void heard.push('start'),
    stop: () => void heard.push('stop'),
    poke: () => void heard.push('poke'),
    rest: () => void heard.push('rest'),
  };
  const peers = watchPeers(
    async () => looker,
    () => () => {},
  );
  const { book, tell } = bothFull();
  const see = async () => {
    for (const draft of findingDrafts(stateOf(book))) book.add(draft);
    peers.see(stateOf(book));
    await Promise.resolve();
    await Promise.resolve();
  };
  await see();
  book.add({ kind: 'policy', t: 1_000, program: 'client', policy: 'per-socket' });
  await see();
  expect(heard).toEqual(['start', 'poke']);
  await see();
  tell(sure);
  await see();
  expect(heard).toEqual(['start', 'poke']);
});

test('a program with a thread that is not in a call may act: nothing is concluded', () => {
  const { book, tell } = bothFull();
  book.add({ kind: 'policy', t: 1_000, program: 'client', policy: 'per-socket' });
  const state = tell({ threads: [{ pid, tid: 4712, does: 'sleep', since: 2 }] });
  expect(conclude(state).map(({ name }) => name)).not.toContain('deadlock');
});

test('what a program does besides is in no log, and in no list of waits that no call of the bench hangs on', () => {
  const { book, tell } = connected();
  const state = tell({ processes: [python], sockets: [accepted], calls: [sending] });
  expect(waitGroups(state)).toEqual([]);
  const told = book.entries.filter(isTold).map(({ kind }) => kind);
  expect(told).toEqual(['ended', 'ended', 'process']);
  for (const entry of book.entries)
    expect(decodeEntry(encodeEntry(entry))).toMatchObject({ kind: entry.kind });
});

test('in the queue of a listener: which place, where no others wait, else one of so many', () => {
  const { book, tell } = connected();
  book.socket('c2');
  book.connect('c2', at(2), at(5000));
  const listener = { ...accepted, state: 'LISTEN', peer: null, holders: [{ pid, fd: 3 }] } as const;
  const waitingAt = (rcvQ: number) => ({ inode, state: 'LISTEN', rcvQ, sndQ: 0, ...queues });
  const threads = [{ pid, tid: pid, does: 'sleep', since: 0 }] as const;
  const state = tell({ processes: [python], sockets: [listener], queues: [waitingAt(2)], threads });
  expect(peerWords(state, state.sockets.get('c2')!, 2_000)).toBe(
    'not accepted yet: 2nd of 2 at :5000; python3, pid 4711, sleeps, 2.0s',
  );
  const later = tell({ queues: [waitingAt(3)] });
  expect(peerWords(later, later.sockets.get('c1')!, 2_000)).toMatch(/^not accepted yet: one of 3 at :5000;/);
});

test('who has been sent something, or the end of it, was accepted, if by nobody that a look has seen', () => {
  const { book, tell } = connected();
  const listener = { ...accepted, state: 'LISTEN', peer: null, holders: [{ pid, fd: 3 }] } as const;
  const threads = [{ pid, tid: pid, does: 'sleep', since: 0 }] as const;
  const state = tell({ processes: [python], sockets: [listener], threads });
  expect(peerWords(state, state.sockets.get('c1')!, 2_000)).toMatch(/^not accepted yet/);
  book.recv('c1', '');
  const ended = stateOf(book);
  expect(peerWords(ended, ended.sockets.get('c1')!, 2_000)).toBe('');
});

test('once the program has ended the row says what the kernel does', () => {
  const { tell } = bothFull();
  const state = tell({ ended: [{ pid, code: null, signal: 0 }], closed: [inode] });
  expect(peerWords(state, state.sockets.get('c1')!, 0)).toBe('');
  expect([...state.calls.values()].map(({ call }) => call.on)).toEqual(['c1']);
});

test('no look is begun without a program of this machine at the other end, and all rest once there is none', async () => {
  const heard: string[] = [];
  const looker: PeerLooker = {
    self,
    start: () => void heard.push('start'),
    stop: () => void heard.push('stop'),
    poke: () => void heard.push('poke'),
    rest: () => void heard.push('rest'),
  };
  const peers = watchPeers(
    async () => looker,
    () => () => {},
  );
  const book = createPlaybook();
  const see = async () => {
    peers.see(stateOf(book));
    await Promise.resolve();
    await Promise.resolve();
  };
  book.socket('c1');
  book.connect('c1', at(1, '10.0.0.1'), at(80, '10.0.0.2'));
  await see();
  expect(heard).toEqual([]);
  book.socket('c2');
  book.connect('c2', at(2), at(5000));
  await see();
  expect(heard).toEqual(['start']);
  book.socket('c3');
  book.connect('c3', at(3), at(5000));
  await see();
  expect(heard).toEqual(['start', 'poke']);
  book.ended({ name: 'close', on: 'c2' });
  book.ended({ name: 'close', on: 'c3' });
  await see();
  expect(heard).toEqual(['start', 'poke', 'rest']);
  peers.stop();
  expect(heard.at(-1)).toBe('stop');
});
