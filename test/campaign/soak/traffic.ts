import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { defaultCaps } from '../../../source/core/model/journal.ts';
import { startFastPeer } from '../../bench/peers/peers.ts';
import { pythonClient } from '../../e2e/foreign.ts';
import { keyBytes } from '../../e2e/keys.ts';
import type { Input } from '../campaign.ts';
import { eventually } from '../eventually.ts';
import { enter, type Soaked } from './bench.ts';
import { keyNames } from './keys.ts';

const host = '127.0.0.1';
const connections = 8;

/** What peers may come to. */
export type Ports = { readonly tcp: number; readonly udp: number };

const boundTo = async ({ recording }: Soaked, name: string): Promise<number> => {
  const port = await eventually(
    () => recording.boundTo(name),
    found => found !== undefined,
  );
  if (port === undefined) throw new Error(`${name} is not bound`);
  return port;
};

/** A server that echoes, and a socket for datagrams, on a bench whose loops are on whatever keys have done to them. */
export const openServers = async (soaked: Soaked): Promise<Ports> => {
  const { recording } = soaked;
  for (const program of ['client', 'tcp-server', 'udp-server']) {
    await enter(soaked, `${program}.policy duplex`);
    await enter(soaked, `${program}.loop receive on`);
  }
  await enter(soaked, 'tcp-server.loop accept on');
  const [server, datagrams] = [recording.fresh('s'), recording.fresh('u')];
  await enter(soaked, `${server} = socket AF_INET SOCK_STREAM`);
  await enter(soaked, `${server}.bind ${host}:0`);
  await enter(soaked, `${server}.on accept echo`);
  await enter(soaked, `${server}.listen 128`);
  await enter(soaked, `${datagrams} = socket AF_INET SOCK_DGRAM`);
  await enter(soaked, `${datagrams}.bind ${host}:0`);
  return { tcp: await boundTo(soaked, server), udp: await boundTo(soaked, datagrams) };
};

/** Somebody who was not there before is answered. */
export const echoes = async (soaked: Soaked, { tcp }: Ports): Promise<void> => {
  const witness = soaked.keep(pythonClient(tcp, host));
  await witness.until(/connected/);
  witness.say('send b"still here"');
  witness.say('recv');
  await witness.until("received b'still here'");
  await witness.stop();
};

type Traffic = (soaked: Soaked, ports: Ports, input: Input) => Promise<void>;

const script = join(import.meta.dirname, '../faults/clients.py');

const clients =
  (mode: 'reset' | 'silent' | 'stall'): Traffic =>
  async (soaked, { tcp }, { chance }) => {
    const count = 1 + chance.below(20);
    await soaked.peer('python3', [script, mode, host, tcp, count]).until(/ready|Error/);
  };

const resets = async (soaked: Soaked, port: number, count: number): Promise<void> => {
  const some = soaked.peer('python3', [script, 'reset', host, port, count]);
  await some.until(/ready/);
  await some.stop();
};

const streams: Traffic = async (soaked, { tcp }) => {
  soaked.keep(await startFastPeer('tcp-streams', [tcp, connections, 256 * 1024, 64 * 1024, 10]));
};

const datagrams: Traffic = async (soaked, { udp }, { seed }) => {
  soaked.keep(await startFastPeer('udp-flood', [udp, 500, 1_000, seed + 1]));
};

const resizes: Traffic = async ({ terminal }, _, { chance }) => {
  for (let n = 0; n < 5; n++) terminal.resize(20 + chance.below(180), 5 + chance.below(60));
  terminal.resize(120, 36);
};

const standstill: Traffic = async ({ terminal }, _, { chance }) => {
  terminal.kill('SIGSTOP');
  await pause(chance.below(100));
  terminal.kill('SIGCONT');
};

const kinds: readonly Traffic[] = [
  clients('reset'),
  clients('silent'),
  clients('stall'),
  streams,
  datagrams,
  resizes,
  standstill,
];

/** Keys of the whole table by chance, some of them at once. */
const pressKeys = async ({ terminal }: Soaked, { chance }: Input, count: number): Promise<void> => {
  for (let left = count; left > 0; ) {
    const some = Math.min(left, 1 + chance.below(4));
    terminal.type(Array.from({ length: some }, () => keyBytes(chance.one(keyNames))).join(''));
    left -= some;
    await pause(chance.below(20));
  }
};

/** Peers of all kinds, and keys meanwhile: what becomes of the peers is up to the keys. */
export const soak = async (soaked: Soaked, ports: Ports, input: Input): Promise<void> => {
  for (let n = 0; n < 3; n++) {
    await input.chance.one(kinds)(soaked, ports, input);
    await pressKeys(soaked, input, 40);
  }
};

/**
 * As much as the journal holds: entries of the kind that come later too, then bytes, so that what is held afterwards is
 * comparable. A journal of other entries would go on to grow or shrink as long as these are let go of.
 */
export const fillJournal = async (soaked: Soaked, { tcp }: Ports): Promise<void> => {
  while (soaked.recording.entries() < defaultCaps.entries) {
    await resets(soaked, tcp, 1_000);
    soaked.recording.open();
  }
  const size = (2 * defaultCaps.bytes) / connections;
  const large = soaked.keep(await startFastPeer('tcp-streams', [tcp, connections, size, 256 * 1024, 0]));
  if ((await large.exited) !== 0) throw new Error(`a peer failed: ${large.output()}`);
};
