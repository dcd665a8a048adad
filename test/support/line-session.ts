import { createBench } from '../../source/bench/engine/create-bench.ts';
import type { Program } from '../../source/core/model/actors.ts';
import type { Policy } from '../../source/core/model/names.ts';
import { nodeMachine } from '../../source/drivers/node/node-machine.ts';
import { encodeEntry, encodeHeader, headerOf } from '../../source/formats/session/jsonl.ts';
import { readSession, type Session } from '../../source/formats/session/read-session.ts';
import { createScript } from '../../source/labs/script.ts';

/** Lines that open a listener s1 and connect c1 to it, whom a1 serves. */
export const connection: readonly string[] = [
  's1 = socket AF_INET SOCK_STREAM',
  's1.bind 127.0.0.1:0',
  's1.listen 1',
  'where = s1.getsockname',
  'c1 = socket AF_INET SOCK_STREAM',
  'c1.connect $where',
  'a1 = s1.accept',
];

const noFile = async (): Promise<Uint8Array> => {
  throw new Error('no file is read here');
};

/** The session file that lines make on real sockets, each program under the policy given (duplex where none is). */
export const sessionFile = async (
  lines: readonly string[],
  policies: Partial<Record<Program, Policy>> = {},
): Promise<Buffer> => {
  const bench = createBench({
    ...nodeMachine(),
    loops: { accept: false, receive: false },
  });
  const printed = [encodeHeader(headerOf(bench.began))];
  const detach = bench.record({
    take: entries => printed.push(...entries.map(encodeEntry)),
    hasRoom: () => true,
    onRoom: () => {},
  });
  for (const [program, policy] of Object.entries(policies)) bench.setPolicy(program as Program, policy);
  const { signal } = new AbortController();
  const script = createScript({ bench, signal, judgeTimes: false, readFile: noFile });
  for (const line of lines) {
    const result = await script.run(line);
    bench.flush();
    if ('ok' in result) throw new Error(`${line}: ${result.message}`);
    if (result.verdict.status === 'failed') throw new Error(`${line}: ${result.verdict.reason}`);
  }
  await bench.dispose();
  detach();
  return Buffer.from(`${printed.join('\n')}\n`);
};

export const sessionOf = async (
  lines: readonly string[],
  policies: Partial<Record<Program, Policy>> = {},
): Promise<Session> => {
  const read = readSession(await sessionFile(lines, policies), 'lines');
  if (!read.ok) throw new Error(read.message);
  return read.session;
};
