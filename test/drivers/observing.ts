import net from 'node:net';
import { afterEach, expect, vi } from 'vitest';
import { inet } from '../../source/core/addresses/endpoint.ts';
import type { InetObserved, Observed, Observer, Sample } from '../../source/core/model/observer.ts';
import {
  createObserver,
  type KernelObserver,
  type ObserverOptions,
} from '../../source/drivers/kernel/kernel-observer.ts';
import { nativeSockets } from '../../source/drivers/native/native-socket.ts';
import { limits } from '../support/limits.ts';

const open: { destroy?: () => void; close?: () => void }[] = [];

export const keep = <T extends { destroy?: () => void; close?: () => void }>(resource: T): T => {
  open.push(resource);
  return resource;
};

afterEach(() => {
  for (const resource of open.splice(0).reverse()) (resource.destroy ?? resource.close)?.call(resource);
});

export const observer = (options?: ObserverOptions): KernelObserver => keep(createObserver(options));

export const sampled = async (
  watch: Observer,
  sockets: readonly Observed[],
): Promise<Record<string, Sample>> => {
  const { source, samples } = await watch.sample(sockets);
  expect(source).toBe('kernel');
  return Object.fromEntries(samples.map(sample => [sample.socket, sample]));
};

export const eventually = <T>(hold: () => T | Promise<T>): Promise<T> =>
  vi.waitFor(hold, { timeout: limits.wait, interval: 20 });

/** Two successive samples that agree on the queues, and what `read` said between them. */
export const settled = async <T>(watch: Observer, sockets: readonly Observed[], read: () => T) => {
  const queues = (of: Record<string, Sample>) =>
    Object.values(of).map(({ socket, state, rcvQ, sndQ }) => ({ socket, state, rcvQ, sndQ }));
  return eventually(async () => {
    const before = await sampled(watch, sockets);
    const between = read();
    const after = await sampled(watch, sockets);
    expect(queues(after)).toEqual(queues(before));
    expect(queues(after)).toHaveLength(sockets.length);
    return { samples: after, between };
  });
};

export const listener = (name: string, port: number, host = '127.0.0.1'): InetObserved => ({
  name,
  type: 'SOCK_STREAM',
  family: host.includes(':') ? 'AF_INET6' : 'AF_INET',
  local: inet(host, port),
  peer: null,
  listening: true,
});

export const stream = (
  name: string,
  socket: net.Socket,
  family: Observed['family'] = 'AF_INET',
): Observed => ({
  name,
  type: 'SOCK_STREAM',
  family,
  local: inet(socket.localAddress!, socket.localPort!),
  peer: inet(socket.remoteAddress!, socket.remotePort!),
  listening: false,
});

export const connected = async (port: number): Promise<net.Socket> => {
  const socket = keep(net.connect(port, '127.0.0.1'));
  await new Promise(resolve => socket.once('connect', resolve));
  return socket;
};

const native = nativeSockets();

const withoutKoffi = typeof native === 'string' ? native : '';

/** Each way of asking the kernel; `skipped` is why it cannot be tried here, or ''. */
export const everyMeans = [
  { means: 'table', skipped: '', title: 'table' },
  { means: 'worker', skipped: '', title: 'worker' },
  { means: 'diag', skipped: withoutKoffi, title: withoutKoffi ? `diag (skipped: ${withoutKoffi})` : 'diag' },
] as const;
