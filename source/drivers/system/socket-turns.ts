import { createHook, executionAsyncResource } from 'node:async_hooks';

/** How long sockets have kept this thread since it was asked for the first time. */
export type SocketTurns = {
  /** Ms, by the clock. */
  readonly ms: () => number;
  readonly stop: () => void;
};

/** Node's handles and requests of sockets, by the names of their classes. */
const kinds: ReadonlySet<string> = new Set([
  'TCP',
  'TCPConnectWrap',
  'UDP',
  'SendWrap',
  'ShutdownWrap',
  'WriteWrap',
]);

const isSocket = (resource: object): boolean => kinds.has(resource.constructor?.name ?? '');

/**
 * Measures the turns of the event loop that sockets begin: from the moment when Node calls the driver because a socket
 * is ready until that returns, with what the bench makes of it. A call that blocks has none. The hook costs other
 * callbacks something too, a few per cent of a busy bench: it is there only until `stop`.
 */
export const measureSocketTurns = (): SocketTurns => {
  let total = 0;
  let turn = 0;
  let began = 0;
  const hook = createHook({
    before: id => {
      if (turn !== 0 || !isSocket(executionAsyncResource())) return;
      turn = id;
      began = performance.now();
    },
    after: id => {
      if (id !== turn) return;
      turn = 0;
      total += performance.now() - began;
    },
  }).enable();
  return { ms: () => total, stop: () => void hook.disable() };
};
