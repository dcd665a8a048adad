import { once } from 'node:events';
import { connect } from 'node:net';

const [port, size, piece] = process.argv.slice(2).map(Number) as [number, number, number];
const data = Buffer.alloc(piece);
const socket = connect(port, '127.0.0.1');
await once(socket, 'connect');
for (let left = size; left > 0; left -= piece) {
  if (!socket.write(left < piece ? data.subarray(0, left) : data)) await once(socket, 'drain');
}
socket.end(() => console.log('sent'));
