import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { commandLine } from './command-line.ts';

const folder = mkdtempSync(join(tmpdir(), 'sockbench-labs-'));
afterAll(() => rmSync(folder, { recursive: true }));

const head = 'lab: test\ntitle: A test\n';
const stages = 'stages:\n  - do: |\n      c1 = socket\n';
const line = (text: string): string => `${head}${stages}      ${text}\n`;

/** Every alias stands for nine of the one before: 9 to the 9th words, if anybody followed them. */
const aliasBomb = `a0: &a0 [x]\n${Array.from(
  { length: 9 },
  (_, n) => `a${n + 1}: &a${n + 1} [${Array.from({ length: 9 }, () => `*a${n}`).join(', ')}]\n`,
).join('')}`;

const variableBomb = Array.from({ length: 9 }, (_, n) => `  v${n}: ${`$v${n + 1} `.repeat(9)}\n`).join('');

/** What is wrong, the file, where it is (line:column), and what the message must say. */
const broken: readonly (readonly [string, string | Uint8Array, string, RegExp])[] = [
  ['an unknown command', line('c1.conect 127.0.0.1:1'), '6:10', /conect is no call: did you mean connect\?/],
  ['bad indentation', `${head}stages:\n  - say: hi\n   do: |\n      c1 = socket\n`, '5:1', /not YAML/],
  [
    'a number for lines',
    `${head}stages:\n  - do: 5\n`,
    '4:9',
    /stage 1: do: text is meant here, not a number/,
  ],
  ['a number for stages', `${head}stages: 5\n`, '3:9', /stages: a list is meant here, not a number/],
  ['a socket that is not there', line('c2.recv 10'), '6:7', /there is no c2 yet: a line above must make it/],
  ['a finding about one', line('expect finding deadlock c1.recv a1.recv'), '6:7', /there is no a1 yet/],
  [
    'a variable that goes in a circle',
    `${head}let:\n  a: $b\n  b: $c\n  c: $a\n${stages}`,
    '4:3',
    /let: a: \$a goes round in a circle: a -> b -> c -> a/,
  ],
  ['a variable that is not there', line('c1.connect 127.0.0.1:$prt'), '6:28', /\$prt has no value/],
  [
    'a variable of one that is not there',
    `${head}let: { a: $zz }\n${stages}`,
    '3:8',
    /\$zz is not one of this lab's variables/,
  ],
  [
    'variables that grow without measure',
    `${head}let:\n${variableBomb}  v9: xxxxxxxx\n${stages}`,
    '8:3',
    /\$v4 comes to \d+ characters: that is too long/,
  ],
  [
    'more variables than anybody reads',
    `${head}let:\n${Array.from({ length: 20_000 }, (_, n) => `  v${n}: free\n`).join('')}${stages}`,
    '4:3',
    /let: a lab has 1000 variables at most/,
  ],
  [
    'an expression that is none',
    line('c1.recv 9 => /(a/'),
    '6:17',
    /\/\(a\/ is no regular expression: missing closing \)/,
  ],
  [
    'a variable without a value',
    `${head}let: { a: ~ }\n${stages}`,
    '3:11',
    /let: a: a variable is text or a number/,
  ],
  [
    'a huge number of rounds',
    `${head}stages:\n  - repeat: 99999999999999999999\n    do: |\n      c1 = socket\n`,
    '4:13',
    /a whole number from 1 to 1000000/,
  ],
  [
    'a negative number of rounds',
    `${head}stages:\n  - repeat: -3\n    do: |\n      c1 = socket\n`,
    '4:13',
    /stage 1: repeat: a whole number from 1/,
  ],
  ['a huge size', line('c1.recv 99999999999999999999'), '6:15', /more digits than a number keeps/],
  ['a huge time', `${head}timeout: 99999999999h\n${stages}`, '3:10', /longer than a timer runs/],
  ['an alias bomb', `${head}${aliasBomb}`, '4:10', /anchors and aliases \(& and \*\) are not used/],
  ['brackets without end', `${head}let: ${'['.repeat(50_000)}`, '3:\\d+', /nested too deeply/],
  [
    'binary junk',
    Buffer.concat([Buffer.from('lab: test\n'), Buffer.from([0, 1, 2, 255, 254])]),
    '2:1',
    /binary data or not UTF-8/,
  ],
  ['bytes that are not UTF-8', Buffer.from('lab: caf\xe9\n', 'latin1'), '1:9', /binary data or not UTF-8/],
  [
    'an unknown key',
    `${head}stages:\n  - doo: |\n      c1 = socket\n`,
    '4:5',
    /stage 1: (there is no key "doo": did you mean do\?|do: it is missing)/,
  ],
  [
    'an unknown key on top',
    `${head}stage: 3\n${stages}`,
    '3:1',
    /there is no key "stage": did you mean stages\?/,
  ],
  ['a key twice', `lab: test\nlab: other\ntitle: x\n${stages}`, '2:1', /for the second time/],
  ['an empty file', '', '1:1', /a lab is a mapping .* not nothing/],
  ['a list', '- a\n- b\n', '1:1', /a lab is a mapping .* not a list/],
  ['two documents', `${head}${stages}---\nlab: other\n`, '6:1', /one file holds one lab/],
  ['no stages', `${head}stages: []\n`, '3:9', /a lab has one stage at least/],
  [
    'a stage that does nothing',
    `${head}stages:\n  - do: |\n      # later\n`,
    '4:9',
    /this stage does nothing/,
  ],
  [
    'a program that is no text',
    `${head}stages:\n  - python: 5\n    do: |\n      c1 = socket\n`,
    '4:13',
    /stage 1: python: text is meant here, not a number/,
  ],
  [
    'a program that is no literal block',
    `${head}stages:\n  - python: import socket\n    do: |\n      c1 = socket\n`,
    '4:13',
    /stage 1: python: write the program as a literal block: "python: \|"/,
  ],
  [
    'a program that does nothing',
    `${head}stages:\n  - python: |\n      # later\n    do: |\n      c1 = socket\n`,
    '4:13',
    /stage 1: python: this program does nothing/,
  ],
  [
    'a program that is too long',
    `${head}stages:\n  - python: |\n      print("${'x'.repeat(65536)}")\n    do: |\n      c1 = socket\n`,
    '4:13',
    /stage 1: python: a program has 65536 characters at most/,
  ],
  [
    'a program without lines',
    `${head}stages:\n  - python: |\n      print(1)\n`,
    '4:5',
    /stage 1: do: it is missing/,
  ],
  [
    'a program that is not there',
    line('expect p1 prints "x"'),
    '6:7',
    /there is no p1 yet: this stage or one above must start it, with "python: \|"/,
  ],
  ['a call of one', line('expect p1.accept blocked'), '6:7', /there is no p1 yet/],
  ['nothing that is printed', line('expect p1 prints'), '6:23', /prints what\?/],
  ['a status that is none', line('expect p1.exit == SIGTERM'), '6:25', /SIGTERM/],
  [
    'nothing that a program has',
    line('expect p1.colour == 1'),
    '6:14',
    /p1\.colour is nothing to expect of a program: write for instance expect p1 prints/,
  ],
  [
    'a program of a stage that may be skipped',
    `${head}stages:\n  - python: |\n      print(1)\n    do: |\n      expect p1.exit == 0\n  - do: |\n      expect p1.exit == 0\n`,
    '9:7',
    /p1 is started in a stage that needs python: give this stage the same needs/,
  ],
  ['lines that are no literal block', `${head}stages:\n  - do: c1 = socket\n`, '4:9', /literal block/],
  ['an unknown need', `${head}needs: unicorn\n${stages}`, '3:8', /linux, ipv6, koffi, python, telnet, gate/],
  ['an unknown program', `${head}programs: { klient: single }\n${stages}`, '3:13', /did you mean client\?/],
  [
    'an unknown policy',
    `${head}programs: { client: sinle }\n${stages}`,
    '3:21',
    /"sinle" is none of single, per-socket, duplex: did you mean single\?/,
  ],
  ['a name that is none', `lab: A B\ntitle: x\n${stages}`, '1:6', /small letters, digits and hyphens/],
  ['a malformed escape', line('c1.send "\\q"'), '6:16', /\\q is no escape/],
  ['a quote that is not closed', line('c1.send "abc'), '6:15', /is not closed/],
  [
    'an expectation that is none',
    line('c1.send "x" => maybe'),
    '6:22',
    /maybe is nothing that a call can end with/,
  ],
  ['an expectation left out', line('c1.send "x" =>'), '6:19', /what is expected\?/],
  ['a state that is none', line('expect c1.state == ESTABLISHED'), '6:26', /did you mean ESTAB\?/],
  [
    'a socket of a stage that may be skipped',
    `${head}stages:\n  - needs: ipv6\n    do: |\n      c1 = socket\n  - do: |\n      c1.close\n`,
    '8:7',
    /c1 is made in a stage that needs ipv6: give this stage the same needs/,
  ],
  ['a wait for nothing', line('wait c1.recv'), '6:7', /no line above leaves a c1\.recv in flight/],
  [
    'a payload that is not there',
    line('c1.send file"no-such-payload"'),
    '6:7',
    /no-such-payload cannot be read: there is no such file/,
  ],
  ['tabs', `${head}stages:\n\t- do: |\n\t\tc1 = socket\n`, '4:1', /a tab indents this line/],
  ['a tag', `lab: !!js/function x\ntitle: x\n${stages}`, '1:6', /tags \(!name\) are not used/],
  [
    'a difference without a reason',
    `${head}differs: [{ call: c1.recv, field: value, why: so }]\n${stages}`,
    '3:47',
    /why/,
  ],
  [
    'lines that end as on Windows',
    line('c1.conect 127.0.0.1:1').replaceAll('\n', '\r\n'),
    '6:10',
    /conect is no call/,
  ],
];

/** Exactly one line on stderr, nothing on stdout: no bench was made, so nothing was opened. */
const expectRefusal = async (file: string, where: string, message: RegExp) => {
  const { code, out, err } = await commandLine('run', file);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err.trimEnd().split('\n')).toHaveLength(1);
  const escaped = file.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  expect(err).toMatch(new RegExp(`^sockbench run: ${escaped}${where}: `));
  expect(err).toMatch(message);
};

describe('a broken lab file is refused with its place, exit 2, and opens nothing', () => {
  it.each(broken.map((each, index) => [...each, index] as const))(
    '%s',
    async (_, text, place, message, index) => {
      const file = join(folder, `lab-${index}.yaml`);
      writeFileSync(file, text);
      await expectRefusal(file, `:${place}`, message);
    },
  );

  it('a file of 10 MB', async () => {
    const file = join(folder, 'large.yaml');
    writeFileSync(file, 'x'.repeat(10_000_000));
    await expectRefusal(file, '', /more than 1 MiB is not read/);
  });

  it('a folder', async () => {
    const file = join(folder, 'folder.yaml');
    mkdirSync(file);
    await expectRefusal(file, '', /this is a folder; name a file in it/);
  });

  it('a missing file', async () => {
    await expectRefusal(
      join(folder, 'missing.yaml'),
      '',
      /there is no such file, and no built-in lab of this name/,
    );
  });

  it.skipIf(process.platform === 'win32')('a device without an end', async () => {
    await expectRefusal('/dev/zero', '', /another device, no file with an end/);
  });

  it('a broken one behind a sound one: the sound one does not run either', async () => {
    const file = join(folder, 'broken.yaml');
    writeFileSync(file, line('c1.conect 127.0.0.1:1'));
    const { code, out, err } = await commandLine('run', 'service-names', file);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('conect is no call');
  });
});

it('a name that would steer a terminal is shown escaped', async () => {
  const { code, err } = await commandLine('run', '\x1b[2J\x1b]0;x\x07');
  expect(code).toBe(2);
  expect(err).not.toMatch(/[\x00-\x09\x0b-\x1f]/);
});

describe('several labs', () => {
  const write = (name: string, ...lines: string[]): string => {
    const file = join(folder, `${name}.yaml`);
    writeFileSync(
      file,
      `lab: ${name}\ntitle: x\nstages:\n  - do: |\n${lines.map(each => `      ${each}\n`).join('')}`,
    );
    return file;
  };

  it('run one after the other; each is summed up, the last line counts them all, exit 1', async () => {
    const good = write(
      'good',
      'c1 = socket',
      'c1.getpeername => ENOTCONN',
      'getservbyname "http" "tcp" => 80',
    );
    const bad = write('bad', 'c1 = socket', 'c1.getpeername => EPIPE');
    const { code, out, err } = await commandLine('run', good, bad, good);
    expect(code).toBe(1);
    expect(err.match(/^(good|bad): .*$/gm)).toEqual([
      'good: 2 passed, 0 failed, 0 skipped',
      'bad: 0 passed, 1 failed, 0 skipped',
      'good: 2 passed, 0 failed, 0 skipped',
    ]);
    expect(err).toContain(`${bad}:6: FAILED c1.getpeername => EPIPE\n  expected EPIPE, found ENOTCONN`);
    expect(out.trimEnd().split('\n').at(-1)).toBe('4 passed, 1 failed, 0 skipped');
  });

  it('pass with exit 0', async () => {
    const good = write('fine', 'c1 = socket', 'c1.getpeername => ENOTCONN');
    expect(await commandLine('run', good)).toMatchObject({ code: 0 });
  });

  it('with --json print a session file for each, and the counts on stderr', async () => {
    const good = write('json', 'c1 = socket', 'c1.getpeername => ENOTCONN');
    const { code, out, err } = await commandLine('run', '--json', good);
    expect(code).toBe(0);
    const entries = out
      .trimEnd()
      .split('\n')
      .map(each => JSON.parse(each));
    expect(entries[0]).toMatchObject({ lab: 'json' });
    expect(entries.filter(({ kind }) => kind === 'ended').map(({ call }) => call)).toEqual([
      'c1 = socket AF_INET SOCK_STREAM',
      'c1.getpeername',
    ]);
    expect(err).toContain('1 passed, 0 failed, 0 skipped');
  });
});
