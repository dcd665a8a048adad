import type { TcpSocket } from './tcp-socket.ts';

/** What binding an end of Node's library tells the kernel, where nobody set it: uv__tcp_bind does so every time. */
export const noteOfBind = (socket: TcpSocket): { note?: string } => {
  const { options, family } = socket;
  if (socket.end()?.native) return {};
  const told: string[] = [];
  if (options.get('SO_REUSEADDR') === undefined) told.push('SO_REUSEADDR is on');
  if (family === 'AF_INET6' && options.get('IPV6_V6ONLY') === undefined) told.push('IPV6_V6ONLY is off');
  return told.length > 0 ? { note: `${told.join(', ')}: Node sets it` } : {};
};
