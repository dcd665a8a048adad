import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSession } from '../../source/formats/session/read-session.ts';
import { ensureBuilt, projectFolder } from '../e2e/terminal.ts';
import { sizeOf } from '../support/sizes.ts';

const folder = mkdtempSync(join(tmpdir(), 'sockbench-recording-'));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const program = join(projectFolder, 'bin/sockbench.cjs');

const words = (file: string): string[] => [program, 'run', '--record', file, '--json', '-'];

beforeAll(ensureBuilt);

type Printed = {
  readonly n: number;
  readonly t: number;
  readonly kind: string;
  readonly says?: string;
};

/** Two sockets that talk for ever, a datagram a time. */
function* chatter(): Generator<string> {
  yield* [
    'u1 = socket AF_INET SOCK_DGRAM',
    'u1.bind 127.0.0.1:0',
    'p = u1.getsockname',
    'c1 = socket AF_INET SOCK_DGRAM',
  ];
  for (let i = 0; ; i++) yield* [`c1.sendto "datagram ${i}" $p`, 'u1.recvfrom 100'];
}

/** A printed entry; the header is none, nor is a line that the kill cut off. */
const entryOf = (text: string): Printed | null => {
  if (text.startsWith('{"sockbench"') || !text.endsWith('}')) return null;
  return JSON.parse(text);
};

/** Feeds the child `lines` as fast as it takes them; answers what it prints, as it comes. */
const feed = (child: ChildProcess, lines: Iterator<string>) => {
  const printed: Printed[] = [];
  const output = createInterface({ input: child.stdout! });
  const begun = Promise.withResolvers<void>();
  output.on('line', text => {
    const entry = entryOf(text);
    // Verdicts of lines have no number: they are no entries.
    if (entry?.n !== undefined) printed.push(entry);
    if (printed.length === 20) begun.resolve();
  });
  const push = () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    for (let i = 0; i < 50; i++) {
      const { value, done } = lines.next();
      if (done) return child.stdin!.end();
      child.stdin!.write(`${value}\n`);
    }
    if (child.stdin!.writableNeedDrain) child.stdin!.once('drain', push);
    else setImmediate(push);
  };
  child.stdin!.on('error', () => {});
  push();
  return { printed, begun: begun.promise, ended: once(output, 'close') };
};

const sessionIn = (file: string) => {
  const read = readSession(readFileSync(file), file);
  if (!read.ok) throw new Error(read.message);
  return read.session;
};

const pattern = '\\x00ab\\xff.';

/** No whole number of threes. */
const payload = Buffer.alloc(61_000, Buffer.from('\0ab\xff.', 'latin1'));

/** Two sockets that talk for ever, so much at a time that a thread encodes it. */
function* flood(): Generator<string> {
  yield* ['s1 = socket', 's1.bind 127.0.0.1:0', 's1.listen 1', 'p = s1.getsockname', 'c1 = socket'];
  yield* ['c1.connect $p', 'a1 = s1.accept'];
  for (;;) yield* [`c1.sendall ${payload.length} of "${pattern}"`, `a1.recv ${payload.length} MSG_WAITALL`];
}

const threadsOf = (pid: number): string[] =>
  readdirSync(`/proc/${pid}/task`).map(id => readFileSync(`/proc/${pid}/task/${id}/comm`, 'utf8').trim());

const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms));

describe('a recording killed with SIGKILL', () => {
  const killed = async (round: number) => {
    const file = join(folder, `killed-${round}.jsonl`);
    const child = spawn(process.execPath, words(file), { stdio: ['pipe', 'pipe', 'ignore'] });
    const { printed, begun, ended } = feed(child, chatter());
    await begun;
    await pause(Math.random() * 1200);
    child.kill('SIGKILL');
    await Promise.all([once(child, 'exit').catch(() => {}), ended]);
    return { file, printed };
  };

  it('replays up to its last second, at random moments', async () => {
    for (let group = 0; group < sizeOf('recordings killed, four at once'); group++) {
      const runs = await Promise.all([0, 1, 2, 3].map(index => killed(group * 4 + index)));
      for (const { file, printed } of runs) {
        const { entries } = sessionIn(file);
        const last = printed.at(-1)!.t;
        const due = printed.filter(({ t }) => t < last - 1000).length;
        expect(entries.length).toBeGreaterThanOrEqual(due);
        expect(entries.slice(0, printed.length).map(({ n, kind }) => [n, kind])).toEqual(
          printed.slice(0, entries.length).map(({ n, kind }) => [n, kind]),
        );
        expect(statSync(file).mode & 0o777).toBe(0o600);
      }
    }
  });
});

describe.runIf(process.platform === 'linux')('a recording that a thread writes, killed with SIGKILL', () => {
  const killed = async (round: number) => {
    const file = join(folder, `flood-${round}.jsonl`);
    const child = spawn(process.execPath, [program, 'run', '--record', file, '-'], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const { ended } = feed(child, flood());
    const size = (4 + 16 * Math.random()) * 2 ** 20;
    await expect.poll(() => statSync(file, { throwIfNoEntry: false })?.size ?? 0).toBeGreaterThan(size);
    expect(threadsOf(child.pid!)).toContain('encoding');
    child.kill('SIGKILL');
    await Promise.all([once(child, 'exit').catch(() => {}), ended]);
    return { file, size };
  };

  it('has every entry, with all its bytes, up to where it is cut', async () => {
    const runs = await Promise.all([0, 1].map(killed));
    for (const { file, size } of runs) {
      const { entries } = sessionIn(file);
      const [header, ...lines] = readFileSync(file, 'latin1').split('\n').slice(0, -1);
      expect(JSON.parse(header!).sockbench).toBe(5);
      expect(entries.map(({ n }) => n)).toEqual(lines.map((_, index) => index + 1));
      const received = entries.flatMap(entry =>
        entry.kind === 'ended' && entry.call.name === 'recv' && entry.outcome.kind === 'data'
          ? [entry.outcome.data]
          : [],
      );
      expect(received.length).toBeGreaterThan(size / 100_000);
      expect(received.filter(data => !payload.equals(data))).toEqual([]);
    }
  });
});

/** Lines enough to fill some 64 KiB many times over. */
function* plenty(): Generator<string> {
  const lines = chatter();
  for (let i = 0; i < 1500; i++) yield lines.next().value;
}

/** Runs until its lines are over; the file cannot take them all. */
const filled = async (child: ChildProcess, told = 'the recording ends here') => {
  const { printed, ended } = feed(child, plenty());
  const [code] = child.exitCode === null ? await once(child, 'exit') : [child.exitCode];
  await ended;
  const found = printed.findIndex(({ says }) => says?.startsWith(told));
  return { code, printed, found };
};

/** Mounts a disk of 64 KiB that only the command sees, and hands out what it has written there. */
const onSmallDisk =
  'mount -t tmpfs -o size=64k tmpfs "$0" || exit 99; out=$1; shift; "$@"; code=$?; cat "$0"/* > "$out"; exit $code';

const unshare = process.getuid?.() === 0 ? ['-m'] : ['-r', '-m'];

const canMount = (() => {
  try {
    execFileSync('unshare', [...unshare, 'sh', '-c', 'mount -t tmpfs tmpfs /mnt'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();

describe('a file that can take no more', () => {
  it.skipIf(!canMount)('on a full disk is a finding, and the session goes on', async () => {
    const disk = join(folder, 'disk');
    mkdirSync(disk);
    const file = join(disk, 'full.jsonl');
    const copy = join(folder, 'full.jsonl');
    const child = spawn(
      'unshare',
      [...unshare, 'sh', '-c', onSmallDisk, disk, copy, process.execPath, ...words(file)],
      { stdio: ['pipe', 'pipe', 'ignore'] },
    );
    const { code, printed, found } = await filled(child);
    expect(code).toBe(0);
    expect(printed[found]?.says).toBe(
      `the recording ends here: ${file} cannot be written: the disk is full (ENOSPC)`,
    );
    expect(printed.slice(found).filter(({ kind }) => kind === 'ended').length).toBeGreaterThan(500);
    expect(sessionIn(copy).entries.length).toBeGreaterThan(50);
  });

  it.skipIf(process.platform === 'win32')('at the limit of its size is a finding too', async () => {
    const file = join(folder, 'limited.jsonl');
    const limit = 'ulimit -f 128 && exec "$@"';
    const child = spawn('sh', ['-c', limit, 'sh', process.execPath, ...words(file)], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const { code, printed, found } = await filled(child);
    expect(code).toBe(0);
    expect(printed[found]?.says).toContain('limited.jsonl cannot be written (EFBIG)');
    expect(printed.length - found).toBeGreaterThan(500);
    expect(sessionIn(file).entries.length).toBeGreaterThan(50);
  });

  it.skipIf(process.platform === 'win32')(
    'in a folder that is read-only is a finding from the start, and the session goes on',
    async () => {
      const closed = join(folder, 'closed');
      mkdirSync(closed);
      chmodSync(closed, 0o555);
      chmodSync(folder, 0o755);
      const file = join(closed, 'no.jsonl');
      // Permissions do not bind root.
      const other = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
      const child = spawn(process.execPath, words(file), { stdio: ['pipe', 'pipe', 'inherit'], ...other });
      const { code, printed, found } = await filled(child, 'nothing is recorded');
      expect(code).toBe(0);
      expect(found).toBe(0);
      expect(printed[0]?.says).toBe(`nothing is recorded: ${file} may not be written (EACCES)`);
      expect(printed.filter(({ kind }) => kind === 'ended').length).toBeGreaterThan(500);
      expect(readdirSync(closed)).toEqual([]);
    },
  );

  it('that is there already is a mistake, refused before anything is opened', async () => {
    const file = join(folder, 'there.jsonl');
    writeFileSync(file, 'precious\n');
    const child = spawn(process.execPath, words(file), { stdio: ['ignore', 'pipe', 'pipe'] });
    const [[code], out, err] = await Promise.all([
      once(child, 'close'),
      text(child.stdout),
      text(child.stderr),
    ]);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toBe(`sockbench run: ${file} is there already; nothing is overwritten, name another file\n`);
    expect(readFileSync(file, 'utf8')).toBe('precious\n');
  });
});
