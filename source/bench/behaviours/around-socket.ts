import type { Endpoint } from '../../core/addresses/endpoint.ts';
import type { LoopName, Program } from '../../core/model/actors.ts';
import type { Policy } from '../../core/model/names.ts';
import type { RelayTarget } from '../../core/model/relay-target.ts';
import type { Repeat } from '../../core/model/repeat-plan.ts';
import type { RuleState } from '../../core/model/rule.ts';
import type { Around, BehaviourName } from './behaviour.ts';

/** What the behaviours that are at work know of each other. */
export type AtWork = {
  readonly isOn: (name: string, actor: Program, loop: BehaviourName) => boolean;
  /** The relay that a socket is of: what it was accepted from, or itself. */
  readonly listenerOf: (name: string) => string;
  readonly mateOf: Around['mate'];
  readonly sentTo: Around['sentTo'];
};

export type AroundHost = {
  readonly policy: (program: Program) => Policy;
  readonly rules: (socket: string) => readonly RuleState[];
  /** Where what is accepted from a listener is passed on to; null: nowhere. */
  readonly target: (listener: string) => RelayTarget | null;
  readonly local: (listener: string) => Endpoint | null;
  /** What a socket sends again and again; null: nothing. */
  readonly repeat: (socket: string) => Repeat | null;
  readonly now: () => number;
};

/** What a behaviour is told of a socket. A class: a function for each is 0.6 KiB a connection. */
export class AroundSocket implements Around {
  private readonly all: AtWork;
  private readonly host: AroundHost;
  private readonly name: string;
  private readonly actor: Program;

  constructor(all: AtWork, host: AroundHost, name: string, actor: Program) {
    this.all = all;
    this.host = host;
    this.name = name;
    this.actor = actor;
  }

  on(loop: LoopName): boolean {
    return this.all.isOn(this.name, this.actor, loop);
  }

  policy(): Policy {
    return this.host.policy(this.actor);
  }

  rules(): readonly RuleState[] {
    return this.host.rules(this.name);
  }

  target(): RelayTarget | null {
    return this.host.target(this.all.listenerOf(this.name));
  }

  local(): Endpoint | null {
    return this.host.local(this.all.listenerOf(this.name));
  }

  mate(mate: string): ReturnType<Around['mate']> {
    return this.all.mateOf(mate);
  }

  sentTo(hub: string, mate: string): number | null {
    return this.all.sentTo(hub, mate);
  }

  repeat(): Repeat | null {
    return this.host.repeat(this.name);
  }

  now(): number {
    return this.host.now();
  }
}
