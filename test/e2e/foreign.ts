import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { limits } from '../support/limits.ts';

type Condition = RegExp | string;

/** Peers that are no part of sockbench: plain Python or Node programs, each a process of its own. */
export type Peer = {
  readonly pid: number;
  /** Everything it has printed so far. */
  readonly output: () => string;
  /** Resolves with the match once the peer has printed it; rejects where it ends first. */
  readonly until: (condition: Condition) => Promise<RegExpMatchArray>;
  /** Writes a line to its standard input. */
  readonly say: (line: string) => void;
  readonly exited: Promise<number | null>;
  /** Ends it; resolves when it is gone. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<void>;
};

/** Starts a program and listens to what it prints. */
export const startPeer = (
  command: string,
  args: readonly string[],
  { cwd }: { readonly cwd?: string } = {},
): Peer => {
  const child = spawn(command, args, { stdio: 'pipe', ...(cwd !== undefined && { cwd }) });
  const listeners = new Set<() => void>();
  let output = '';
  const changed = () => {
    for (const listener of listeners) listener();
  };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      changed();
    });
  }
  let ended = false;
  const exited = once(child, 'close').then(([code]) => {
    ended = true;
    changed();
    return code as number | null;
  });
  // A peer that ended does not read; what was said to it is lost as on any pipe.
  child.stdin.on('error', () => {});

  return {
    pid: child.pid ?? 0,
    output: () => output,
    until: condition =>
      new Promise((resolve, reject) => {
        const finish = (settle: () => void) => {
          listeners.delete(check);
          clearTimeout(timer);
          settle();
        };
        const fail = (why: string) =>
          finish(() =>
            reject(new Error(`${command} ${why} before it printed ${condition}. It printed:\n${output}`)),
          );
        const timer = setTimeout(() => fail(`let ${limits.wait} ms go by`), limits.wait);
        const check = () => {
          const match = output.match(condition);
          if (match) finish(() => resolve(match));
          else if (ended) fail('ended');
        };
        listeners.add(check);
        check();
      }),
    say: line => child.stdin.write(`${line}\n`),
    exited,
    stop: async (signal = 'SIGKILL') => {
      if (!ended) child.kill(signal);
      await exited;
    },
  };
};

/**
 * A Python client that does what it is told, a line at a time: `send EXPRESSION`, `recv`, `shutdown`, `close`,
 * `reset`. It prints `connected PORT` (its own), `sent N`, `received b'...'`, `closed`. EXPRESSION is Python
 * bytes.
 */
const clientScript = `
import socket, struct, sys
host, port = sys.argv[1], int(sys.argv[2])
c = socket.create_connection((host, port))
print('connected', c.getsockname()[1], flush=True)
for line in sys.stdin:
    verb, _, rest = line.strip().partition(' ')
    if verb == 'send':
        data = eval(rest)
        c.sendall(data)
        print('sent', len(data), flush=True)
    elif verb == 'recv':
        print('received', c.recv(65536), flush=True)
    elif verb == 'shutdown':
        c.shutdown(socket.SHUT_WR)
        print('shut', flush=True)
    elif verb == 'reset':
        c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack('ii', 1, 0))
        c.close()
        print('closed', flush=True)
    elif verb == 'close':
        c.close()
        print('closed', flush=True)
`;

/** `around`: what starts it elsewhere, as `nsenter` does. */
export const pythonClient = (port: number, host = '127.0.0.1', around: readonly string[] = []): Peer => {
  const [command = '', ...words] = [...around, 'python3', '-c', clientScript, host, String(port)];
  return startPeer(command, words);
};

/**
 * A Python server on a free port of 127.0.0.1. It prints `listening PORT`, then `accepted PORT`, and echoes what
 * it reads until EOF, printing `read b'...'` and `eof`. One client after another.
 */
const serverScript = `
import socket
s = socket.create_server(('127.0.0.1', 0))
print('listening', s.getsockname()[1], flush=True)
while True:
    a, peer = s.accept()
    print('accepted', peer[1], flush=True)
    while data := a.recv(65536):
        print('read', data, flush=True)
        a.sendall(data)
    print('eof', flush=True)
    a.close()
`;

/** Resolves with the server and its port once it listens. */
export const pythonServer = async (): Promise<{ peer: Peer; port: number }> => {
  const peer = startPeer('python3', ['-c', serverScript]);
  const match = await peer.until(/listening (\d+)/);
  return { peer, port: Number(match[1]) };
};

/** A UDP client in Python: `send EXPRESSION`, `recv`; prints `bound PORT`, `sent N`, `received b'...'`. */
const datagramScript = `
import socket, sys
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
u.connect((sys.argv[1], int(sys.argv[2])))
print('bound', u.getsockname()[1], flush=True)
for line in sys.stdin:
    verb, _, rest = line.strip().partition(' ')
    if verb == 'send':
        print('sent', u.send(eval(rest)), flush=True)
    elif verb == 'recv':
        print('received', u.recv(65536), flush=True)
`;

export const pythonDatagramClient = (port: number, host = '127.0.0.1'): Peer =>
  startPeer('python3', ['-c', datagramScript, host, String(port)]);

/** A Node program given as source text (an ES module, so that it may await). */
export const nodePeer = (script: string, args: readonly string[] = []): Peer =>
  startPeer(process.execPath, ['--input-type=module', '-e', script, ...args]);
