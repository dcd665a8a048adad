import { execFile, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import type { Call, CallName } from '../../source/core/calls/call.ts';
import { calls } from '../../source/core/calls/calls.ts';
import { failure, type Outcome, ok } from '../../source/core/calls/outcome.ts';
import type { Entry } from '../../source/core/model/entry.ts';
import { freePort } from '../../source/drivers/system/free-port.ts';
import { codeOf } from '../../source/formats/code/code-of.ts';
import { pythonLack } from '../../test/oracle/python-run.ts';
import { compile, hasGcc } from '../support/c-compiler.ts';
import { callOf } from '../support/playing.ts';

const folder = mkdtempSync(join(tmpdir(), 'sockbench-code-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const python = pythonLack() === null;

/** A line, and what came of it: a name is what it made, an error's code in capitals how it failed. */
type Made = readonly [line: string, came?: string];

const outcomeOf = (came: string | undefined): Outcome => {
  if (came === undefined) return ok;
  return /^[A-Z]/.test(came) ? failure(came as 'ECONNREFUSED') : { kind: 'made', name: came };
};

const entriesOf = (made: readonly Made[]): Entry[] =>
  made.map(
    ([line, came], index): Entry => ({
      kind: 'ended',
      n: index + 1,
      prev: 0,
      t: index + 1,
      id: index + 1,
      actor: 'client',
      call: callOf(line),
      thread: '',
      queuedAt: index,
      startedAt: index,
      inside: 0,
      looped: false,
      outcome: outcomeOf(came),
      seen: false,
    }),
  );

const shown = (made: readonly Made[], about: Parameters<typeof codeOf>[1]) => {
  const code = codeOf(entriesOf(made), about);
  if (typeof code === 'string') throw new Error(code);
  return code;
};

const tcp: Made = ['c1 = socket', 'c1'];
const server: readonly Made[] = [
  ['s1 = socket', 's1'],
  ['s1.setsockopt SOL_SOCKET SO_REUSEADDR 1'],
  ['s1.bind 127.0.0.1:9000'],
  ['s1.listen 5'],
  ['a1 = s1.accept', 'a1'],
];

/** Each call in the forms that its code differs by. */
const samples: Readonly<Record<CallName, readonly Made[]>> = {
  socket: [
    tcp,
    ['u1 = socket AF_INET SOCK_DGRAM', 'u1'],
    ['c2 = socket AF_INET6', 'c2'],
    ['c3 = socket AF_UNIX', 'c3'],
  ],
  bind: [['s1.bind :9000'], ['s1.bind [::1]:http'], ['c3.bind unix:/tmp/x?y'], ['c3.bind unix:@abstract']],
  listen: [['s1.listen 5']],
  accept: [
    ['a1 = s1.accept', 'a1'],
    ['s1.accept', 'EAGAIN'],
  ],
  connect: [
    ['c1.connect 127.0.0.1:9000'],
    ['c1.connect localhost:http', 'ECONNREFUSED'],
    ['c2.connect [::1]:9000'],
  ],
  send: [
    ['c1.send "a?\\xff\\x001\\r\\n\\"??/"'],
    ['c1.send 10KiB of "xyz"'],
    ['c1.send "!" MSG_OOB'],
    ['c1.send ""'],
  ],
  sendall: [['c1.sendall "hi"'], ['c1.sendall 1MiB of "x"'], ['c1.sendall file"/etc/hostname"']],
  sendto: [['u1.sendto "hi" 127.0.0.1:9000'], ['u1.sendto 100KiB of "x" localhost:9000']],
  recv: [
    ['c1.recv 10'],
    ['c1.recv 0'],
    ['c1.recv 1MiB'],
    ['c1.recv 10 MSG_PEEK MSG_WAITALL'],
    ['c1.recv 10', 'ECONNRESET'],
  ],
  recvfrom: [['u1.recvfrom 10'], ['u1.recvfrom 1MiB MSG_PEEK']],
  wrap: [['c1.wrap client'], ['a1.wrap server']],
  shutdown: [['c1.shutdown SHUT_WR']],
  close: [['c1.close']],
  reset: [['c1.reset']],
  settimeout: [['c1.settimeout 1500ms'], ['c1.settimeout none'], ['c1.settimeout 0']],
  gettimeout: [['c1.gettimeout']],
  setsockopt: [
    ['c1.setsockopt SOL_SOCKET SO_KEEPALIVE 1'],
    ['c1.setsockopt IPPROTO_TCP TCP_NODELAY 1'],
    ['c1.setsockopt IPPROTO_TCP TCP_CONGESTION reno'],
    ['c1.setsockopt SOL_SOCKET SO_LINGER 3'],
    ['c1.setsockopt SOL_SOCKET SO_RCVTIMEO 200ms'],
    ['u1.setsockopt IPPROTO_IP IP_ADD_MEMBERSHIP 224.0.0.251'],
    ['u1.setsockopt IPPROTO_IP IP_MULTICAST_IF 127.0.0.1'],
    ['c2.setsockopt IPPROTO_IPV6 IPV6_JOIN_GROUP ff02::fb'],
    ['c2.setsockopt IPPROTO_IPV6 IPV6_MULTICAST_IF lo'],
    ['c2.setsockopt IPPROTO_IPV6 IPV6_V6ONLY 1'],
  ],
  getsockopt: [
    ['c1.getsockopt SOL_SOCKET SO_RCVBUF'],
    ['c1.getsockopt SOL_SOCKET SO_LINGER'],
    ['c1.getsockopt SOL_SOCKET SO_RCVTIMEO'],
    ['c1.getsockopt IPPROTO_TCP TCP_CONGESTION'],
    ['u1.getsockopt IPPROTO_IP IP_MULTICAST_IF'],
  ],
  getsockname: [['c1.getsockname']],
  getpeername: [['c1.getpeername', 'ENOTCONN']],
  makefile: [['f1 = c1.makefile rwb', 'f1']],
  read: [['f1.read 10'], ['f1.read']],
  readline: [['f1.readline']],
  write: [['f1.write "hi"']],
  flush: [['f1.flush']],
  poll: [],
  getaddrinfo: [['getaddrinfo localhost 80'], ['getaddrinfo localhost http AF_INET SOCK_STREAM']],
  gethostbyaddr: [['gethostbyaddr 127.0.0.1']],
  getservbyname: [['getservbyname http tcp'], ['getservbyname http', 'NO_SERVICE']],
  getservbyport: [['getservbyport 80 tcp']],
};

const kinds: readonly Made[] = [tcp, ...samples.socket.slice(1), ...server];

const names = Object.keys(calls) as readonly CallName[];

const poll: Call = {
  name: 'poll',
  on: 'c1',
  wants: [{ on: 'c1', reads: true, writes: false }],
  timeout: 0,
};

/** Every sample of a call, as codeOf shows it. */
const everyCode = (name: CallName) => {
  const found = samples[name].map(made =>
    shown([...kinds, made], { kind: 'call', id: kinds.length + 1, title: name }),
  );
  if (name !== 'poll') return found;
  const entries = entriesOf([tcp]);
  const [first] = entries;
  const polled = { ...first!, n: 2, id: 2, call: poll, outcome: ok } as Entry;
  const code = codeOf([...entries, polled], { kind: 'call', id: 2, title: name });
  return typeof code === 'string' ? found : [code];
};

const variables = 'c1, c2, c3, s1, a1, u1';

/** The statements of a call as a program: what stands over them, and a function of the sockets. */
const asProgram = (c: string): string => {
  const at = c.lastIndexOf('\n\n/* ') + 2;
  const [head, statements] = [c.slice(0, at), c.slice(at)];
  const declared = variables.split(', ').filter(name => !new RegExp(`int ${name} =`).test(statements));
  const used = variables.split(', ').map(name => `(void)${name};`);
  return `${head}int main(void)\n{\nint ${declared.join(' = -1, ')} = -1;\n${statements}${used.join(' ')}\nreturn 0;\n}\n`;
};

describe('a call as code', () => {
  test.skipIf(!hasGcc).each(names)('%s is C that compiles without a warning', name => {
    const codes = everyCode(name);
    expect(codes.length).toBeGreaterThan(0);
    for (const [index, { c }] of codes.entries()) {
      const file = join(folder, `${name}-${index}.c`);
      writeFileSync(file, asProgram(c));
      try {
        compile(file, join(folder, `${name}-${index}`));
      } catch (error) {
        throw new Error(`${asProgram(c)}\n${(error as { stderr?: Buffer }).stderr ?? error}`);
      }
    }
  });

  test.skipIf(!python)('each is Python that python3 reads', () => {
    const codes = names.flatMap(name => everyCode(name).map(code => code.python));
    const check = 'import ast, json, sys\nfor code in json.load(sys.stdin): ast.parse(code)';
    execFileSync('python3', ['-c', check], { input: JSON.stringify(codes) });
  });

  test('says in a comment what came of it, and what C has no equal of', () => {
    const [made] = everyCode('makefile');
    expect(made!.c).toContain('/* c1.makefile is no socket call: fdopen makes a FILE of a descriptor');
    expect(made!.python).toBe('# f1 = c1.makefile "rwb" = f1\nf1 = c1.makefile("rwb")\n');
    const [, refused] = everyCode('connect');
    expect(refused!.c).toMatch(/\/\* c1\.connect localhost:http = ECONNREFUSED .*\*\//);
    expect(refused!.c).toContain('perror("connect")');
    expect(refused!.c).not.toContain('fail("connect")');
  });
});

/** An echo: what c1 and a1 did, on this port. */
const echo = (port: number): readonly Made[] => [
  ['s1 = socket', 's1'],
  ['s1.setsockopt SOL_SOCKET SO_REUSEADDR 1'],
  [`s1.bind 127.0.0.1:${port}`],
  ['s1.listen 5'],
  ['c1 = socket', 'c1'],
  [`c1.connect 127.0.0.1:${port}`],
  ['a1 = s1.accept', 'a1'],
  ['c1.sendall "ping\\r\\n"'],
  ['a1.recv 4096'],
  ['a1.sendall "pong\\r\\n"'],
  ['c1.recv 4096'],
  ['c1.close'],
  ['a1.close'],
];

type Language = 'python' | 'c';

/** How a program of that code is started. */
const program = (name: string, language: Language, code: string): [string, string[]] => {
  const file = join(folder, `${name}.${language === 'c' ? 'c' : 'py'}`);
  writeFileSync(file, code);
  if (language === 'python') return ['python3', ['-u', file]];
  compile(file, join(folder, name));
  return [join(folder, name), []];
};

/** Whether somebody listens there, as the kernel's table says: a connection of the test's own would be accepted instead. */
const isListening = async (port: number): Promise<boolean> => {
  const { readFile } = await import('node:fs/promises');
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')} `;
  const table = await readFile('/proc/net/tcp', 'utf8');
  return table.split('\n').some(row => row.includes(wanted) && row.split(/\s+/)[4] === '0A');
};

describe("a socket's life as code", () => {
  test.skipIf(!hasGcc || !python || process.platform !== 'linux').each([
    ['c', 'c'],
    ['python', 'python'],
    ['c', 'python'],
  ] as const)(
    'is a program: a server in %s and a client in %s talk as in the session',
    async (ofServer, ofClient) => {
      const port = (await freePort('127.0.0.1'))!;
      const serverCode = shown(echo(port), { kind: 'socket', socket: 'a1' })[ofServer];
      const clientCode = shown(echo(port), { kind: 'socket', socket: 'c1' })[ofClient];
      const name = `${ofServer}-${ofClient}`;
      const listening = spawn(...program(`server-${name}`, ofServer, serverCode));
      let heard = '';
      listening.stdout.on('data', data => {
        heard += data;
      });
      const over = new Promise<number | null>(resolve => listening.on('close', resolve));
      while (!(await isListening(port))) await new Promise(resolve => setImmediate(resolve));
      const { stdout } = await promisify(execFile)(...program(`client-${name}`, ofClient, clientCode));
      expect(stdout).toContain('pong');
      expect(await over).toBe(0);
      expect(heard).toContain('ping');
    },
  );

  test('leaves out what was broken off, waits last for what ended last, and closes what was left open', () => {
    const made: readonly Made[] = [tcp, ['c1.recv 10', 'INTERRUPTED'], ['c1.send "hi"']];
    const { c, python: text } = shown(made, { kind: 'socket', socket: 'c1' });
    expect(c).toContain('/* c1.recv 10 = cancelled */');
    expect(c).not.toContain('recv(c1');
    expect(c).toMatch(/close\(c1\);\n {4}return 0;\n}\n$/);
    expect(text).toContain('# c1.recv 10 = cancelled');
    expect(text).not.toContain('c1.recv(10)');
  });

  test('is a sentence where nothing was called', () => {
    expect(codeOf([], { kind: 'socket', socket: 'c1' })).toBe('No call was made on c1 yet');
    expect(codeOf([], { kind: 'call', id: 7, title: 'c1.recv' })).toBe(
      'The journal no longer holds this call',
    );
  });
});
