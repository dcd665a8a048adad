import { createServer, type Socket } from 'node:net';
import { listening } from '../listening.ts';
import { resident } from './resident.ts';

/** `CONNECTIONS`: prints the KiB that each has resident. */
const wanted = Number(process.argv[2]);

const accepted: Socket[] = [];
const { promise: all, resolve } = Promise.withResolvers<void>();
const server = createServer(socket => {
  socket.on('data', () => {});
  if (accepted.push(socket) === wanted) resolve();
});
let before = 0;
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, async () => {
  before = await resident();
  listening(server.address());
});
await all;
console.log('result', ((await resident()) - before) / wanted / 1024);
for (const socket of accepted) socket.destroy();
server.close();
