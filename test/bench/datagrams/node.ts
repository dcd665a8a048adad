import { createSocket } from 'node:dgram';
import { listening } from '../listening.ts';
import { answerQuestions } from './questions.ts';

let count = 0;
let first = 0;
let last = 0;

const socket = createSocket('udp4');
socket.on('message', () => {
  last = performance.now();
  if (count === 0) first = last;
  count++;
});
socket.bind(0, '127.0.0.1', () => listening(socket.address()));
answerQuestions(
  () => count,
  () => ((count - 1) / (last - first)) * 1000,
);
