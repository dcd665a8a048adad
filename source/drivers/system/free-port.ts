import { createSocket } from 'node:dgram';
import { readFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { type NativeSockets, nativeSockets } from '../native/native-socket.ts';

/** Below this, ports are mostly those of services (IANA). */
const lowest = 10_000;

/** Tries before the host is held for one that cannot be bound. */
const tries = 100;

/**
 * True where a TCP socket can have the port of this host now: one without SO_REUSEADDR where the system is called, to which a TIME-WAIT
 * holds it too (socket(7)). Node's sets it, here and where it makes the sockets of calls.
 */
const isFreeForTcp = (host: string, port: number): Promise<boolean> => {
  const calls = nativeSockets();
  return typeof calls === 'string' ? canNodeListen(host, port) : Promise.resolve(canBind(calls, host, port));
};

const canBind = (calls: NativeSockets, host: string, port: number): boolean => {
  const family = host.includes(':') ? 'AF_INET6' : 'AF_INET';
  const fd = calls.openSocket(family, 'SOCK_STREAM');
  if (fd < 0) return false;
  const status = calls.bind(fd, family, { host, port });
  calls.close(fd);
  return status === 0;
};

const canNodeListen = (host: string, port: number): Promise<boolean> =>
  new Promise(resolve => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });

/** True where a UDP socket can have the port of this host now. */
const isFreeForUdp = (host: string, port: number): Promise<boolean> =>
  new Promise(resolve => {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4');
    socket.once('error', () => socket.close(() => resolve(false)));
    socket.bind({ port, address: host, exclusive: true }, () => socket.close(() => resolve(true)));
  });

/** True where neither a TCP nor a UDP socket of this host has the port. */
export const isFreePort = async (host: string, port: number): Promise<boolean> =>
  (await isFreeForTcp(host, port)) && (await isFreeForUdp(host, port));

/**
 * The first port that the system itself gives to sockets which ask for none (ip(7), ip_local_port_range;
 * IANA's 49152 where the system does not say).
 */
export const firstOfSystem = async (): Promise<number> => {
  const text = await readFile('/proc/sys/net/ipv4/ip_local_port_range', 'utf8').catch(() => '49152');
  return Number.parseInt(text, 10);
};

let next = Math.floor(Math.random() * 2 ** 32);

/** Ports one after the other from a random one on: two programs that look at once seldom find the same. */
const portBelow = (end: number): number => {
  next = (next + 1) % 2 ** 32;
  return lowest + (next % (end - lowest));
};

/**
 * A port that no TCP and no UDP socket of this host has now; null where the host cannot be bound.
 * It lies below the ports that the system gives away, so that no connection of anybody takes it before it is bound.
 */
export const freePort = async (host: string): Promise<number | null> => {
  const at = host === '' || host === '*' ? '0.0.0.0' : host;
  const end = Math.max(await firstOfSystem(), lowest * 2);
  for (let tried = 0; tried < tries; tried++) {
    const port = portBelow(end);
    if (await isFreePort(at, port)) return port;
  }
  return null;
};
