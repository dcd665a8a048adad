import type { Peer } from './foreign.ts';
import { ctrl, key } from './keys.ts';
import { type StartOptions, start, type Terminal } from './terminal.ts';

/** The workbench on its first screen, taking keys. */
export const openWorkbench = async (options: StartOptions = {}): Promise<Terminal> => {
  const terminal = start(options);
  await terminal.ready();
  await terminal.until(/sockbench/);
  return terminal;
};

/** Makes s1 listen on a free port of 127.0.0.1 through the form, as a person would, and answers the port. */
export const listen = async (terminal: Terminal): Promise<number> => {
  terminal.type('2');
  await terminal.until(/2 TCP server \*/);
  terminal.type('L');
  await terminal.until(/address {2}127\.0\.0\.1:51423/);
  terminal.type(`${ctrl('u')}127.0.0.1:0${key.enter}`);
  await terminal.until(/s1 LISTEN 127\.0\.0\.1:\d+/);
  return Number(/s1 LISTEN 127\.0\.0\.1:(\d+)/.exec(terminal.picture())![1]);
};

/** The port that u1 is bound to, once the screen tells it. */
export const boundPort = async (terminal: Terminal): Promise<number> => {
  await terminal.until(/u1 UNCONN 127\.0\.0\.1:\d+/);
  return Number(/u1 UNCONN 127\.0\.0\.1:(\d+)/.exec(terminal.picture())![1]);
};

/** What a test starts, and how all of it ends, however the test went. */
export const createKeeper = () => {
  const terminals: Terminal[] = [];
  const peers: Peer[] = [];
  return {
    terminal: (terminal: Terminal) => {
      terminals.push(terminal);
      return terminal;
    },
    peer: (peer: Peer) => {
      peers.push(peer);
      return peer;
    },
    end: async () => {
      await Promise.all(peers.splice(0).map(peer => peer.stop()));
      await Promise.all(terminals.splice(0).map(terminal => terminal.dispose()));
    },
  };
};
