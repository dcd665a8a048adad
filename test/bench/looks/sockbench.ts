import { once } from 'node:events';
import net, { type AddressInfo } from 'node:net';
import { inet } from '../../../source/core/addresses/endpoint.ts';
import type { Observed } from '../../../source/core/model/observer.ts';
import { createObserver, type ObserverMeans } from '../../../source/drivers/kernel/kernel-observer.ts';

/** `MEANS CONNECTIONS`: prints the ms of CPU that one look costs the main thread. */
const means = process.argv[2] as ObserverMeans;
const rounds = 10;

const accepted: net.Socket[] = [];
const server = net.createServer(socket => accepted.push(socket)).listen(0, '127.0.0.1');
await once(server, 'listening');
const { port } = server.address() as AddressInfo;
const sockets: Observed[] = [];
const clients: net.Socket[] = [];
for (let i = 1; i <= Number(process.argv[3]); i++) {
  const client = net.connect(port, '127.0.0.1');
  await once(client, 'connect');
  clients.push(client);
  sockets.push({
    name: `c${i}`,
    type: 'SOCK_STREAM',
    family: 'AF_INET',
    local: inet(client.localAddress!, client.localPort!),
    peer: inet('127.0.0.1', port),
    listening: false,
  });
}
const observer = createObserver({ means });
// Code is compiled, and what the first look learns is known.
for (let i = 0; i < 2; i++) await observer.sample(sockets);
const before = process.threadCpuUsage();
for (let i = 0; i < rounds; i++) await observer.sample(sockets);
const { user, system } = process.threadCpuUsage(before);
console.log('result', (user + system) / 1_000 / rounds);
observer.close();
for (const socket of [...clients, ...accepted]) socket.destroy();
server.close();
