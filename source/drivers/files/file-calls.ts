import { type CallOn, calls, isCallOn } from '../../core/calls/calls.ts';
import type { Attempt, Running } from '../../core/calls/driver.ts';
import { failure } from '../../core/calls/outcome.ts';
import { answer, type Report } from '../sockets/report.ts';
import type { FileObject, OpenFile } from './raw-file.ts';

const begin = (
  file: FileObject,
  call: CallOn<'file'>,
  timeout: number | null,
  report: Report,
): Running | null => {
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

/** The calls that a file object has. */
export const fileCall = (
  { object, last, isText }: OpenFile,
  { call, timeout }: Attempt,
  report: Report,
): Running | null => {
  if (!isCallOn(call, 'file'))
    return answer(report, failure('UNSUPPORTED', `a file object has no ${call.name}`));
  const running = begin(object, call, timeout, report);
  const reads = calls[call.name].moves === 'in';
  const lastCall = () => Math.max(reads ? last.in : 0, reads && !isText ? 0 : last.out);
  return (
    running && {
      stop: reason => running.stop(reason),
      taken: () => running.taken(),
      idle: () => performance.now() - lastCall(),
    }
  );
};
