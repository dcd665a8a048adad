import { type NativeSocket, nativeSocket } from './native-socket.ts';

/** The native part, or the reason why there is none. Loads koffi the first time: see native-library.ts. */
export const nativeSockets = (): NativeSocket | string => {
  const native = nativeSocket();
  return native.available ? native : native.reason;
};
