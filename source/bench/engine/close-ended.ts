import type { Call } from '../../core/calls/call.ts';
import { isProgram } from '../../core/model/actors.ts';
import type { BenchState, SocketState } from '../../core/model/state.ts';
import { shakesHands } from '../../core/model/transports.ts';
import { callsOn, isCutOff } from '../view/selectors-sockets.ts';

/** Both ends have said all, or the connection was reset: no call on it can do anything but fail. */
const hasEnded = (socket: SocketState): boolean =>
  (socket.eof && socket.shut) || socket.condition === 'RESET' || isCutOff(socket);

/**
 * Closes connections that are over for good, so that a long listen does not run out of descriptors. One that a call is in
 * is left until the call is over.
 */
export const watchEnded = (perform: (call: Call) => void): ((state: BenchState) => void) => {
  const asked = new Set<string>();
  return state => {
    // Of many that are closed at once the state forgets the first before anybody has seen them closed.
    for (const name of asked) if (state.sockets.get(name)?.closed !== false) asked.delete(name);
    for (const socket of state.sockets.values()) {
      const { name, actor, closed } = socket;
      if (closed || !isProgram(actor) || !shakesHands(socket)) continue;
      if (!asked.has(name) && hasEnded(socket) && callsOn(state, name).length === 0) {
        asked.add(name);
        perform({ name: 'close', on: name });
      }
    }
  };
};
