import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, test } from 'vitest';
import { lacks } from '../../source/cli/labs/lacks.ts';
import { freePort } from '../../source/drivers/system/free-port.ts';
import { familyOf, type Running, startProgram } from './programs.ts';
import { seeUntil } from './seeing.ts';

const needs = [await lacks('linux'), await lacks('koffi'), await lacks('python')];

/** A program and what makes it say its version. */
type Tool = readonly [command: string, flag?: string];

const isInstalled = ([command, flag = '--version']: Tool): boolean =>
  spawnSync(command, [flag]).error === undefined;

/** A test of programs that not every machine has: the report says which it lacked. */
const testWith = (name: string, tools: readonly Tool[], run: () => Promise<unknown>) =>
  test(name, async context => {
    const missing = tools.filter(tool => !isInstalled(tool)).map(([command]) => command);
    if (missing.length > 0) context.skip(`not installed here: ${missing.join(', ')}`);
    await run();
  });

/** Takes every client, says nothing, reads nothing. */
const silentServer = `
import socket
s = socket.create_server(('127.0.0.1', 0))
print('port', s.getsockname()[1], flush=True)
kept = []
while True:
    kept.append(s.accept())
`;

const asyncioClient = `
import asyncio, sys
async def main():
    reader, _ = await asyncio.open_connection('127.0.0.1', int(sys.argv[1]))
    await reader.read(100)
asyncio.run(main())
`;

const selectorsClient = `
import selectors, socket, sys
c = socket.create_connection(('127.0.0.1', int(sys.argv[1])))
with selectors.DefaultSelector() as s:
    s.register(c, selectors.EVENT_READ)
    s.select()
`;

const nodeClient = `require('net').connect(Number(process.argv[1]), '127.0.0.1')`;

const cClient = `
#include <arpa/inet.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/socket.h>
static void *receive(void *fd) { char b[64]; recv(*(int *)fd, b, sizeof b, MSG_WAITALL); return 0; }
int main(int argc, char **argv) {
  struct sockaddr_in a = {.sin_family = AF_INET, .sin_port = htons(atoi(argv[1]))};
  a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int fd = socket(AF_INET, SOCK_STREAM, 0);
  if (connect(fd, (struct sockaddr *)&a, sizeof a)) return 1;
  pthread_t t;
  pthread_create(&t, 0, receive, &fd);
  return pthread_join(t, 0);
}
`;

const goClient = `
package main
import ("net"; "os")
func main() {
  c, err := net.Dial("tcp", "127.0.0.1:" + os.Args[1])
  if err != nil { panic(err) }
  c.Read(make([]byte, 64))
}
`;

const javaClient = `
class Client {
  public static void main(String[] args) throws Exception {
    new java.net.Socket("127.0.0.1", Integer.parseInt(args[0])).getInputStream().read();
  }
}
`;

const erlangClient = (port: string) =>
  `{ok, S} = gen_tcp:connect("127.0.0.1", ${port}, [{active, false}]), gen_tcp:recv(S, 0).`;

const toServer = String.raw`127\.0\.0\.1:\d+ - 127\.0\.0\.1:PORT, ESTAB`;

describe.runIf(needs.every(lack => lack === null))('programs of other kinds are seen', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sockbench-seen-'));
  let server: Running;
  let port = '';

  beforeAll(async () => {
    server = startProgram('python3', ['-c', silentServer]);
    port = (await server.printed(/port (\d+)/))[1]!;
  });
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A program of this text, made by a compiler in this folder. */
  const compiled = (file: string, text: string, [compiler, ...args]: readonly [string, ...string[]]) => {
    writeFileSync(join(folder, file), text);
    spawnSync(compiler, [...args, file], { cwd: folder, stdio: 'inherit' });
  };

  /** Starts it, and looks until all of these are said of it. */
  const sees = async (command: string, args: readonly string[], says: readonly RegExp[]): Promise<void> => {
    const running = startProgram(command, args);
    try {
      const patterns = says.map(({ source }) => new RegExp(source.replace('PORT', port)));
      await seeUntil(
        () => familyOf(running.pid),
        (_, text) => patterns.every(pattern => pattern.test(text)),
      );
    } finally {
      await running.stop();
    }
  };

  test('asyncio', () =>
    sees(
      'python3',
      ['-c', asyncioClient, port],
      [/in epoll_wait\(fd \d+\): waits until one of fd/, new RegExp(toServer)],
    ));

  test('selectors', () =>
    sees(
      'python3',
      ['-c', selectorsClient, port],
      [/in epoll_wait\(fd \d+\): waits until fd \d+ is readable/, new RegExp(toServer)],
    ));

  test('Node', () =>
    sees(
      process.execPath,
      ['-e', nodeClient, port],
      [/in epoll_pwait\(fd \d+\): waits until one of fd/, /python3?.*\(at the other end\)/],
    ));

  testWith('C, with a thread that is waited for', [['cc']], async () => {
    compiled('client.c', cClient, ['cc', '-pthread', '-o', 'c-client']);
    await sees(
      join(folder, 'c-client'),
      [port],
      [
        /in recvfrom\(fd \d+, 64, MSG_WAITALL\): waits for python3?.*\(pid \d+\) to send/,
        /in futex: waits for another thread of its process/,
        /No deadlock of sockets is seen/,
      ],
    );
  });

  testWith('Go, whose scheduler waits for all its goroutines at once', [['go', 'version']], async () => {
    compiled('client.go', goClient, ['go', 'build', '-o', 'go-client']);
    await sees(
      join(folder, 'go-client'),
      [port],
      [
        /in epoll_p?wait\(fd \d+\): waits until one of fd/,
        new RegExp(toServer),
        /thread \d+ in futex: waits/,
        /No deadlock of sockets is seen: go-client \(pid \d+, thread \d+\) waits until one of/,
      ],
    );
  });

  testWith('Java', [['javac']], async () => {
    compiled('Client.java', javaClient, ['javac']);
    await sees(
      'java',
      ['-cp', folder, 'Client', port],
      [
        /in (?:read|recvfrom|p?poll)\b.*: waits (?:for python|until fd)/,
        new RegExp(toServer),
        /No deadlock of sockets is seen: java \(pid /,
      ],
    );
  });

  testWith('Erlang, whose schedulers are threads', [['erl', '-version']], () =>
    sees(
      'erl',
      ['-noshell', '-noinput', '-eval', erlangClient(port)],
      [/in epoll_wait\(fd \d+\): waits until one of fd/, new RegExp(toServer)],
    ),
  );

  testWith('ncat', [['ncat']], () =>
    sees(
      'ncat',
      ['127.0.0.1', port],
      [/in p?select6?.*: waits until one of fd 0, \d+ is readable/, new RegExp(toServer)],
    ),
  );

  testWith('socat', [['socat', '-V']], () =>
    sees(
      'socat',
      ['-', `TCP:127.0.0.1:${port}`],
      [/in p?(?:poll|select6?).*: waits until one of fd/, new RegExp(toServer)],
    ),
  );

  testWith('redis-cli in BLPOP', [['redis-server'], ['redis-cli']], async () => {
    const redisPort = String(await freePort('127.0.0.1'));
    const flags = ['--port', redisPort, '--save', '', '--bind', '127.0.0.1', '--dir', folder];
    const redis = startProgram('redis-server', flags);
    try {
      await redis.printed(/Ready to accept connections/);
      await sees(
        'redis-cli',
        ['-p', redisPort, 'BLPOP', 'nothing', '0'],
        [
          /redis-cli, pid \d+/,
          /waits (?:for redis-server \(pid \d+\) to send|until fd \d+ is readable)/,
          /redis-server, pid \d+ \(at the other end\)[\s\S]*in epoll_wait/,
        ],
      );
    } finally {
      await redis.stop();
    }
  });

  testWith('nginx with a reader that does not read', [['nginx', '-v']], async () => {
    const nginxPort = await freePort('127.0.0.1');
    mkdirSync(join(folder, 'html'));
    writeFileSync(join(folder, 'html/big'), Buffer.alloc(20_000_000));
    const user = process.getuid?.() === 0 ? 'user root;' : '';
    const conf = `${user} daemon off; pid ${folder}/pid; error_log ${folder}/error.log; worker_processes 1;
events { worker_connections 64; }
http { access_log off; server { listen 127.0.0.1:${nginxPort}; root ${folder}/html; } }`;
    writeFileSync(join(folder, 'nginx.conf'), conf);
    const nginx = startProgram('nginx', ['-p', folder, '-c', join(folder, 'nginx.conf')]);
    const slow = `
import socket, time
while True:
    try:
        c = socket.create_connection(('127.0.0.1', ${nginxPort}))
        break
    except ConnectionRefusedError:
        time.sleep(0.05)
c.sendall(b'GET /big HTTP/1.0\\r\\n\\r\\n')
time.sleep(1000000)
`;
    try {
      await sees(
        'python3',
        ['-c', slow],
        [
          /in clock_nanosleep: sleeps/,
          /nginx, pid \d+ \(at the other end\)[\s\S]*in epoll_wait[\s\S]*waits until/,
          /zero window/,
        ],
      );
    } finally {
      await nginx.stop();
    }
  });
});
