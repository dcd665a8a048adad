import { afterEach, expect, test } from 'vitest';
import { ctrl, key } from '../e2e/keys.ts';
import type { Terminal } from '../e2e/terminal.ts';
import { createKeeper, openWorkbench } from '../e2e/workbench.ts';

const keep = createKeeper();

afterEach(keep.end);

/** Keys in the order in which they are pressed, each with what is to be seen before the next one. */
type Presses = readonly (readonly [keys: string, sees: RegExp])[];

/** What a newcomer does in the first minute, and how many keys that takes. */
type Task = { readonly task: string; readonly keys: number; readonly presses: Presses };

const escaped: Presses[number] = [key.escape, /q quit/];

const tasks: readonly Task[] = [
  {
    task: '2: help lists the keys of this pane, filtered as one types, and Enter runs one',
    keys: 8,
    presses: [
      ['?', /Keys in the Client pane/],
      ['listen', /> L +Listen, or stop/],
      [key.enter, /═ Listen for TCP clients/],
    ],
  },
  {
    task: '3: L Enter listens on 127.0.0.1:51423',
    keys: 3,
    presses: [
      [key.escape, /q quit/],
      ['L', /address {2}127\.0\.0\.1:51423/],
      [key.enter, /s1 LISTEN 127\.0\.0\.1:\d+/],
    ],
  },
  {
    task: '4: with the accept loop off a client is ESTAB at once, and waits',
    keys: 3,
    presses: [
      ['A', /accept loop off/],
      ['c', /Connect to a TCP server/],
      [key.enter, /c1 ESTAB[\s\S]*1 waiting|1 waiting[\s\S]*c1 ESTAB/],
    ],
  },
  {
    task: '5: connect until the queue is FULL, and the next connect stays in SYN-SENT',
    keys: 9,
    presses: [
      ['b', /backlog/],
      [`${ctrl('u')}1`, /> .*\b1\b/],
      [key.enter, /s1\.listen 1 = ok/],
      ['c', /Connect to a TCP server/],
      [key.enter, /c2 ESTAB/],
      ['c', /Connect to a TCP server/],
      [key.enter, /c3 SYN-SENT/],
      ['2', /FULL 2 waiting, room for 2/],
    ],
  },
  {
    task: '6: one accept, and the connect that waited comes in',
    keys: 1,
    presses: [['a', /c3\.connect (?:resumed> |.*)= ok/]],
  },
  {
    task: "7: send shows what will be sent, and wakes the peer's recv",
    keys: 9,
    presses: [
      ['1', /1 Client \*/],
      ['g', /[>❯].?c1 ESTAB/],
      ['s', /send to c1 >/],
      ['ping', /ping\\r\\n +text, ends CRLF, 6 bytes/],
      [key.enter, /= "ping\\r\\n"/],
      escaped,
    ],
  },
  {
    task: '8: one thread a program, both receive: DEADLOCK names both, and w what breaks it',
    keys: 10,
    presses: [
      ['R', /receive loop off/],
      ['2', /2 TCP server \*/],
      ['R', /TCP server: receive loop off/],
      ['P', /2 TCP server \* {2}single/],
      ['1', /1 Client \*/],
      ['P', /1 Client \* {2}single/],
      ['r', /c1\.recv/],
      ['2', /2 TCP server \*/],
      ['r', /! DEADLOCK.*: (?:a1\.recv waits for c1|c1\.recv waits for a1) to send/],
      ['w', /broken by|cancels [ac]1\.recv/],
    ],
  },
  {
    task: '9: a timeout of 2 s runs out: TimeoutError',
    keys: 8,
    presses: [
      [key.escape, /2 TCP server \*/],
      ['t', /Set the timeout/],
      [`${ctrl('u')}2s`, /2s/],
      [key.enter, /a1\.settimeout 2s = ok/],
      ['x', /Cancelled a1\.recv/],
      ['r', /a1\.recv.* TimeoutError/],
    ],
  },
  {
    task: '10: y copies, q says how to keep the session, q again quits',
    keys: 3,
    presses: [
      ['y', /handed to the terminal \(OSC 52\)|copied \d+ bytes with|not copied/],
      ['q', /entries not saved: S saves the session, q again quits/],
      ['q', /^/],
    ],
  },
];

/** The port may be taken: then the form says so, and how to get a free one. */
const takeFree = async (terminal: Terminal): Promise<void> => {
  await terminal.until(/s1 LISTEN|Ctrl-Y takes/);
  if (/Ctrl-Y takes/.test(terminal.picture())) terminal.type(`${ctrl('y')}${key.enter}`);
};

const isLast = ({ presses }: Task, at: number): boolean => presses[at]?.[1].source === '^';

test.each([
  [120, 36],
  [80, 24],
])('the first minute of a newcomer goes as told, key by key, at %i by %i', async (cols, rows) => {
  const terminal = keep.terminal(await openWorkbench({ cols, rows }));
  await terminal.until(/Nothing is open yet/);
  await terminal.until(/ c connect {2}L listen {2}o open UDP {2}e labs/);
  const counted = new Map<string, number>();
  for (const each of tasks) {
    let pressed = 0;
    for (const [at, [typed, sees]] of each.presses.entries()) {
      terminal.type(typed);
      pressed += typed.startsWith('\x1b') ? 1 : [...typed].length;
      if (isLast(each, at)) break;
      if (typed === key.enter && each.task.startsWith('3')) await takeFree(terminal);
      await terminal.until(
        lines =>
          sees.test(lines.join('\n')) &&
          (typed !== key.enter || !lines.at(-1)!.includes('Enter do it') || each.task.startsWith('2')),
      );
    }
    counted.set(each.task, pressed);
  }
  expect(await terminal.exited).toBe(0);
  expect(counted).toEqual(new Map(tasks.map(({ task, keys }) => [task, keys])));
});
