import { constants } from 'node:os';
import { getSystemErrorName } from 'node:util';
import { type Failure, failure } from '../../core/calls/outcome.ts';
import { isErrorCode } from '../../core/words/error-table.ts';
import type { Status } from './ends.ts';

/** Nothing to read, or no room to write, now. */
export const notNow: Status = -constants.errno.EAGAIN;

export const cancelled: Status = -constants.errno.ECANCELED;

/** A negative errno of this platform as a failure, by its name: numbers differ between systems. */
export const failureOf = (status: Status, detail?: string, count?: number): Failure => {
  const name = nameOf(status);
  return isErrorCode(name) ? failure(name, detail, count) : failure('UNKNOWN', name, count);
};

/** Linux has one number for both; Node knows it by the other name. */
const nameOf = (status: Status): string => {
  try {
    const name = getSystemErrorName(status);
    return name === 'ENOTSUP' ? 'EOPNOTSUPP' : name;
  } catch {
    return `error ${status}`;
  }
};
