import { createServer } from 'node:net';

/** A TCP port that nobody has on this host now, chosen by the system; null where the host cannot be bound. */
export const freePort = (host: string): Promise<number | null> =>
  new Promise(resolve => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen({ port: 0, host: host === '' || host === '*' ? '0.0.0.0' : host, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : null));
    });
  });
