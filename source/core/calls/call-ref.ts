import type { CallName } from './call.ts';

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
