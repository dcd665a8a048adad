import type { Call } from '../../core/calls/call.ts';
import { hasIn } from '../../core/calls/calls.ts';
import type { Attempt, Driver, DriverOptions, Running } from '../../core/calls/driver.ts';
import { failure, type Outcome, ok } from '../../core/calls/outcome.ts';
import { isFileName } from '../../core/model/names.ts';
import { fileCall } from '../files/file-calls.ts';
import { makefile } from '../files/makefile.ts';
import { closedFile } from '../files/raw-file.ts';
import { descriptorOf } from '../sockets/any-socket.ts';
import { answer, type Report } from '../sockets/report.ts';
import { socketCall } from '../sockets/socket-calls.ts';
import { createSocketTable } from '../sockets/socket-table.ts';
import { chooseEnds, type EndsKind } from '../system/capabilities.ts';
import { moduleCall } from './module-calls.ts';
import { createPreparing, isFirst } from './preparing.ts';

export type NodeDriver = Driver & {
  /** The system's descriptor of a socket by name, for the observer; undefined where there is none yet. */
  readonly fdOf: (name: string) => number | undefined;
};

/** What a name answers that is no socket's; `inside`: no more, and a call is inside that socket still. */
const ofNothing = (call: Call, inside: boolean): Outcome => {
  // Of a file object that was closed long ago only that is known.
  const wasFile = isFileName(call.on);
  // It was closed by its last file object, whose own close has not ended yet.
  if (hasIn(call, 'ends', 'descriptor') && (inside || wasFile)) return ok;
  return wasFile ? failure('VALUE', closedFile) : failure('EBADF', call.on);
};

/**
 * Performs calls on Node's sockets. Receives, sends and accepts are the kernel's own, one system call each, where
 * the self-test finds private access working; else (and where `best` says so, for tests) Node's public classes
 * serve, which read and accept ahead: capabilities() says which.
 */
export const createNodeDriver = (options: DriverOptions, best: EndsKind = 'native'): NodeDriver => {
  const choice = chooseEnds(best);
  const table = createSocketTable(choice.ends, options.notice);
  let disposed = false;
  let deferred = false;

  const perform = (attempt: Attempt, report: Report): Running | null => {
    const { call } = attempt;
    if (call.on === '') return moduleCall(table, attempt, report);
    const row = table.row(call.on);
    if (row) return socketCall(table, row, attempt, report);
    const file = table.file(call.on);
    if (file) return fileCall(file, attempt, report);
    if (hasIn(call, 'returns', 'file')) return answer(report, makefile(table, undefined, call, attempt.name));
    return answer(report, ofNothing(call, table.held(call.on) !== undefined));
  };

  /**
   * What nobody foresaw becomes an outcome with the words of the exception. One that `report` throws is its owner's
   * own, who has heard of the end by then.
   */
  const safely = (attempt: Attempt, report: (outcome: Outcome) => unknown): Running | null => {
    try {
      return perform(attempt, report);
    } catch (error) {
      if (report(failure('UNKNOWN', (error as Error).message)) === false) throw error;
      return null;
    }
  };

  /** Every call on a socket waits once one does, so that they keep their order. */
  const mustWait = (call: Call): boolean =>
    !choice.settled() && (isFirst(call) || (deferred && call.on !== ''));

  const afterSelfTest = (attempt: Attempt, report: (outcome: Outcome) => unknown): Running => {
    let running: Running | null = null;
    let stopped = false;
    deferred = true;
    void choice.settle().then(() => {
      if (stopped) return;
      if (disposed) report(failure('CLOSED'));
      else running = safely(attempt, report);
    });
    return {
      stop: reason => {
        stopped = true;
        return running?.stop(reason) ?? 0;
      },
      taken: () => running?.taken() ?? 0,
    };
  };

  return {
    prepare: createPreparing(choice),
    start: (attempt, report) =>
      mustWait(attempt.call) ? afterSelfTest(attempt, report) : safely(attempt, report),
    release: table.release,
    fdOf: name => {
      const row = table.row(name) ?? table.held(name);
      const fd = row ? descriptorOf(row.socket) : -1;
      return fd < 0 ? undefined : fd;
    },
    dispose: async () => {
      disposed = true;
      await table.closeAll();
    },
  };
};
