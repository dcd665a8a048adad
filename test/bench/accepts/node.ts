import { createServer } from 'node:net';
import { blockUntilTold } from '../blocked.ts';
import { median } from '../case.ts';
import { listening } from '../listening.ts';

const size = Number(process.argv[2]);
const batches = Number(process.argv[3]);
const rates: number[] = [];
let accepted = 0;
let closed = 0;
let began = 0;

const server = createServer(socket => {
  accepted++;
  if (accepted === 1) began = performance.now();
  if (accepted === size) {
    rates.push(((size - 1) / (performance.now() - began)) * 1000);
    console.log('accepted', rates.length);
  }
  socket.resume();
  socket.on('close', () => {
    closed++;
    if (closed < size) return;
    accepted = 0;
    closed = 0;
    console.log('closed', rates.length);
    if (rates.length < batches) return blockUntilTold();
    console.log('result', median(rates.slice(1)));
    server.close();
  });
});
server.listen({ port: 0, host: '127.0.0.1', backlog: 4096 }, () => {
  listening(server.address());
  blockUntilTold();
});
