import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Peer, startPeer } from '../../e2e/foreign.ts';
import { key, keyBytes } from '../../e2e/keys.ts';
import { projectFolder, start, type Terminal } from '../../e2e/terminal.ts';
import { limits } from '../../support/limits.ts';
import { eventually } from '../eventually.ts';
import { scratchFolder } from '../scratch.ts';
import { type Follower, followRecording } from './follower.ts';
import { enterLine, settings } from './keys.ts';

/** The program on a terminal, recorded, and what is known of it. */
export type Soaked = {
  readonly terminal: Terminal;
  readonly recording: Follower;
  readonly peer: (command: string, args: readonly (string | number)[]) => Peer;
  readonly keep: (peer: Peer) => Peer;
  readonly stopPeers: () => Promise<void>;
  readonly end: () => Promise<void>;
};

let opened = 0;

export const openSoaked = async (): Promise<Soaked> => {
  const folder = join(scratchFolder(), `soak-${++opened}`);
  mkdirSync(folder);
  const [config, session] = [join(folder, 'settings.yaml'), join(folder, 'session.jsonl')];
  writeFileSync(config, settings);
  const terminal = start({
    args: ['--config', config, '--record', session],
    cwd: folder,
    env: { WAY: 'collect', NODE_OPTIONS: `--require ${join(projectFolder, 'test/e2e/break-off.cjs')}` },
  });
  let peers: Peer[] = [];
  const keep = (peer: Peer): Peer => {
    peers.push(peer);
    return peer;
  };
  const stopPeers = async () => {
    await Promise.all(peers.map(each => each.stop()));
    peers = [];
  };
  const end = async () => {
    await stopPeers();
    await terminal.dispose();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await terminal.ready();
    await eventually(
      () => existsSync(session),
      there => there,
    );
  } catch (error) {
    await end();
    throw error;
  }
  return {
    terminal,
    recording: followRecording(session),
    peer: (command, args) => keep(startPeer(command, args.map(String))),
    keep,
    stopPeers,
    end,
  };
};

const inHelp = /Enter runs? /;
const inPalette = /Commands and calls/;

const isGone = (what: RegExp) => (lines: readonly string[]) => !what.test(lines.join('\n'));

/** Leaves whatever lies over the panes. An Esc and a key that come at once would be Alt with that key. */
const leaveAll = async ({ terminal }: Soaked): Promise<void> => {
  for (let n = 0; n < 5; n++) {
    terminal.type(key.escape);
    await pause(60);
  }
};

/** How often something is tried that a busy machine can spoil: keys that come at once are others than those that were typed. */
export const tries = 3;
export const shortWait = limits.wait / tries;

/** A key is answered where keys of panes work, once whatever lies over them is left. */
export const answers = async (soaked: Soaked): Promise<void> => {
  const { terminal } = soaked;
  const screen = () => terminal.screen().join('\n');
  for (let n = 0; n < tries; n++) {
    await leaveAll(soaked);
    terminal.type('?');
    if (inHelp.test(await eventually(screen, text => inHelp.test(text), shortWait))) break;
  }
  await terminal.until(inHelp);
  terminal.type(key.escape);
  await terminal.until(isGone(inHelp));
};

/** Enters a line in the palette: a command or a call. */
export const enter = async ({ terminal }: Soaked, line: string): Promise<void> => {
  terminal.type(':');
  await terminal.until(inPalette);
  terminal.type(`${line}${keyBytes(enterLine)}`);
  await terminal.until(isGone(inPalette));
};

/** Bytes that the program holds, without its garbage. */
export const heldBy = async ({ terminal }: Soaked): Promise<number> => {
  const file = join(terminal.folder, 'held');
  rmSync(file, { force: true });
  terminal.kill('SIGUSR2');
  if (
    !(await eventually(
      () => existsSync(file),
      there => there,
    ))
  )
    throw new Error('it does not say what it holds');
  return Number(readFileSync(file, 'utf8'));
};
