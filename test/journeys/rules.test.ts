import { spawnSync } from 'node:child_process';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { startPeer } from '../e2e/foreign.ts';
import { key } from '../e2e/keys.ts';
import { ensureBuilt, projectFolder, type Terminal } from '../e2e/terminal.ts';
import { createKeeper, openWorkbench } from '../e2e/workbench.ts';

const keep = createKeeper();

beforeAll(ensureBuilt);

afterEach(keep.end);

const answering = async (...rules: string[]): Promise<{ terminal: Terminal; port: number }> => {
  const args = ['listen', '127.0.0.1:0', ...rules.flatMap(rule => ['--on', rule])];
  const terminal = keep.terminal(await openWorkbench({ args }));
  await terminal.until(/s1 LISTEN 127\.0\.0\.1:\d+/);
  return { terminal, port: Number(/s1 LISTEN 127\.0\.0\.1:(\d+)/.exec(terminal.picture())![1]) };
};

/** Asks for two registers of unit 1, the request cut where its CRC begins, and prints the answer. */
const modbusMaster = (port: number): string => `
import socket
s = socket.create_connection(("127.0.0.1", ${port}))
s.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
s.sendall(bytes.fromhex("010300000002"))
s.sendall(bytes.fromhex("c40b"))
print("answer", s.recv(9, socket.MSG_WAITALL).hex(" "))
`;

const hasPython = spawnSync('python3', ['-c', '']).status === 0;
const hasCurl = spawnSync('curl', ['--version']).status === 0;

test.skipIf(!hasPython)(
  'a Modbus request with its CRC is answered by a rule, and the log says so',
  async () => {
    const { terminal, port } = await answering(
      'recv contains hex"01 03 00 00 00 02 c4 0b" send hex"01 03 04 00 0a 00 14 da 3e"',
    );
    const master = keep.peer(startPeer('python3', ['-c', modbusMaster(port)]));
    await master.until('answer 01 03 04 00 0a 00 14 da 3e');
    await terminal.until(/a1\.sendall .* = ok <\S+> by rule 1/);
  },
);

test.skipIf(!hasCurl)(
  'curl is answered by a rule with what it asked for, and the connection is closed',
  async () => {
    const { terminal, port } = await answering(
      'recv /^GET (\\S+) [\\s\\S]*?\\r\\n\\r\\n/ send "HTTP/1.0 200 OK\\r\\n\\r\\nyou asked for $1\\n" then close',
    );
    const curl = keep.peer(startPeer('curl', ['-sS', '--max-time', '30', `http://127.0.0.1:${port}/a/page`]));
    await curl.until('you asked for /a/page');
    expect(await curl.exited).toBe(0);
    await terminal.until(/a1\.close = ok <\S+> by rule 1/);
  },
);

test('a rule for a socket that is not there, and one that is none, are refused in a sentence', async () => {
  const { terminal } = await answering('accept echo');
  terminal.type(`:s9.on accept echo${key.enter}`);
  await terminal.until(/s9 is no open socket that could answer: there is s1/);
  terminal.type(`${key.escape}:s1.on recv "x" snd "y"${key.enter}`);
  await terminal.until(/snd is nothing that a rule does: did you mean send\?/);
  const { status, stderr } = spawnSync(
    process.execPath,
    [`${projectFolder}/bin/sockbench.cjs`, 'listen', '0', '--on', 'recv "x" snd "y"'],
    { encoding: 'utf8' },
  );
  expect(status).toBe(2);
  expect(stderr).toBe(
    'sockbench listen: --on: snd is nothing that a rule does: did you mean send?\n  recv "x" snd "y"\n           ^\n',
  );
});

test.skipIf(!hasPython)(
  'the row of a socket says which rules it has, and when an answer comes that waits',
  async () => {
    const { terminal, port } = await answering('recv "PING" send "PONG" after 2s');
    const ask = `import socket\ns = socket.create_connection(("127.0.0.1", ${port}))\ns.sendall(b"PING")\nprint(s.recv(9))`;
    const peer = keep.peer(startPeer('python3', ['-c', ask]));
    await terminal.until(/s1 LISTEN [\s\S]* rule 1\b[\s\S]*a1 ESTAB[\s\S]*sendall by rule 1 at \d+\.\ds/);
    await peer.until("b'PONG'");
  },
);
