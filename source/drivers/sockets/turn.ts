/**
 * Runs `then` after the event loop has polled the kernel once more: what is ready now has been reported by then.
 * Two immediates, because the first may run in the check phase right after a poll that has already ended (libuv's
 * design overview, "The I/O loop").
 */
export const inOneTurn = (then: () => void): (() => void) => {
  let next = setImmediate(() => {
    next = setImmediate(then);
  });
  return () => clearImmediate(next);
};
