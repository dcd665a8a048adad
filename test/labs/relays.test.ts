import { expect, it } from 'vitest';
import { runText } from './running.ts';

const relayed = `
  s2 = socket AF_INET SOCK_STREAM
  s2.bind 127.0.0.1:$back
  s2.listen 5
  s1 = socket AF_INET SOCK_STREAM
  s1.bind 127.0.0.1:$port
  s1.listen 5
  s1.relay 127.0.0.1:$back
  c1 = socket AF_INET SOCK_STREAM
  c1.connect 127.0.0.1:$port
  a9 = s2.accept
  expect c2.recv blocked within 10s`;

const threads = (tcpServer: string): string =>
  `let: { port: free, back: free }\nprograms: { client: single, tcp-server: ${tcpServer} }`;

it('a client and a server of the bench that both receive are a deadlock through the relay between them', async () => {
  const { report } = await runText(
    threads('per-socket'),
    relayed,
    `c1.recv 100 &   => blocked
     a9.recv 100 &   => blocked
     expect finding deadlock c1.recv a1.recv c2.recv a9.recv within 10s
     cancel c1.recv  => KeyboardInterrupt
     expect no finding deadlock`,
  );
  expect(report.messages).toEqual([]);
  expect(report).toMatchObject({ passed: 6, failed: 0 });
});

it('what is on its way through the relay, or could be sent by another thread, is no deadlock', async () => {
  const { report } = await runText(
    threads('duplex'),
    relayed,
    `c1.send "x"
     c1.recv 100 &   => blocked
     a9.recv 100     => "x"
     a9.recv 100 &   => blocked
     expect no finding deadlock
     a9.send "y"
     wait c1.recv    => "y"`,
  );
  expect(report.messages).toEqual([]);
});

it('a server that does not read leaves no window on both legs, and none of it is a deadlock', async () => {
  const { report } = await runText(
    threads('duplex'),
    relayed,
    `c1.sendall 64MiB of "x" & => blocked
     expect finding zero-window c1 within 20s
     expect finding zero-window c2 within 20s
     expect no finding deadlock`,
  );
  expect(report.messages).toEqual([]);
});

it('a relay of datagrams makes a socket for a sender, and answers it from where it wrote to', async () => {
  const { report } = await runText(
    'let: { port: free, back: free }\nprograms: { client: duplex, udp-server: duplex }',
    `u2 = socket AF_INET SOCK_DGRAM
     u2.bind 127.0.0.1:$back
     u1 = socket AF_INET SOCK_DGRAM
     u1.bind 127.0.0.1:$port
     u1.relay udp://127.0.0.1:$back
     c1 = socket AF_INET SOCK_DGRAM
     c1.connect 127.0.0.1:$port
     c1.send "q"       => 1
     expect c2.recv blocked within 10s
     u2.recvfrom 100   => "q"
     u1.relay off
     expect c2.recv blocked`,
  );
  expect(report.messages).toEqual([]);
});
