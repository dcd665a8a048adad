import { accessSync, constants as fileConstants, lstatSync } from 'node:fs';
import type net from 'node:net';
import { constants } from 'node:os';
import { dirname } from 'node:path';
import { type Endpoint, unix } from '../../core/addresses/endpoint.ts';
import type { Status } from '../sockets/ends.ts';
import { statusOf } from './public-stream.ts';

/*
 * Names of Unix sockets on node:net, which makes them where it listens, takes their files away where it closes, and tells of
 * a connection neither name.
 */

export type UnixNames = {
  readonly bind: (path: string) => Status;
  readonly listen: (server: net.Server, backlog: number) => Status;
  readonly connected: (path: string) => void;
  readonly local: () => Endpoint;
  readonly peer: () => Endpoint | null;
  /** The names of a connection that a listener of these names has accepted. */
  readonly ofAccepted: () => UnixNames;
};

const { EADDRINUSE, EINVAL } = constants.errno;

/** Others may neither read nor write: connecting takes the right to write (unix(7)). */
const maskOfOthers = 0o177;

/** What bind(2) would say of the path, as far as it can be seen beforehand: Node's listen says it a turn later. */
const bindable = (path: string): Status => {
  if (path.startsWith('\0')) return 0;
  if (lstatSync(path, { throwIfNoEntry: false })) return -EADDRINUSE;
  try {
    accessSync(dirname(path), fileConstants.W_OK);
    return 0;
  } catch (error) {
    return statusOf(error);
  }
};

export const createUnixNames = (own = '', other: string | null = null): UnixNames => {
  let [local, peer] = [own, other];
  return {
    bind: path => {
      const status = bindable(path);
      if (status === 0) local = path;
      return status;
    },
    listen: (server, backlog) => {
      if (local === '') return -EINVAL;
      // The umask of the process, for the time of the bind that Node makes in this call: its main thread makes no other file.
      const mask = process.umask(maskOfOthers);
      server.listen({ path: local, backlog });
      process.umask(mask);
      return server.listening ? 0 : -EADDRINUSE;
    },
    connected: path => {
      peer = path;
    },
    local: () => unix(local),
    peer: () => (peer === null ? null : unix(peer)),
    ofAccepted: () => createUnixNames(local, ''),
  };
};
