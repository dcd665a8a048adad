import { connect, createServer } from 'node:net';

const count = Number(process.argv[2]);
const warmUp = Math.floor(count / 5);
const message = Buffer.alloc(64);

const server = createServer(socket => {
  socket.on('data', data => socket.write(data));
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  const client = connect(address.port, '127.0.0.1');
  let exchanged = 0;
  let began = performance.now();
  client.on('connect', () => client.write(message));
  client.on('data', () => {
    exchanged++;
    if (exchanged === warmUp) began = performance.now();
    if (exchanged < warmUp + count) return client.write(message);
    console.log('result', (count / (performance.now() - began)) * 1000);
    process.exit(0);
  });
});
