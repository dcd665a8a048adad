import type { Running } from '../../core/calls/driver.ts';
import type { Status } from './ends.ts';
import type { Inside } from './inside.ts';
import { cancelled, notNow } from './status.ts';

/** Connects of one Unix socket that wait for room in a listener's queue. */
export type UnixConnects = Inside & {
  /** Calls `done` once with 0 or a negative errno, before it returns where that is known by then. */
  readonly connect: (
    attempt: () => Status,
    timeout: number | null,
    done: (status: Status) => void,
  ) => Running | null;
  /** Ends what is in flight. */
  readonly dispose: () => void;
};

/**
 * Ms until the next try. A connect that must not block is answered EAGAIN, and no event tells of room; one that blocks
 * sleeps until an accept wakes it.
 */
const firstPause = 1;
const longestPause = 16;

export const createUnixConnects = (): UnixConnects => {
  const waiting = new Map<object, { readonly done: (status: Status) => void; timer: NodeJS.Timeout }>();
  /** Set once the descriptor is closed: hears that no call is left. */
  let left: (() => void) | null = null;

  const take = (key: object) => {
    const found = waiting.get(key);
    clearTimeout(found?.timer);
    waiting.delete(key);
    return found;
  };

  const wait = (attempt: () => Status, done: (status: Status) => void): Running => {
    const key = {};
    let pause = firstPause;
    const again = () => {
      const status = attempt();
      if (status === notNow) {
        pause = Math.min(2 * pause, longestPause);
        waiting.set(key, { done, timer: setTimeout(again, pause) });
        return;
      }
      take(key);
      done(status);
      if (waiting.size === 0) left?.();
    };
    waiting.set(key, { done, timer: setTimeout(again, pause) });
    return {
      stop: () => {
        if (take(key) && waiting.size === 0) left?.();
        return 0;
      },
      taken: () => 0,
    };
  };

  return {
    connect: (attempt, timeout, done) => {
      const status = attempt();
      // CPython's socket with a timeout is non-blocking inside, and waits for EINPROGRESS alone (sock_connect_impl).
      if (status === notNow && timeout === null) return wait(attempt, done);
      done(status);
      return null;
    },
    inside: () => waiting.size > 0,
    letGo: then => {
      left = then;
    },
    dispose: () => {
      left = null;
      for (const key of [...waiting.keys()]) take(key)?.done(cancelled);
    },
  };
};
