import { constants } from 'node:os';
import type { Outcome } from '../core/outcome.ts';
import type { Status } from './ends.ts';
import { timeWaitOn } from './port-holder.ts';
import { failureOf } from './status.ts';

/** Why bind(2) of a TCP socket failed; of a port that is taken, whether closed connections alone hold it. */
export const failureOfBind = (status: Status, { host, port }: { host: string; port: number }): Outcome => {
  const failure = failureOf(status, `${host} port ${port}`);
  const timeWait = status === -constants.errno.EADDRINUSE ? timeWaitOn(port) : null;
  return timeWait === null ? failure : { ...failure, timeWait };
};
