import { expect, test } from 'vitest';
import { createReplay } from '../../source/bench/engine/create-replay.ts';
import { createWatch } from '../../source/bench/processes/create-watch.ts';
import { waitsFor } from '../../source/bench/view/selectors-waits.ts';
import { waitGroups } from '../../source/bench/view/wait-groups.ts';
import type { Entry } from '../../source/core/model/entry.ts';
import { type News, noNews, type SeenCall, type SeenSocket } from '../../source/core/model/looks.ts';
import type { BenchState } from '../../source/core/model/state.ts';
import { entryText } from '../../source/core/words/entry-text.ts';
import { decodeEntry, encodeEntry } from '../../source/formats/session/jsonl.ts';
import { at } from '../support/entries.ts';

const nothing: News = { at: 0, ...noNews };

/** A watch whose looks are told by hand. */
const watched = () => {
  let report: (news: News) => void = () => {};
  const recorded: Entry[] = [];
  const source = createWatch({ looker: { start: tell => (report = tell), stop: () => {} } });
  source.record({ take: entries => recorded.push(...entries), hasRoom: () => true, onRoom: () => {} });
  return {
    source,
    recorded,
    tell: (news: Partial<News>) => {
      report({ ...nothing, at: source.began + source.now(), ...news });
      source.flush();
      return source.state();
    },
  };
};

const python = (pid: number, parent = 1) => ({
  pid,
  name: 'python3',
  args: ['python3'],
  parent,
  asked: true,
});

const socket = (inode: number, pid: number, fd: number, from: number, to: number): SeenSocket => ({
  inode,
  family: 'AF_INET',
  type: 'SOCK_STREAM',
  state: 'ESTAB',
  local: at(from),
  peer: at(to),
  listener: 0,
  holders: [{ pid, fd }],
});

const recv = (pid: number, inode: number, other: number, by: number, since: number): SeenCall => ({
  pid,
  tid: pid,
  since,
  deadline: null,
  arguments: { name: 'recv', inode, size: 100, flags: [] },
  needs: [{ fd: 3, inode, act: 'send', other, by: [by], free: null }],
});

test('two programs that wait for each other: names, twins, waits, the deadlock, recorded and replayed alike', async () => {
  const { source, recorded, tell } = watched();
  tell({
    processes: [python(11), python(12)],
    sockets: [socket(30, 11, 3, 1, 2), socket(40, 12, 3, 2, 1)],
  });
  const since = source.began;
  const state = tell({
    calls: [recv(11, 30, 40, 12, since), recv(12, 40, 30, 11, since)],
    knots: [
      {
        certain: true,
        threads: [
          { pid: 11, tid: 11 },
          { pid: 12, tid: 12 },
        ],
        behind: [],
        until: null,
        mayEnd: [],
      },
    ],
  });
  expect(state.sockets.get('p1.3')?.twin).toBe('p2.3');
  expect([...state.calls.values()].map(call => waitsFor(state, call, null))).toEqual([
    'python3 (p2) to send',
    'python3 (p1) to send',
  ]);
  const [group] = waitGroups(state);
  expect(group?.deadlock?.calls).toEqual([1, 2]);
  expect(recorded.map(entry => entryText(entry)).at(-1)).toBe(
    '! DEADLOCK: p1.3.recv waits for p2 to send, p2.3.recv waits for p1 to send; p1 is python3 (pid 11), p2 is python3 (pid 12); ' +
      'what would end it: one of them sends first, or half-closes (shutdown) where it has no more to send; a timeout (settimeout); ' +
      'now: kill 11 or 12',
  );
  const over = tell({ over: [{ pid: 12, tid: 12 }], knots: [] });
  expect(over.findings.size).toBe(0);
  expect([...over.calls.values()].map(({ call }) => call.on)).toEqual(['p1.3']);
  const entries = recorded.map(entry => decodeEntry(encodeEntry(entry)));
  const replayed = createReplay({ entries, began: 0, cut: false }).source.state();
  const rows = ({ sockets }: BenchState) => [...sockets.values()].map(({ openedAt: _, ...row }) => row);
  expect(rows(replayed)).toEqual(rows(over));
  expect(replayed.processes.size).toBe(2);
  await source.dispose();
});

test('a descriptor that is another socket while the first is still held elsewhere has another name', async () => {
  const { source, tell } = watched();
  tell({ processes: [python(11), python(12, 11)] });
  const shared = {
    ...socket(30, 11, 4, 1, 2),
    holders: [
      { pid: 11, fd: 4 },
      { pid: 12, fd: 4 },
    ],
  };
  tell({ sockets: [shared] });
  const state = tell({ sockets: [{ ...shared, holders: [{ pid: 12, fd: 4 }] }, socket(31, 11, 4, 3, 4)] });
  expect([...state.sockets.keys()]).toEqual(['p1.4', 'p1.4b']);
  expect(state.sockets.get('p1.4')?.holders).toEqual([{ actor: 'p2', fd: 4 }]);
  expect(state.processes.get('p2')).toMatchObject({ parent: 'p1', origin: 'forked' });
  const after = tell({ ended: [{ pid: 12, code: null, signal: 9 }], closed: [30] });
  expect(after.sockets.get('p1.4')?.closed).toBe(true);
  expect(after.processes.get('p2')?.ended).toMatchObject({ code: null, signal: 'SIGKILL' });
  expect(tell({ sockets: [socket(32, 11, 4, 5, 6)], closed: [31] }).sockets.get('p1.4b')?.closed).toBe(true);
  await source.dispose();
});
