import { execFileSync } from 'node:child_process';
import net, { type AddressInfo } from 'node:net';

/** What the tests of the kernel's view need of real sockets. */

export const onLinux = process.platform === 'linux';

type Line = { readonly state: string; readonly rcvQ: number; readonly sndQ: number; readonly line: string };

const ssFilter = (port: number, peerPort?: number): string =>
  `sport = :${port}${peerPort === undefined ? '' : ` and dport = :${peerPort}`}`;

/**
 * What `ss -nH` says of the sockets on a local port, of which with a peer's port there is one: an ephemeral port may
 * still be another connection's in TIME-WAIT. `kind` is t or u.
 */
export const ss = (kind: 't' | 'u', port: number, peerPort?: number): Line[] =>
  execFileSync('ss', [`-anH${kind}`, ssFilter(port, peerPort)], { encoding: 'utf8' })
    .split('\n')
    .filter(line => line !== '')
    .map(line => {
      const [state = '', rcvQ, sndQ] = line.split(/\s+/);
      return { state, rcvQ: Number(rcvQ), sndQ: Number(sndQ), line };
    });

export const hasSs = (() => {
  try {
    execFileSync('ss', ['-V']);
    return true;
  } catch {
    return false;
  }
})();

/** The file descriptor behind a node:net or node:dgram handle. */
export const fdOf = (socket: object): number => (socket as { _handle: { fd: number } })._handle.fd;

type Handle = { fd: number; getsockname: (into: object) => number; open: (fd: number) => number } & {
  readStart: () => void;
  readStop: () => void;
};

/** A listener that never accepts, so that the kernel's accept queue fills. */
export const idleListener = async (backlog: number): Promise<net.Server> => {
  const make = (
    net as unknown as { _createServerHandle: (host: string, port: number, type: number) => Handle }
  )._createServerHandle;
  const handle = make('127.0.0.1', 0, 4);
  handle.getsockname({});
  handle.open(handle.fd);
  const server = net.createServer();
  await new Promise<void>(resolve => server.listen(handle as unknown as net.Server, backlog, resolve));
  handle.readStart();
  handle.readStop();
  return server;
};

export const portOf = (server: { address: () => AddressInfo | string | null }): number =>
  (server.address() as AddressInfo).port;

export const listening = (host: string, port = 0): Promise<net.Server> =>
  new Promise(resolve => {
    const server = net.createServer({ pauseOnConnect: true });
    server.listen(port, host, () => resolve(server));
  });

/** A connected pair; the accepted end is paused and takes nothing from the kernel. */
export const pair = async (
  server: net.Server,
  host: string,
): Promise<{ client: net.Socket; accepted: net.Socket }> => {
  const arrives = new Promise<net.Socket>(resolve => server.once('connection', resolve));
  const client = net.connect(portOf(server), host);
  client.pause();
  await new Promise((resolve, reject) => client.once('connect', resolve).once('error', reject));
  return { client, accepted: await arrives };
};
