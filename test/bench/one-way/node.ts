import { createServer } from 'node:net';
import { listening } from '../listening.ts';

const server = createServer(socket => {
  const began = performance.now();
  let size = 0;
  socket.on('data', data => {
    size += data.length;
  });
  socket.on('end', () => {
    console.log('result', size / (performance.now() - began) / 1e6);
    server.close();
  });
});
server.listen(0, '127.0.0.1', () => listening(server.address()));
