import { deadlocked } from '../../bench/view/selectors-sockets.ts';
import type { BenchState, CallState, SocketState } from '../../core/model/state.ts';
import type { Role } from '../theme.ts';

/** How a call looks that waits: one that can never end, before all others. */
export const waitRole = (bench: BenchState, call: CallState): Role =>
  deadlocked(bench).calls.has(call.id) ? 'deadlock' : 'blocked';

/** How the mark of a socket's row looks. */
export const markRole = (bench: BenchState, { name }: SocketState): Role =>
  deadlocked(bench).sockets.has(name) ? 'deadlock' : 'bad';
