import { readFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { connect as connectTls, createServer as createTlsServer } from 'node:tls';

/**
 * Puts TLS before a peer that has none: `tls-front.ts unwrap PORT CERT KEY` takes TLS and passes it on in the clear to a port of
 * 127.0.0.1, `tls-front.ts wrap PORT CA` the other way round. A half-close and a reset go on as what they are. Prints "listening PORT".
 */
const [way, port, first = '', key = ''] = process.argv.slice(2);
const target = { port: Number(port), host: '127.0.0.1', allowHalfOpen: true };

/** A stream and the connection below it: only that can be reset. */
type Side = { readonly stream: Socket; readonly below: Socket };

const plain = (below: Socket): Side => ({ stream: below, below });

const join = (one: Side, other: Side): void => {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.stream.pipe(to.stream);
    for (const socket of new Set([from.stream, from.below]))
      socket.on('error', () => {
        if (!to.below.destroyed) to.below.resetAndDestroy();
      });
  }
};

const wrap = (client: Socket): void => {
  const below = connect(target);
  const ca = readFileSync(first);
  const stream = connectTls({ socket: below, servername: 'localhost', ca, allowHalfOpen: true } as object);
  join(plain(client), { stream, below });
};

/** By the port of who has connected: a stream of TLS does not tell what it stands on. */
const connected = new Map<number | undefined, Socket>();

const unwrapping = () => {
  const options = { cert: readFileSync(first), key: readFileSync(key), allowHalfOpen: true };
  const server = createTlsServer(options, stream => {
    const below = connected.get(stream.remotePort);
    // It has gone by the time that its handshake is over.
    if (!below) return stream.destroy();
    join({ stream, below }, plain(connect(target)));
  });
  return (client: Socket): void => {
    const { remotePort } = client;
    connected.set(remotePort, client);
    client.once('close', () => connected.delete(remotePort));
    server.emit('connection', client);
  };
};

const server = createServer({ allowHalfOpen: true }, way === 'wrap' ? wrap : unwrapping());
server.listen(0, target.host, () => console.log('listening', (server.address() as AddressInfo).port));
