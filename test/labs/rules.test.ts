import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { parseLine } from '../../source/core/language/line.ts';
import { exportLab } from '../../source/formats/lab/export-lab.ts';
import { projectionOf } from '../../source/formats/projection/projection.ts';
import { exportPython } from '../../source/formats/python/export-python.ts';
import { encodeEntry, encodeHeader, headerOf } from '../../source/formats/session/jsonl.ts';
import { readSession } from '../../source/formats/session/read-session.ts';
import { commandLine } from './command-line.ts';
import { type Run, runText } from './running.ts';

const free = 'let: { port: free }';

const listening = `
  s1 = socket AF_INET SOCK_STREAM
  s1.bind 127.0.0.1:$port
  s1.listen 5`;

const connected = `
  c1 = socket AF_INET SOCK_STREAM
  c1.connect 127.0.0.1:$port
  a1 = s1.accept`;

describe('rules in a lab', () => {
  it('answer over any number of recvs, the first that fits, with no loop on', async () => {
    const { report } = await runText(
      free,
      listening,
      `s1.on accept send "220 ready\\r\\n"
       s1.on recv /^GET (\\S+)\\n/ send "200 $1\\r\\n"
       s1.on recv starts "QUIT" send "bye" then half-close`,
      connected,
      `c1.recv until "\\r\\n" => "220 ready\\r\\n"
       c1.send "GET /a"
       c1.recv 100 & => blocked
       c1.send "/b\\n"
       wait c1.recv => "200 /a/b\\r\\n"
       c1.send "QUIT\\r\\n"
       c1.recv 3 MSG_WAITALL => "bye"
       c1.recv 100 => EOF`,
    );
    expect(report.messages).toEqual([]);
    expect(report).toMatchObject({ passed: 5, failed: 0 });
  });

  it('answer datagrams, each to its sender', async () => {
    const { report } = await runText(
      free,
      `u1 = socket AF_INET SOCK_DGRAM
       u1.bind 127.0.0.1:$port
       u1.on recv hex"01 ff" send hex"02 00"
       u1.on echo
       c1 = socket AF_INET SOCK_DGRAM
       c1.sendto hex"01 ff" 127.0.0.1:$port
       c1.recvfrom 9 => hex"02 00" from 127.0.0.1:$port
       c1.sendto "hello" 127.0.0.1:$port
       c1.recvfrom 9 => "hello"`,
    );
    expect(report.messages).toEqual([]);
  });

  it('are switched off, on and away', async () => {
    const { report } = await runText(
      free,
      listening,
      connected,
      `a1.on recv send "1"
       s1.on recv send "2"
       c1.send "x"
       c1.recv 9 => "1"
       rule 1 off
       c1.send "x"
       c1.recv 9 => "2"
       rule 1 on
       rule 2 gone
       c1.send "x"
       c1.recv 9 => "1"`,
    );
    expect(report.messages).toEqual([]);
  });

  it.each([
    ['s9.on accept echo', 's9 is no open socket that could answer: there is s1, c1 and a1'],
    ['c1.on accept echo', 'c1 accepts nobody: write recv in place of accept'],
    ['rule 7 off', 'there is no rule 7: no socket has one'],
  ])('%s fails in one sentence', async (line, sentence) => {
    const { code, err } = await commandLine(
      ...['run', '-e', 's1 = socket', 's1.bind 127.0.0.1:0', 's1.listen', 'p = s1.getsockname'],
      ...['c1 = socket', 'c1.connect $p', 'a1 = s1.accept', line, 'c1.send "never"'],
    );
    expect(code).toBe(1);
    expect(err).toContain(`FAILED ${line}\n  ${sentence}\n`);
    expect(err).not.toContain('never');
  });
});

describe('lines of rules', () => {
  const refusal = (text: string) => {
    const read = parseLine(text);
    return read.ok ? read : { column: read.column, message: read.message };
  };

  it.each<[string, number, RegExp]>([
    ['s1.on', 5, /^what does the rule do\?/],
    ['s1.on accept', 12, /^what does the rule do\?/],
    ['x1.on echo', 0, /^x1 is no socket: names are/],
    ['p1.4.on echo', 0, /^p1\.4 is a process's/],
    ['s1.on echo &', 11, /^& is too much/],
    ['s1.on echo => ok', 14, /^s1\.on stands alone/],
    ['rule', 4, /^which rule\?/],
    ['rule two off', 5, /^two is no number of a rule/],
    ['rule 2', 6, /^write on, off, gone/],
    ['rule 2 of', 7, /did you mean/],
    ['rule 2 off now', 11, /^now is too much/],
  ])('%s', (text, column, message) => {
    expect(refusal(text)).toMatchObject({ column, message: expect.stringMatching(message) });
  });

  it('are refused before anything is opened where an expression is none', async () => {
    const { code, err } = await commandLine('run', '-e', 's1 = socket', 's1.on recv /(/ echo');
    expect(code).toBe(2);
    expect(err).toContain('line 2: /(/ is no regular expression');
    expect(err).toContain('  s1.on recv /(/ echo\n             ^');
  });

  it('leave a variable its name', () => {
    expect(parseLine('rule = c1.getsockname')).toMatchObject({ ok: true, value: { kind: 'call' } });
  });
});

describe('files of rules', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sockbench-rules-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const secret = join(folder, 'secret');
  writeFileSync(secret, 'a page');
  const labs = mkdtempSync(join(folder, 'labs'));
  const lab = join(labs, 'lab.yaml');
  writeFileSync(
    lab,
    `lab: files\ntitle: x\nlet: { port: free }\nstages:\n  - do: |\n${`${listening}
  s1.on accept send file"${secret}"
  ${connected}
  c1.recv 100 => "a page"`
      .split('\n')
      .filter(line => line.trim() !== '')
      .map(line => `      ${line.trim()}\n`)
      .join('')}`,
  );

  it("are outside a stranger's lab only where that is allowed", async () => {
    const refused = await commandLine('run', lab);
    expect(refused.code).toBe(1);
    expect(refused.err).toMatch(/s1\.on accept send file".*" would read a file: .*--allow-read/);
    expect(await commandLine('run', '--allow-read', lab)).toMatchObject({ code: 0 });
  });

  it('are looked for before a lab runs', async () => {
    writeFileSync(
      join(labs, 'none.yaml'),
      `lab: x\ntitle: x\nstages:\n  - do: |\n      s1 = socket\n      s1.on send file"none"\n`,
    );
    const { code, err } = await commandLine('run', join(labs, 'none.yaml'));
    expect(code).toBe(2);
    expect(err).toMatch(/none\.yaml:6:7: .*none/);
  });
});

describe('a session with rules', () => {
  const sessionOf = ({ bench }: Run) => {
    const lines = [
      encodeHeader(headerOf(bench.began)),
      ...bench.journal.slice(1, bench.journal.last()).map(entry => encodeEntry(entry)),
    ];
    const read = readSession(Buffer.from(`${lines.join('\n')}\n`), 'x.jsonl');
    if (!read.ok) throw new Error(read.message);
    return read.session;
  };

  it('is exported to a lab as its rule, to Python as the calls that were made, the rule named', async () => {
    const ran = await runText(
      free,
      listening,
      connected,
      'a1.on recv "PING" send "PONG"\nc1.send "PING"\nc1.recv 4 => "PONG"\na1.close',
    );
    const session = sessionOf(ran);
    const lab = exportLab(projectionOf(session));
    expect(lab.ok && lab.text).toMatch(/a1\.on recv "PING" send "PONG"\n +c1\.send "PING" {2}=> 4/);
    expect(lab.ok && lab.text).not.toContain('a1.sendall');
    const python = exportPython(projectionOf(session));
    expect(python.ok && python.text).toMatch(/# \S+ s: ok, by rule 1 <\S+>\n.*\n +a1\.sendall\(b"PONG"\)/);
  });
});
