import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import { startFastPeer } from '../bench/peers/peers.ts';
import { exchangedOf, portOf } from '../bench/subject.ts';
import { ensureBuilt, projectFolder } from '../e2e/terminal.ts';
import { sizeOf } from '../support/sizes.ts';
import { type Piped, startProgram } from './piping.ts';

beforeAll(ensureBuilt);

const connections = 8;
const bytes = (sizeOf('MiB each way through a relay') << 20) / connections;

/** More than a machine's own buffers for its eight connections, and little against what passes at full size. */
const mostGrowth = 96 << 20;

/** Both ends write all of it on each connection while they read; what each got is right, or says where it is not. */
const exchange = async (relay: number, target: Awaited<ReturnType<typeof startFastPeer>>, size: number) => {
  const client = await startFastPeer('tcp-exchange', [relay, connections, size, 128 << 10]);
  onTestFinished(() => client.stop());
  for (const end of [client, target])
    expect(await exchangedOf(end)).toMatchObject({ bytes: connections * size, wrong: false });
};

/** The most that has been resident, in bytes (proc(5), VmHWM). */
const mostResident = ({ child }: Piped): number => {
  const [, kib] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${child.pid}/status`, 'latin1'))!;
  return Number(kib) * 1024;
};

test.runIf(process.platform === 'linux')(
  'a relay under load: eight connections, both ways at once, every byte in its place, in memory that stays as it was',
  async () => {
    const listen = async (size: number) => {
      const target = await startFastPeer('tcp-exchange', [0, connections, size, 128 << 10]);
      onTestFinished(() => target.stop());
      return { target, port: await portOf(target) };
    };
    const relayTo = async (port: number) => {
      const program = join(projectFolder, 'bin/sockbench.cjs');
      const args = [program, 'relay', '--no-screen', '127.0.0.1:0', `127.0.0.1:${port}`];
      const relay = startProgram(process.execPath, args);
      const [, at] = await relay.told(/listening on 127\.0\.0\.1:(\d+), /);
      return { relay, at: Number(at) };
    };
    const few = 4 << 20;
    const first = await listen(few);
    const small = await relayTo(first.port);
    await exchange(small.at, first.target, few);
    const before = mostResident(small.relay);

    const second = await listen(bytes);
    const large = await relayTo(second.port);
    await exchange(large.at, second.target, bytes);
    expect(mostResident(large.relay) - before).toBeLessThan(mostGrowth);
    await large.relay.told(new RegExp(`(?:: both sides are done\\n[^]*){${connections}}`));
    large.relay.child.kill('SIGTERM');
    const whole = `${connections * bytes} bytes \\([^)]*\\)`;
    await large.relay.told(
      new RegExp(`^sockbench relay: ${connections} connections, ${whole} there, ${whole} back$`, 'm'),
    );
  },
);
