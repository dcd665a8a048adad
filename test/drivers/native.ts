import {
  type NativeSockets,
  nativeSockets,
  type Reading,
} from '../../source/drivers/native/native-socket.ts';
import { intOption } from '../../source/drivers/native/option-numbers.ts';
import { keep } from './observing.ts';
import { fdOf, listening, pair } from './sockets.ts';

const native = nativeSockets();
export const available = typeof native !== 'string';
export const reason = available ? '' : ` (skipped: ${native})`;
export const calls = native as NativeSockets;

export const read = <T>(reading: Reading<T>): T => {
  if ('status' in reading) throw new Error(`status ${reading.status}`);
  return reading.value;
};

export const option = (fd: number, level: string, name: string): number => {
  const numbers = intOption(level, name)!;
  return read(calls.getInt(fd, numbers.level, numbers.option));
};

export const setOption = (fd: number, level: string, name: string, value: number): number => {
  const numbers = intOption(level, name)!;
  return calls.setsockopt(fd, numbers.level, numbers.option, value);
};

export const connectedPair = async () => {
  const server = keep(await listening('127.0.0.1'));
  const { client, accepted } = await pair(server, '127.0.0.1');
  return { client: keep(client), accepted: keep(accepted), c: fdOf(client), a: fdOf(accepted) };
};
