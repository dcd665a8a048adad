import { subjectOf } from '../waits/wait-ground.ts';
import type { CallName } from './call.ts';
import type { BenchState, CallState } from './state.ts';

/**
 * A call in flight, as it is known after its end too: `on` and `name` as it was made, `socket` the one behind a file
 * object. `looped`: made by a loop.
 */
export type CallRef = {
  readonly id: number;
  readonly on: string;
  readonly name: CallName;
  readonly socket: string;
  readonly looped: boolean;
};

export const refOf = (state: BenchState, flying: CallState): CallRef => {
  const { id, call, looped } = flying;
  return { id, on: call.on, name: call.name, socket: subjectOf(state, flying), looped };
};
