import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, onTestFinished, test } from 'vitest';
import { hasProgram } from '../cli/piping.ts';
import { startPeer } from '../e2e/foreign.ts';
import { key } from '../e2e/keys.ts';
import { createKeeper, openWorkbench } from '../e2e/workbench.ts';

const keep = createKeeper();

afterEach(keep.end);

/** A page of Python's own HTTP server, and where. */
const serving = async (): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), 'sockbench-http-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'www'));
  writeFileSync(join(folder, 'www', 'page.txt'), 'the page\n');
  const script = `
import functools, http.server
handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=${JSON.stringify(join(folder, 'www'))})
server = http.server.ThreadingHTTPServer(('127.0.0.1', 0), handler)
print('listening', server.server_address[1], flush=True)
server.serve_forever()`;
  const peer = keep.peer(startPeer('python3', ['-c', script]));
  const [, port] = await peer.until(/listening (\d+)/);
  return port!;
};

test.skipIf(!hasProgram('python3'))(
  'HTTP by hand through a relay: the request typed line by line, the answer on both legs, then the end of both',
  async () => {
    const target = await serving();
    const args = ['relay', '127.0.0.1:0', `127.0.0.1:${target}`];
    const terminal = keep.terminal(await openWorkbench({ args, cols: 170, rows: 50 }));
    await terminal.until(/s1 LISTEN 127\.0\.0\.1:\d+/);
    const port = /s1 LISTEN 127\.0\.0\.1:(\d+)/.exec(terminal.picture())![1];
    terminal.type(`:connect 127.0.0.1:${port}${key.enter}`);
    await terminal.until(/c1 ESTAB → a1/);
    terminal.type('1s');
    await terminal.until(/send to c1 >/);
    terminal.type(`GET /page.txt HTTP/1.0${key.enter}`);
    await terminal.until(/c1\.send "GET \/page\.txt HTTP\/1\.0/);
    await terminal.until(/c2\.sendall "GET \/page\.txt HTTP\/1\.0/);
    terminal.type(`Host: here${key.enter}`);
    await terminal.until(/c2\.sendall "Host: here/);
    // An empty line in the send line is a half-close: the one that ends the request is written.
    terminal.type(`${key.escape}:c1.send "\\r\\n"${key.enter}`);
    await terminal.until(/c2\.recv[^=\n]* = "HTTP\/1\.0 200 /);
    await terminal.until(/a1\.sendall "HTTP\/1\.0 200 /);
    await terminal.until(/c2\.recv[^\n]* = EOF[\s\S]*a1\.shutdown SHUT_WR = ok[\s\S]*c1\.recv[^\n]* = EOF/);
    terminal.type(`:c1.close${key.enter}`);
    await terminal.until(/a1\.recv[^\n]* = EOF[\s\S]*a1\.close = ok/);
    await terminal.until(/c2\.close = ok/);
  },
);
