import type { Running } from '../../core/calls/driver.ts';
import type { Report } from './report.ts';

/** Starts a call: it reports once, perhaps before it returns, and then returns null. */
export type Start = (report: Report) => Running | null;

/**
 * A buffer's lock (ENTER_BUFFERED in CPython's bufferedio.c): one call at a time is inside, others wait for it in order,
 * and so does close.
 */
export type Lock = { readonly run: (start: Start, report: Report) => Running | null };

type Waiter = { readonly start: Start; readonly report: Report; running: Running | null };

export const createLock = (): Lock => {
  const waiting: Waiter[] = [];
  let busy = false;

  const leave = () => {
    busy = false;
    const next = waiting.shift();
    if (next) next.running = enter(next.start, next.report);
  };

  const enter = (start: Start, report: Report): Running | null => {
    busy = true;
    const running = start(outcome => {
      report(outcome);
      leave();
    });
    return (
      running && {
        taken: () => running.taken(),
        stop: reason => {
          const count = running.stop(reason);
          leave();
          return count;
        },
      }
    );
  };

  return {
    run: (start, report) => {
      if (!busy) return enter(start, report);
      const waiter: Waiter = { start, report, running: null };
      waiting.push(waiter);
      return {
        taken: () => waiter.running?.taken() ?? 0,
        stop: reason => {
          const at = waiting.indexOf(waiter);
          if (at >= 0) waiting.splice(at, 1);
          return waiter.running?.stop(reason) ?? 0;
        },
      };
    },
  };
};
