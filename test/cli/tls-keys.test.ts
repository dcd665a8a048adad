import { execFile } from 'node:child_process';
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from 'vitest';
import { available } from '../drivers/native.ts';
import { ensureBuilt, projectFolder } from '../e2e/terminal.ts';
import { hasTshark } from '../formats/tshark.ts';
import { type Piped, pipe, placeOf, startProgram, temporaryFolder } from './piping.ts';

beforeAll(ensureBuilt);

const run = promisify(execFile);

const sockbench = (args: readonly string[], env: NodeJS.ProcessEnv = {}): Piped =>
  startProgram(process.execPath, [join(projectFolder, 'bin/sockbench.cjs'), ...args], 'pipe', {
    ...process.env,
    ...env,
  });

/** A session of a relay that passed records of TLS on between two others, and the secrets of one of them. */
const relayed = async (): Promise<{ folder: string; session: string; keys: string }> => {
  const folder = temporaryFolder();
  const [session, keys] = [join(folder, 'session.jsonl'), join(folder, 'keys')];
  const server = pipe(['-l', 'tls://127.0.0.1:0']);
  const target = (await placeOf(server)).replace('tls://', '');
  const relay = sockbench(['--record', session, 'relay', '--no-screen', '127.0.0.1:0', target]);
  const [, place] = await Promise.race([
    relay.printed(/listening on (\S+),/),
    relay.told(/listening on (\S+),/),
  ]);
  const client = sockbench(['pipe', '-k', `tls://${place}`], { SSLKEYLOGFILE: keys });
  client.child.stdin!.end('a request that nobody between can read');
  server.child.stdin!.end('an answer');
  expect(await Promise.all([client.ended, server.ended])).toEqual([0, 0]);
  relay.child.kill('SIGTERM');
  await relay.ended;
  return { folder, session, keys };
};

/** What tshark reads of TLS in a capture, by nothing but what is in that. */
const decrypted = async (file: string): Promise<string> => {
  const args = ['-r', file, '-d', 'tcp.port==1-65535,tls', '-q', '-z', 'follow,tls,ascii,0'];
  return (await run('tshark', args)).stdout;
};

describe.runIf(available && hasTshark)('pcapng with secrets of TLS, where tshark is installed', () => {
  test('is read by tshark as it was before it was encrypted; without them it is not', async () => {
    const { folder, session, keys } = await relayed();
    expect(statSync(keys).mode & 0o777).toBe(0o600);
    const [plain, readable] = [join(folder, 'plain.pcapng'), join(folder, 'readable.pcapng')];
    expect(await sockbench(['export', session, '--to', 'pcapng', '-o', plain]).ended).toBe(0);
    const more = ['--tls-keys', keys, '-o', readable];
    expect(await sockbench(['export', session, '--to', 'pcapng', ...more]).ended).toBe(0);
    expect(readFileSync(readable).includes(readFileSync(keys))).toBe(true);
    expect(await decrypted(plain)).not.toContain('a request that nobody between can read');
    const words = await decrypted(readable);
    expect(words).toContain('a request that nobody between can read');
    expect(words).toContain('an answer');
  });
});

test('a key log that is none, that is not there, or for another format, is refused in a sentence', async () => {
  const folder = temporaryFolder();
  const empty = join(folder, 'empty');
  writeFileSync(empty, '# no secrets\n');
  const refused = async (...args: readonly string[]): Promise<string> => {
    const exported = sockbench(['export', join(folder, 'session'), ...args]);
    expect(await exported.ended).toBe(2);
    expect(exported.err().trim().split('\n')).toHaveLength(1);
    return exported.err();
  };
  expect(await refused('--to', 'pcapng', '--tls-keys', empty)).toMatch(
    /empty: there is no secret of TLS in it/,
  );
  expect(await refused('--to', 'pcapng', '--tls-keys', join(folder, 'none'))).toMatch(
    /none: there is no such file/,
  );
  expect(await refused('--to', 'lab', '--tls-keys', empty)).toMatch(/--tls-keys goes with --to pcapng alone/);
});
