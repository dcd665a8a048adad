import type { Call } from '../calls/call.ts';
import { t } from '../words/translate.ts';
import type { Repeat } from './repeat-plan.ts';
import type { SocketState } from './state.ts';
import { carriesDatagrams } from './transports.ts';

/** The call that sends it, every byte of it. */
export const repeatCall = (
  on: string,
  { data, to }: Repeat,
  socket: Pick<SocketState, 'family' | 'type'>,
): Call => {
  if (to) return { name: 'sendto', on, data, address: to };
  return { name: carriesDatagrams(socket) ? 'send' : 'sendall', on, data };
};

/** Why this socket cannot do that, in a sentence; null where it can. `name`: as it was asked for. */
export const repeatTrouble = (
  name: string,
  socket: SocketState | undefined,
  repeat: Repeat | null,
): string | null => {
  if (!socket || socket.closed) return t`${name} is not open: what repeats needs a socket that can send`;
  if (!repeat) return socket.repeat ? null : t`${name} repeats nothing`;
  if (socket.condition === 'LISTEN') return t`${name} listens and sends nothing: name what it has accepted`;
  if (!carriesDatagrams(socket)) {
    if (repeat.to) return t`${name} sends to its peer alone: leave out to`;
    if (socket.shut) return t`${name} is half-closed: it sends nothing any more`;
    return socket.peer ? null : t`${name} is not connected: it has nobody to send to`;
  }
  return socket.peer || repeat.to
    ? null
    : t`${name} has no peer: say where to, as in ${name}.repeat "hi" to 127.0.0.1:51423 every 1s`;
};
