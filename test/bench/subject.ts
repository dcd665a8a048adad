import { join } from 'node:path';
import { type Peer, startPeer } from '../e2e/foreign.ts';

/** Starts a program of this folder: Python by its ending, else Node (TypeScript by type stripping). */
export const subject = (
  file: string,
  args: readonly (string | number)[] = [],
  nodeFlags: readonly string[] = [],
): Peer => {
  const path = join(import.meta.dirname, file);
  const words = args.map(String);
  return file.endsWith('.py')
    ? startPeer('python3', [path, ...words])
    : startPeer(process.execPath, [...nodeFlags, path, ...words]);
};

/** What a subject says last: `result NUMBER`. */
export const resultOf = async (peer: Peer): Promise<number> =>
  Number((await peer.until(/^result (\S+)$/m))[1]);

/** What tcp-sink says last: what it received, from the first byte to the EOF. */
export const receivedOf = async (peer: Peer): Promise<{ bytes: number; seconds: number }> => {
  const [, bytes, seconds] = await peer.until(/^received (\d+) (\S+)$/m);
  return { bytes: Number(bytes), seconds: Number(seconds) };
};

/** What tcp-exchange says last: what it received on all its connections, and whether a stream was not what it had to be. */
export const exchangedOf = async (
  peer: Peer,
): Promise<{ bytes: number; seconds: number; wrong: boolean }> => {
  const [, wrong, bytes, seconds] = await peer.until(/(wrong \d+\n)?^exchanged (\d+) (\S+)$/m);
  return { bytes: Number(bytes), seconds: Number(seconds), wrong: wrong !== undefined };
};

export const portOf = async (peer: Peer): Promise<number> =>
  Number((await peer.until(/^listening (\d+)$/m))[1]);

/** Ends all of them, whatever became of the run. */
export const stopping = async <T>(peers: readonly Peer[], work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } finally {
    await Promise.all(peers.map(peer => peer.stop()));
  }
};
