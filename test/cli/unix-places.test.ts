import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import net from 'node:net';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import { available } from '../drivers/native.ts';
import { ensureBuilt } from '../e2e/terminal.ts';
import { pipe, pythonPeer, temporaryFolder } from './piping.ts';

beforeAll(ensureBuilt);

/** A path in the folder, and what is there. */
type Place = (folder: string) => Promise<string> | string;

const long: Place = () => `/tmp/${'x'.repeat(110)}`;
const inNoFolder: Place = folder => join(folder, 'none/u');
const nothing: Place = folder => join(folder, 'u');

const aFile: Place = folder => {
  const path = join(folder, 'file');
  writeFileSync(path, 'kept');
  return path;
};

const living: Place = async folder => {
  const path = join(folder, 'u');
  const server = net.createServer().listen(path);
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  return path;
};

/** Whoever was bound to it ended without removing it. */
const stale: Place = async folder => {
  const path = join(folder, 'u');
  const script = `import socket; socket.socket(socket.AF_UNIX).bind(${JSON.stringify(path)}); print('listening 0')`;
  await (await pythonPeer(script)).ended;
  return path;
};

describe.runIf(available)('a Unix path that cannot be had is one sentence with what to do', () => {
  test.each<readonly [string, readonly string[], Place, RegExp]>([
    ['to connect, too long', [], long, /is too long: a path has at most 107 bytes .*a shorter one/],
    ['to listen, too long', ['-l'], long, /is too long: a path has at most 107 bytes .*a shorter one/],
    ['to connect, where nothing is', [], nothing, /is not there: no socket has been bound to it/],
    [
      'to listen, in a folder that is not there',
      ['-l'],
      inNoFolder,
      /the folder of unix:.* is not there .*make the folder/,
    ],
    ['to listen, taken', ['-l'], living, /is taken: a living socket is bound to it .*choose another path/],
    ['to listen, left over', ['-l'], stale, /is left over: .*Try: remove the file and bind again/],
    ['to connect, left over', [], stale, /nobody listens on unix:.*, although the file is there/],
    ['to listen, a file', ['-l'], aFile, /is a file that is no socket .*choose another path/],
    ['for datagrams, taken', ['-u', '-l'], living, /is taken: a living socket/],
  ])('%s', async (_, flags, place, words) => {
    const piped = pipe([...flags, `unix:${await place(temporaryFolder())}`]);
    piped.child.stdin!.end('something');
    expect(await piped.ended).toBe(1);
    expect(piped.err()).toMatch(words);
    expect(piped.err().trim().split('\n')).toHaveLength(1);
    expect(piped.out()).toHaveLength(0);
  });
});
