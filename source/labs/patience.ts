import { systemClock } from '../bench/engine/clock.ts';

/** Waiting that ends early where a run is aborted. */
export type Patience = {
  /** As the promise, or rejects once the run is aborted. */
  readonly orAborted: <T>(promise: Promise<T>) => Promise<T>;
  /** Waits no shorter than the time says, in ms; rejects once the run is aborted. */
  readonly pause: (ms: number) => Promise<void>;
};

export const createPatience = (signal: AbortSignal): Patience => {
  const orAborted = <T>(promise: Promise<T>): Promise<T> =>
    new Promise((resolve, reject) => {
      const abort = () => reject(signal.reason);
      if (signal.aborted) return abort();
      signal.addEventListener('abort', abort, { once: true });
      promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
    });
  const pause = (ms: number): Promise<void> =>
    orAborted(new Promise(resolve => void systemClock.deadline(ms, resolve)));
  return { orAborted, pause };
};
