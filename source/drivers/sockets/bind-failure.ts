import { constants } from 'node:os';
import type { Outcome } from '../../core/calls/outcome.ts';
import { timeWaitOn } from '../kernel/port-holder.ts';
import { isInetLiteral, type Literal, literalWords } from '../system/literal.ts';
import type { Status } from './ends.ts';
import { failureOf } from './status.ts';
import { thereAt } from './unix-there.ts';

/**
 * Why bind(2) failed; of an address that is taken, whether closed connections alone hold the port, or what is at the path.
 */
export const failureOfBind = (status: Status, at: Literal): Outcome => {
  const failure = failureOf(status, literalWords(at));
  if (status !== -constants.errno.EADDRINUSE) return failure;
  if (!isInetLiteral(at)) {
    const there = thereAt(at.path);
    return there === null ? failure : { ...failure, there };
  }
  const timeWait = timeWaitOn(Number(at.port));
  return timeWait === null ? failure : { ...failure, timeWait };
};
