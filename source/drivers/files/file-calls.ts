import { isCallOn } from '../../core/calls/calls.ts';
import type { Attempt, Running } from '../../core/calls/driver.ts';
import { failure } from '../../core/calls/outcome.ts';
import type { Report } from '../sockets/report.ts';
import type { FileObject } from './raw-file.ts';

/** The calls that a file object has. */
export const fileCall = (file: FileObject, attempt: Attempt, report: Report): Running | null => {
  const { call, timeout } = attempt;
  if (!isCallOn(call, 'file')) {
    report(failure('UNSUPPORTED', `a file object has no ${call.name}`));
    return null;
  }
  switch (call.name) {
    case 'read':
      return file.read(call.size, timeout, report);
    case 'readline':
      return file.readline(timeout, report);
    case 'write':
      return file.write(call.data, timeout, report);
    case 'flush':
      return file.flush(timeout, report);
    case 'close':
      return file.close(timeout, report);
  }
};
