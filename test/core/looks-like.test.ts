import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { connect as tlsConnect } from 'node:tls';
import { describe, expect, test } from 'vitest';
import { parseAddress } from '../../source/core/addresses/address.ts';
import { looksLike } from '../../source/core/bytes/looks-like.ts';
import { entryText } from '../../source/core/words/entry-text.ts';
import { createPlaybook } from '../support/entries.ts';

const recv = { name: 'recv', on: 'a1', size: 4096 } as const;
const like = (data: Uint8Array | string, call = recv as Parameters<typeof looksLike>[0]): string =>
  looksLike(call, { kind: 'data', data: Buffer.from(data as string) });

/** The first bytes that a client sends to a server that only listens. */
const firstBytes = async (begin: (port: number) => () => void): Promise<Buffer> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const end = begin((server.address() as { port: number }).port);
  const [socket] = await once(server, 'connection');
  const [data] = await once(socket, 'data');
  socket.destroy();
  end();
  server.close();
  return data;
};

describe('what bytes look like', () => {
  test("a TLS client's first bytes", async () => {
    const hello = await firstBytes(port => {
      const client = tlsConnect({ port, host: '127.0.0.1' });
      client.on('error', () => {});
      return () => client.destroy();
    });
    expect(like(hello)).toContain('a TLS ClientHello');
  });

  test("an HTTP client's first bytes", async () => {
    const request = await firstBytes(port => {
      const code = `import urllib.request as u\ntry: u.urlopen('http://127.0.0.1:${port}/x', timeout=5)\nexcept Exception: pass`;
      const child = spawn('python3', ['-c', code], { stdio: 'ignore' });
      return () => void child.kill();
    });
    expect(like(request)).toContain('an HTTP request');
  });

  test.each([
    ['\x15\x03\x01\x00\x02\x02\x46', /TLS alert \(protocol_version\)/],
    ['\x15\x03\x03\x00\x02\x02\x0a', /TLS alert \(unexpected_message\)/],
    ['GET / HTTP/1.1\r\nHost: x\r\n\r\n', /HTTP request/],
    ['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', /HTTP\/2/],
    ['SSH-2.0-OpenSSH_9.2p1\r\n', /SSH/],
    [
      'HTTP/1.1 400 Bad Request\r\n\r\nThe plain HTTP request was sent to HTTPS port',
      /HTTPS server's answer/,
    ],
  ])('%j', (bytes, words) => {
    expect(like(Buffer.from(bytes, 'latin1'))).toMatch(words);
  });

  test.each([
    'GET me a coffee\n',
    'hello',
    'HTTP/1.1 200 OK\r\n\r\n',
    '\x16\x03\x01',
    '\x16\x03\x09\x00\xff\x01',
    '\x16\x03\x01\xff\xff\x01',
    '\x15\x03\x01\x00\x03\x02\x46',
    '\x17\x03\x03\x00\x10',
  ])('%j is nothing that is known', bytes => {
    expect(like(Buffer.from(bytes, 'latin1'))).toBe('');
  });

  test('only what was received is looked at', () => {
    const data = { kind: 'literal', data: Buffer.from('GET / HTTP/1.1\r\n'), notation: 'text' } as const;
    expect(looksLike({ name: 'send', on: 'c1', data }, { kind: 'count', count: 16 })).toBe('');
  });
});

test('the log says it before the bytes, where a narrow screen does not cut it off', () => {
  const data = Buffer.from('GET / HTTP/1.1\r\n\r\n');
  const entry = createPlaybook().ended(recv, { kind: 'data', data });
  expect(entryText(entry)).toMatch(/^a1\.recv 4KiB = \(looks like an HTTP request\) "GET /);
});

describe('a path where an address is expected', () => {
  test.each(['/run/docker.sock', './x.sock', '~/x.sock', '/tmp/a.sock:80'])('%j is told as one', text => {
    const read = parseAddress(text);
    expect(read.ok ? 'read' : read.message).toContain('looks like a path');
  });

  test('the command line says so', () => {
    let said = '';
    try {
      execFileSync(process.execPath, ['bin/sockbench.cjs', 'connect', '/run/x.sock'], { stdio: 'pipe' });
    } catch (error) {
      said = String((error as { stderr: Buffer }).stderr);
      expect((error as { status: number }).status).toBe(2);
    }
    expect(said).toContain('looks like a path');
  });
});
