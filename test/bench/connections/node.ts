import { createServer, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { listening } from '../listening.ts';

/** `CONNECTIONS`: prints the KiB that each has resident. */
const wanted = Number(process.argv[2]);

/** After a full collection; what the last one freed may keep more alive until the next. */
const resident = async (): Promise<number> => {
  for (let i = 0; i < 2; i++) {
    globalThis.gc!();
    await turn();
  }
  return process.memoryUsage.rss();
};

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
