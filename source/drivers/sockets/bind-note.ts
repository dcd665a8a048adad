import type { Family } from '../../core/model/names.ts';
import type { TcpEnd } from './ends.ts';

/** What tells whether Node's library binds for a socket, and which of its options the person has set. */
type Bound = {
  readonly family: Family;
  readonly options: ReadonlyMap<string, number | string>;
  readonly end: () => TcpEnd | null;
};

/** What binding an end of Node's library tells the kernel, where nobody set it: uv__tcp_bind does so every time. */
export const noteOfBind = (socket: Bound): { note?: string } => {
  const { options, family } = socket;
  // libuv binds a path without any option (uv_pipe_bind).
  if (socket.end()?.native || family === 'AF_UNIX') return {};
  const told: string[] = [];
  if (options.get('SO_REUSEADDR') === undefined) told.push('SO_REUSEADDR is on');
  if (family === 'AF_INET6' && options.get('IPV6_V6ONLY') === undefined) told.push('IPV6_V6ONLY is off');
  return told.length > 0 ? { note: `${told.join(', ')}: Node sets it` } : {};
};
