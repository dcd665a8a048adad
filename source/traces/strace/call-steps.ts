import type { Want } from '../../core/calls/call.ts';
import type { Outcome } from '../../core/calls/outcome.ts';
import type { ThreadCall } from '../proc/thread-call.ts';
import type { Makers } from './makers.ts';
import type { MomentOf, Result } from './moments.ts';
import { pollCalls } from './poll-calls.ts';
import type { TracedProcess, TracedThread } from './programs.ts';
import { changeSocket, withAddresses } from './socket-changes.ts';
import { plainOutcome, type ReadCalls, type Reading, type ToldCall } from './told-call.ts';
import type { TracedDescriptors, TracedWorld } from './traced-descriptors.ts';
import { socketCalls } from './traced-socket-calls.ts';
import { transferCalls } from './transfer-calls.ts';
import { numberIn, parseValue, type Value } from './value.ts';

const readCalls: ReadCalls = { ...socketCalls, ...transferCalls, ...pollCalls };

const running: ThreadCall = { kind: 'running' };

export const about = ({ process: { actor }, tid }: TracedThread) =>
  ({ actor, thread: `${actor}/${tid}` }) as const;

/** What strace tells of system calls, as calls on sockets. */
export class CallSteps {
  private readonly world: TracedWorld;
  private readonly descriptors: TracedDescriptors;
  private readonly madeBy: Makers['madeBy'];

  constructor(world: TracedWorld, descriptors: TracedDescriptors, madeBy: Makers['madeBy']) {
    this.world = world;
    this.descriptors = descriptors;
    this.madeBy = madeBy;
  }

  /** `inFlight`: what the kernel says of the call by now. */
  begin(thread: TracedThread, { at, call, texts }: MomentOf<'begin'>, inFlight: Reading['inFlight']): void {
    const told = readCalls[call]?.(this.readingOf(thread, texts.map(parseValue), inFlight));
    if (!told) return;
    const id = this.world.names.nextId();
    thread.open = { id, call: told.call, began: at };
    const deadline = told.limit === null ? null : at + told.limit;
    this.world.tell({ kind: 'begin', at, id, ...about(thread), call: told.call, deadline });
  }

  end(thread: TracedThread, moment: MomentOf<'end'>, values: readonly Value[]): void {
    const { at, call, texts, result, began } = moment;
    const read = readCalls[call]?.(this.readingOf(thread, values, () => running)) ?? null;
    const { open } = thread;
    thread.open = null;
    const whole = read ?? (open && { call: open.call, limit: null, outcome: plainOutcome });
    if (!whole || texts.length === 0 || (call === 'close' && !this.isLast(thread, values))) return;
    const outcome = this.outcomeOf(thread, whole, values, result);
    const { tell, names } = this.world;
    const id = open?.id ?? names.nextId();
    tell({ kind: 'end', at, id, ...about(thread), call: whole.call, began, outcome, seen: open !== null });
  }

  /** Nothing more will be told of the call that the thread is in. */
  cut(thread: TracedThread, at: number): void {
    const { open } = thread;
    thread.open = null;
    if (!open) return;
    const { id, call, began } = open;
    const outcome: Outcome = { kind: 'unseen' };
    this.world.tell({ kind: 'end', at, id, ...about(thread), call, began, outcome, seen: true });
  }

  private readingOf(
    { process }: TracedThread,
    values: readonly Value[],
    inFlight: Reading['inFlight'],
  ): Reading {
    const { descriptors } = this;
    return {
      actor: process.actor,
      values,
      socket: value => descriptors.socketAt(process, numberIn(value)),
      nameOf: value => descriptors.nameOf(process, numberIn(value) ?? -1),
      epoll: value => this.wantsOf(process, numberIn(value) ?? -1),
      inFlight,
    };
  }

  private wantsOf(process: TracedProcess, epoll: number): Want[] {
    const added = [...(process.table.epolls.get(epoll) ?? [])].map(([fd, interest]) => ({ fd, ...interest }));
    const targets = added.length > 0 ? added : this.world.beside.epollOf(process.pid, epoll);
    return targets.map(({ fd, reads, writes }) => ({
      on: this.descriptors.nameOf(process, fd),
      reads,
      writes,
    }));
  }

  private outcomeOf(thread: TracedThread, told: ToldCall, values: readonly Value[], result: Result): Outcome {
    const made = this.madeBy(thread, told, values, result);
    if (made) {
      const { name, local, peer } = made;
      return { kind: 'made', name, ...(local && { local }), ...(peer && { peer }) };
    }
    const outcome = told.outcome(result);
    const { process } = thread;
    const on = this.descriptors.socketAt(process, numberIn(values[0]));
    if (!on || told.call.on !== on.name) return outcome;
    changeSocket(on, told.call, outcome, () => this.world.beside.socketOf(on.inode, process.pid));
    return withAddresses(told.call, outcome, on);
  }

  /** Others may have the socket still: closing one of its descriptors then ends nothing. */
  private isLast({ process: { table } }: TracedThread, values: readonly Value[]): boolean {
    const inode = table.sockets.get(numberIn(values[0]) ?? -1) ?? 0;
    return this.world.tables.holdersOf(inode).length === 1;
  }
}
