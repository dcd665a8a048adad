import { type Asking, type BesideStrace, createAsking } from './beside.ts';
import { withoutBrief } from './brief.ts';
import { about, CallSteps } from './call-steps.ts';
import { descriptorCalls } from './descriptor-calls.ts';
import { flagsOfClone, forks } from './forks.ts';
import { createMakers, type Makers } from './makers.ts';
import type { Moment, MomentOf } from './moments.ts';
import { createPrograms, type TracedThread } from './programs.ts';
import type { Step } from './steps.ts';
import { createTables } from './tables.ts';
import { TracedDescriptors, type TracedWorld } from './traced-descriptors.ts';
import { createSockets, type TraceNames } from './traced-sockets.ts';
import { numberIn, parseValue } from './value.ts';

/** From what strace tells of threads to what happened to programs and their sockets. */
export type Translator = {
  /** Before anything is told of it. */
  readonly add: (pid: number, origin: 'started' | 'found', at: number) => void;
  readonly take: (moments: readonly Moment[]) => Step[];
  /** Of a call in flight more will be known in a moment: `take` is to be asked again. */
  readonly owes: () => boolean;
};

class MomentTranslator implements Translator {
  private readonly world: TracedWorld;
  private readonly descriptors: TracedDescriptors;
  private readonly makers: Makers;
  private readonly calls: CallSteps;
  private readonly asking: Asking;
  private steps: Step[] = [];

  constructor(beside: BesideStrace, names: TraceNames) {
    const tell = (step: Step) => void this.steps.push(step);
    const tables = createTables();
    const sockets = createSockets(names);
    const programs = createPrograms(tables, beside.ownerOf, names.process, tell);
    this.world = { beside, names, tables, sockets, programs, tell };
    const descriptors = new TracedDescriptors(this.world);
    const socketAt = descriptors.socketAt.bind(descriptors);
    this.descriptors = descriptors;
    this.makers = createMakers({ beside, tables, sockets, socketAt });
    this.calls = new CallSteps(this.world, descriptors, this.makers.madeBy);
    this.asking = createAsking(beside);
  }

  add(pid: number, origin: 'started' | 'found', at: number): void {
    this.world.programs.add(pid, origin, at);
  }

  owes(): boolean {
    return this.asking.isOwed();
  }

  take(moments: readonly Moment[]): Step[] {
    for (const moment of withoutBrief(moments)) this.hear(moment);
    for (const moment of this.asking.again(moments)) this.beginCall(moment);
    const told = this.steps;
    this.steps = [];
    return told;
  }

  private hear(moment: Moment): void {
    const { asking, descriptors } = this;
    const { programs, tell } = this.world;
    const { tid, at } = moment;
    switch (moment.kind) {
      case 'begin':
        asking.forget(tid);
        return this.begin(moment);
      case 'end':
        asking.forget(tid);
        return this.end(moment);
      case 'cut':
        asking.forget(tid);
        return this.calls.cut(programs.threadOf(tid, at), at);
      case 'interrupted':
      case 'again':
        return;
      case 'signal':
      case 'stopped':
        return tell({ kind: moment.kind, at, ...about(programs.threadOf(tid, at)), signal: moment.signal });
      case 'exit':
        asking.forget(tid);
        programs.left(tid, at, moment.code, moment.signal);
        return descriptors.settle(at, true);
      case 'superseded':
        asking.forget(tid);
        asking.forget(moment.by);
        programs.left(moment.by, at, null, '');
        return descriptors.settle(at, true);
    }
  }

  private begin(moment: MomentOf<'begin'>): void {
    const { tid, at, call, texts } = moment;
    const thread = this.world.programs.threadOf(tid, at);
    if (forks.has(call)) thread.cloning = flagsOfClone(texts);
    this.descriptors.learn(thread.process, texts.map(parseValue));
    this.descriptors.settle(at);
    if (call !== 'close') this.beginCall(moment);
  }

  private beginCall(moment: MomentOf<'begin'>): void {
    const thread = this.world.programs.threadOf(moment.tid, moment.at);
    this.calls.begin(thread, moment, () => this.asking.of(moment, thread.process.pid));
  }

  private end(moment: MomentOf<'end'>): void {
    const { tid, at, call, texts, result } = moment;
    const thread = this.world.programs.threadOf(tid, at);
    const isWell = result.error === '' && result.value !== null;
    if (forks.has(call)) {
      thread.cloning = null;
      if (isWell && result.value! > 0)
        this.world.programs.born(result.value!, thread, flagsOfClone(texts), at);
    } else if (call !== 'execve') this.endCall(thread, moment, isWell);
    else if (isWell) this.executed(thread, at);
    else return;
    this.descriptors.settle(at);
  }

  private endCall(thread: TracedThread, moment: MomentOf<'end'>, isWell: boolean): void {
    const { tables, sockets } = this.world;
    const { at, call, texts, result } = moment;
    const { process } = thread;
    const values = texts.map(parseValue);
    if (call === 'socketpair' && isWell) this.makers.makePair(thread, values);
    this.descriptors.learn(process, values);
    this.descriptors.settle(at);
    this.calls.end(thread, moment, values);
    const closed = call === 'close' ? process.table.sockets.get(numberIn(values[0]) ?? -1) : undefined;
    if (isWell) descriptorCalls[call]?.(tables, process.table, values, result);
    if (closed !== undefined && tables.holdersOf(closed).length === 0) sockets.forget(closed);
    if (isWell && result.target !== '')
      this.descriptors.learn(process, [{ kind: 'descriptor', fd: result.value!, target: result.target }]);
  }

  private executed({ process }: TracedThread, at: number): void {
    const { tables, tell } = this.world;
    if (process.table.users > 1) {
      const own = tables.copy(process.table);
      tables.leave(process.table);
      process.table = own;
    }
    for (const fd of [...process.table.closes]) tables.drop(process.table, fd);
    tell({ kind: 'process', at, actor: process.actor, pid: process.pid, parent: '', origin: 'executed' });
  }
}

export const createTranslator = (beside: BesideStrace, names: TraceNames): Translator =>
  new MomentTranslator(beside, names);
