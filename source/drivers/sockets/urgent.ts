import { type Bytes, byteLength, slice } from '../../core/bytes/bytes.ts';
import { type Failure, failure, type Outcome } from '../../core/calls/outcome.ts';
import { t } from '../../core/words/translate.ts';
import { type NativeSockets, nativeSockets } from '../native/native-socket.ts';
import { descriptorOf } from './any-socket.ts';
import { failureOf } from './status.ts';
import type { TcpSocket } from './tcp-socket.ts';

/*
 * MSG_OOB on TCP: one urgent byte beside the stream, as the kernel has it (tcp(7)). Neither call waits: recv is refused
 * where no urgent byte is there (EINVAL), also on a blocking socket.
 */

/** What the kernel can be asked to take at once: no send buffer is larger. */
const most = 64 << 20;

const withNative = (socket: TcpSocket, by: (native: NativeSockets, fd: number) => Outcome): Outcome => {
  const native = nativeSockets();
  if (typeof native === 'string') return failure('UNSUPPORTED', t`Node has no MSG_OOB: ${native}`);
  const fd = descriptorOf(socket);
  if (fd < 0 && socket.bound())
    return failure('UNSUPPORTED', t('Node does not tell the descriptor of this socket'));
  return by(native, fd);
};

export const receiveUrgent = (socket: TcpSocket, size: number): Outcome => {
  if (size === 0) return { kind: 'data', data: new Uint8Array(0) };
  return withNative(socket, (native, fd) => {
    if (fd < 0) return failure('EINVAL');
    const into = new Uint8Array(1);
    const count = native.receiveUrgent(fd, into);
    return count < 0 ? failureOf(count) : { kind: 'data', data: into.subarray(0, count) };
  });
};

const busy = (): Failure =>
  failure('UNSUPPORTED', t('another send of this socket is under way: its bytes come first'));

export const sendUrgent = (socket: TcpSocket, data: Bytes): Outcome =>
  withNative(socket, (native, fd) => {
    if (fd < 0) return failure('EPIPE');
    if ((socket.end()?.pending() ?? 0) > 0) return busy();
    const count = native.sendUrgent(fd, slice(data, 0, Math.min(byteLength(data), most)));
    return count < 0 ? failureOf(count) : { kind: 'count', count };
  });
