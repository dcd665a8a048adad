import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { recvUntil } from '../../source/bench/behaviours/recv-until.ts';
import type { Bench } from '../../source/bench/engine/bench.ts';
import { createBench } from '../../source/bench/engine/create-bench.ts';
import { portAt } from '../../source/core/addresses/endpoint.ts';
import type { Outcome } from '../../source/core/calls/outcome.ts';
import { parseCall } from '../../source/core/language/line.ts';
import { createNodeDriver } from '../../source/drivers/node/node-driver.ts';
import type { EndsKind } from '../../source/drivers/system/capabilities.ts';
import { createPatience } from '../../source/labs/patience.ts';

/*
 * Where this process is held up for as long as a call may last, its timer and what it waited for are found in one turn of the
 * event loop. CPython's poll(2) returns what is ready then, and so does every call of a bench.
 */

/** ms that a call may last. */
const limit = 60;

/** In ms: long against what a peer takes. */
const patience = 20_000;

const nobody = new Int32Array(new SharedArrayBuffer(4));
const holdUp = (ms: number): void => void Atomics.wait(nobody, 0, 0, ms);

let bench: Bench;
let folder: string;
let endPeer: () => void;
/** Of whom is connected to. */
let port: number;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sockbench-held-up-'));
  endPeer = () => {};
});

afterEach(async () => {
  endPeer();
  await bench.dispose();
  rmSync(folder, { recursive: true });
});

const perform = (line: string): Promise<Outcome> => {
  const parsed = parseCall(line.replace('PORT', `${port}`));
  if (!parsed.ok) throw new Error(`${line}: ${parsed.message}`);
  return new Promise(resolve => bench.perform(parsed.value, { onEnd: resolve }));
};

const portOf = (name: string): number => {
  bench.flush();
  return Number(portAt(bench.state().sockets.get(name)?.local));
};

/** The program in Python, and what it says when it is ready. */
const started = async (act: string, at: number) => {
  const acted = join(folder, 'acted');
  const file = join(import.meta.dirname, 'held-up.py');
  const program = spawn('python3', [file, act, `${at}`, acted], { stdio: ['pipe', 'pipe', 'inherit'] });
  endPeer = () => program.stdin.end();
  const [said] = await once(program.stdout, 'data');
  return { said: String(said), stdin: program.stdin, acted };
};

/** A peer; what comes back lets it act, and returns when it has: the event loop does not turn meanwhile. */
const peer = async (act: string, at: number): Promise<() => void> => {
  const { stdin, acted } = await started(act, at);
  return () => {
    stdin.write('\n');
    for (let waited = 0; !existsSync(acted); waited += 5) {
      if (waited > patience) throw new Error(`the peer does not ${act}`);
      holdUp(5);
    }
  };
};

const listening = async (): Promise<number> => {
  await perform('s1 = socket AF_INET SOCK_STREAM');
  await perform('s1.bind 127.0.0.1:0');
  await perform('s1.listen 5');
  return portOf('s1');
};

const datagrams = async (): Promise<number> => {
  await perform('u1 = socket AF_INET SOCK_DGRAM');
  await perform('u1.bind 127.0.0.1:0');
  return portOf('u1');
};

/** A connection accepted from the peer, which is a1. */
const accepted = async (act: string): Promise<() => void> => {
  const go = await peer(act, await listening());
  expect(await perform('s1.accept')).toMatchObject({ kind: 'made' });
  return go;
};

/** How a call ends that is in flight while the bench is held up for longer than it may last. */
const heldUp = async <T>(end: Promise<T>, go: () => void): Promise<T> => {
  go();
  holdUp(2 * limit);
  return end;
};

const bytes = (text: string) => ({ kind: 'data', data: Buffer.from(text) });
const ended = { kind: 'data', data: { length: 0 } };
const failed = (code: string) => ({ kind: 'error', code });
const none = () => {};

const connecting = async (at: number): Promise<() => void> => {
  await perform('c1 = socket AF_INET SOCK_STREAM');
  port = at;
  return none;
};

/** A port where nobody is, and nobody else comes, as long as its keeper runs. */
const nobodys = async (lack: 'no listener' | 'no receiver'): Promise<number> => {
  const { said } = await started(lack, 0);
  return Number(said.split(' ')[1]);
};

const full = async (): Promise<() => void> => {
  const go = await accepted('read');
  await perform('a1.settimeout 0');
  const much = `a1.send "${'x'.repeat(100_000)}"`;
  while ((await perform(much)).kind === 'count');
  await perform('a1.settimeout none');
  return go;
};

type Row = {
  readonly what: string;
  /** What lets it end is done by what this gives. */
  readonly before: () => Promise<() => void>;
  /** The socket, and what is made on it in one turn: the last one's end is looked at. */
  readonly on: string;
  readonly calls: readonly string[];
  readonly end: object;
  /** Where Node's public classes hear of it before their timers are served. */
  readonly early?: true;
};

const rows: readonly Row[] = [
  { what: 'recv: bytes', before: () => accepted('send'), on: 'a1', calls: ['recv 5'], end: bytes('hello') },
  { what: 'recv: EOF', before: () => accepted('end'), on: 'a1', calls: ['recv 5'], end: ended },
  {
    what: 'recv: a reset',
    before: () => accepted('reset'),
    on: 'a1',
    calls: ['recv 5'],
    end: failed('ECONNRESET'),
  },
  {
    what: 'recv MSG_PEEK',
    before: () => accepted('send'),
    on: 'a1',
    calls: ['recv 5 MSG_PEEK'],
    end: bytes('hello'),
  },
  {
    what: 'recv MSG_WAITALL',
    before: () => accepted('send'),
    on: 'a1',
    calls: ['recv 11 MSG_WAITALL'],
    end: bytes('hello\nthere'),
  },
  { what: 'send', before: full, on: 'a1', calls: ['send "x"'], end: { kind: 'count', count: 1 } },
  {
    what: 'accept',
    before: async () => peer('connect', await listening()),
    on: 's1',
    calls: ['accept'],
    end: { kind: 'made' },
  },
  {
    what: 'connect',
    before: async () => connecting(await listening()),
    on: 'c1',
    calls: ['connect 127.0.0.1:PORT'],
    end: { kind: 'none' },
    early: true,
  },
  {
    what: 'connect: refused',
    before: async () => connecting(await nobodys('no listener')),
    on: 'c1',
    calls: ['connect 127.0.0.1:PORT'],
    end: failed('ECONNREFUSED'),
  },
  {
    what: 'recvfrom',
    before: async () => peer('datagram', await datagrams()),
    on: 'u1',
    calls: ['recvfrom 100'],
    end: bytes('hello'),
  },
  {
    what: 'recv of a datagram that is refused',
    before: async () => {
      await datagrams();
      port = await nobodys('no receiver');
      await perform('u1.connect 127.0.0.1:PORT');
      return none;
    },
    on: 'u1',
    calls: ['send "x"', 'recv 100'],
    end: failed('ECONNREFUSED'),
    early: true,
  },
];

const kinds: readonly EndsKind[] = ['native', 'library', 'public'];

/** What limits a call: the timeout of Python's sockets, or the kernel's own. */
const limits: readonly (readonly string[])[] = [
  [`settimeout ${limit}ms`],
  [`setsockopt SOL_SOCKET SO_RCVTIMEO ${limit}ms`, `setsockopt SOL_SOCKET SO_SNDTIMEO ${limit}ms`],
];

describe.each(kinds)('%s sockets', kind => {
  beforeEach(() => {
    const loops = { accept: false, receive: false };
    bench = createBench({ driver: notice => createNodeDriver({ notice }, kind), loops });
  });

  // Without descriptors of their own, sockets take no such option, or not before they are connected.
  const has = kind === 'native' ? limits : limits.slice(0, 1);

  describe.each(has)('%s', (...limiting) => {
    const mine = rows.filter(({ early }) => !(early && kind === 'public'));
    test.each(mine)('$what', async ({ before, on, calls, end }) => {
      const go = await before();
      for (const each of limiting) expect(await perform(`${on}.${each}`)).toMatchObject({ kind: 'none' });
      const ends = calls.map(call => perform(`${on}.${call}`));
      expect(await heldUp(ends.at(-1)!, go)).toMatchObject(end);
    });
  });

  test('receiving up to a delimiter', async () => {
    const go = await accepted('send');
    const end = recvUntil(bench, { on: 'a1', delimiter: Buffer.from('\n'), within: limit });
    expect(await heldUp(end, go)).toMatchObject({ kind: 'found', data: { length: 6 } });
  });

  describe('more than one call takes', () => {
    test('receiving up to a delimiter', async () => {
      const go = await accepted('much');
      const end = recvUntil(bench, { on: 'a1', delimiter: Buffer.from('\n'), within: limit });
      expect(await heldUp(end, go)).toMatchObject({ kind: 'found', data: { length: 300_001 } });
    });

    test.each(has)('a line, %s', async (...limiting) => {
      const go = await accepted('much');
      for (const each of limiting) await perform(`a1.${each}`);
      expect(await perform('f1 = a1.makefile rb')).toMatchObject({ kind: 'made' });
      expect(await heldUp(perform('f1.readline'), go)).toMatchObject({
        kind: 'data',
        data: { length: 300_001 },
      });
    });
  });

  test('a pause, and what came in it', async () => {
    const go = await accepted('send');
    const { pause } = createPatience(new AbortController().signal);
    const first = Promise.race([perform('a1.recv 5'), pause(limit)]);
    expect(await heldUp(first, go)).toMatchObject(bytes('hello'));
  });
});
