import type { Call } from '../../core/calls/call.ts';
import { calls } from '../../core/calls/calls.ts';
import { type Outcome, ok } from '../../core/calls/outcome.ts';
import type { Program } from '../../core/model/actors.ts';
import type { Afterwards } from '../../core/model/afterwards.ts';
import type { Draft } from '../../core/model/entry.ts';
import type { Faults } from '../../core/model/faults.ts';
import type { Policy } from '../../core/model/names.ts';
import { carriesDatagrams } from '../../core/model/transports.ts';
import type { PerformOptions } from '../engine/bench.ts';
import type { Clock } from '../engine/clock.ts';
import type { Registry } from '../engine/registry.ts';
import {
  type Deed,
  enter,
  type FaultLine,
  heldBytes,
  heldCall,
  isEmpty,
  leave,
  type Move,
  newLine,
  renewed,
} from './fault-line.ts';

export type LinesHost = {
  readonly perform: (call: Call, options: PerformOptions) => number;
  /** The call as the next message of its socket. */
  readonly numbered: (call: Call) => Call;
  readonly socket: Registry['socket'];
  readonly policy: (program: Program) => Policy;
  readonly faults: (socket: string) => Faults;
  readonly entry: (draft: Draft) => void;
  readonly after: Clock['after'];
  readonly now: () => number;
};

/** What is on its way to each socket whose faults hold it: made as calls of their own, once it may leave. */
export type FaultLines = {
  readonly has: (socket: string) => boolean;
  readonly names: () => readonly string[];
  /** A send, or what ends a direction: its end is told once the program may go on. */
  readonly take: (call: Call, options: PerformOptions) => void;
  /** So many bytes were received since the faults were set. */
  readonly received: (socket: string) => number;
  readonly receive: (socket: string, bytes: number) => void;
  /** Other faults are set now. */
  readonly renew: (socket: string) => void;
  /** The socket is closed: what was held is lost. */
  readonly forget: (socket: string) => void;
  readonly stop: () => void;
};

/** What is held of one socket at most: beyond it its program waits, as behind a full buffer of the kernel. */
const mostHeld = 1 << 20;
const mostItems = 1000;

/** A program that waits to go on, and how its call is to have ended. */
type Waiting = { readonly sends: boolean; readonly outcome: Outcome; readonly options: PerformOptions };

type Live = {
  line: FaultLine;
  /** A call of its own is in flight. */
  flying: boolean;
  pumping: boolean;
  /** How a stream's send has failed: nothing more can leave. */
  failed: Outcome | null;
  readonly waiting: Waiting[];
  clearTimer: (() => void) | undefined;
};

const failureOf = (outcome: Outcome, call: Call): Outcome | null =>
  outcome.kind === 'error' && call.name === 'sendall' ? outcome : null;

/** What is no longer to be found in the log as a send. */
const isGone = ({ did }: Deed): boolean => did === 'dropped' || did === 'lost' || did === 'reordered';

export const createFaultLines = (host: LinesHost): FaultLines => {
  const { now, faults } = host;
  const lines = new Map<string, Live>();

  const tell = (socket: string, deeds: readonly Deed[]) => {
    for (const deed of deeds) host.entry({ kind: 'fault', t: now(), socket, ...deed });
  };

  const lineOf = (name: string): Live => {
    const known = lines.get(name);
    if (known) return known;
    const line = newLine(faults(name));
    const live: Live = {
      line,
      flying: false,
      pumping: false,
      failed: null,
      waiting: [],
      clearTimer: undefined,
    };
    lines.set(name, live);
    return live;
  };

  /** One thread does one thing: where the same sends and receives, its loop goes on once all has left. */
  const hasRoom = (name: string, { line, flying }: Live): boolean => {
    const socket = host.socket(name);
    if (socket && host.policy(socket.actor) !== 'duplex') return isEmpty(line) && !flying;
    return heldBytes(line) < mostHeld && line.queue.length < mostItems;
  };

  const letOn = (name: string, live: Live) => {
    while (live.waiting.length > 0 && (live.failed || hasRoom(name, live))) {
      const { sends, outcome, options } = live.waiting.shift()!;
      const end = sends && live.failed ? live.failed : outcome;
      options.decide?.(end);
      options.onEnd?.(end);
    }
  };

  const waitOf = (name: string, live: Live): Extract<Move, { kind: 'wait' }> | null => {
    const move = leave(live.line, faults(name), name, now());
    return move.kind === 'wait' ? move : null;
  };

  /** Nothing can leave any more, but for what ends the socket. */
  const fail = (name: string, live: Live, failed: Outcome) => {
    const bytes = heldBytes(live.line);
    live.failed = failed;
    live.line = { ...live.line, queue: live.line.queue.filter(({ sends }) => !sends), behind: [] };
    if (bytes > 0) tell(name, [{ did: 'lost', bytes }]);
  };

  const fly = (name: string, live: Live, { call, mark }: Extract<Move, { kind: 'make' }>) => {
    live.flying = true;
    const decide = (outcome: Outcome): Afterwards | undefined => {
      const wait = failureOf(outcome, call) ? null : waitOf(name, live);
      return wait ? { kind: 'held', call: wait.call, until: wait.until } : undefined;
    };
    const onEnd = (outcome: Outcome) => {
      live.flying = false;
      if (lines.get(name) !== live) return;
      const failed = failureOf(outcome, call);
      if (failed) fail(name, live, failed);
      pump(name, live);
    };
    host.perform(call, { looped: true, numbered: true, ...mark, decide, onEnd });
  };

  /** Lets leave what may, and waits for the next. Calls that end at once follow each other in this loop, not on the stack. */
  const pump = (name: string, live: Live) => {
    if (live.pumping || live.flying) return;
    live.pumping = true;
    live.clearTimer?.();
    live.clearTimer = undefined;
    while (!live.flying && lines.get(name) === live) {
      const move = leave(live.line, faults(name), name, now());
      if (move.kind === 'wait')
        live.clearTimer = host.after(Math.max(0, move.until - now()), () => pump(name, live));
      if (move.kind !== 'make') break;
      live.line = move.line;
      tell(name, move.deeds);
      fly(name, live, move);
    }
    live.pumping = false;
    letOn(name, live);
  };

  /** What has just been handed over and does not leave at once. */
  const tellHeld = (name: string, live: Live, alone: boolean, bytes: number, due: number) => {
    if (live.flying || isEmpty(live.line)) return;
    const wait = waitOf(name, live);
    const until = alone ? wait?.until : due;
    if (wait && until !== undefined && until > now())
      tell(name, [{ did: 'held', bytes, until, next: wait.call }]);
  };

  const take: FaultLines['take'] = (call, options) => {
    const { on } = call;
    const live = lineOf(on);
    const socket = host.socket(on);
    const held = heldCall(
      host.numbered(call),
      options,
      socket !== undefined && !carriesDatagrams(socket),
      now(),
    );
    const { sends } = held;
    const alone = isEmpty(live.line) && !live.flying;
    const bytes = heldBytes({ ...live.line, queue: [held], behind: [] });
    const outcome: Outcome = calls[call.name].returns === 'count' ? { kind: 'count', count: bytes } : ok;
    live.waiting.push({ sends, outcome, options });
    if (live.failed && sends) return letOn(on, live);
    const { line, deeds } = enter(live.line, faults(on), held);
    live.line = line;
    tell(on, deeds);
    const { delay = 0 } = faults(on);
    const sent = line.sent;
    pump(on, live);
    const isWhole = live.line.sent === sent;
    if (isWhole && !deeds.some(isGone)) tellHeld(on, live, alone, bytes, now() + delay);
  };

  return {
    has: name => lines.has(name),
    names: () => [...lines.keys()],
    take,
    received: name => lines.get(name)?.line.received ?? 0,
    receive: (name, bytes) => {
      const live = lineOf(name);
      live.line = { ...live.line, received: live.line.received + bytes };
      pump(name, live);
    },
    renew: name => {
      const live = lines.get(name);
      if (!live) return;
      live.line = renewed(live.line, faults(name));
      pump(name, live);
    },
    forget: name => {
      const live = lines.get(name);
      if (!live) return;
      lines.delete(name);
      live.clearTimer?.();
      const bytes = heldBytes(live.line);
      if (bytes > 0) tell(name, [{ did: 'lost', bytes }]);
    },
    stop: () => {
      for (const { clearTimer } of lines.values()) clearTimer?.();
      lines.clear();
    },
  };
};
