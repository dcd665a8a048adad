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
  const pause = async (ms: number): Promise<void> => {
    const due = performance.now() + ms;
    let left = ms;
    // Node counts from when its event loop last looked at the clock: up to 1 ms too early.
    do {
      const wait = Math.ceil(left);
      await orAborted(new Promise(resolve => setTimeout(resolve, wait)));
      left = due - performance.now();
    } while (left > 0);
  };
  return { orAborted, pause };
};
