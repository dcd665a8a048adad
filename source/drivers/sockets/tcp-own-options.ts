import type { TcpEnd } from './ends.ts';

/** Options by their names go to a socket that was not there yet when they were set. */
export const applyOptions = (live: TcpEnd | null, options: ReadonlyMap<string, number | string>): void => {
  if (!live || live.native) return;
  if (options.get('TCP_NODELAY')) live.setNoDelay(true);
  if (options.get('SO_KEEPALIVE')) live.setKeepAlive(true);
};
