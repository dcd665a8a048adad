import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { lacks } from '../../source/cli/labs/lacks.ts';
import { createGate, gatedFacts, shutGate } from '../../source/cli/looking/native-gate.ts';
import { type Peer, startPeer } from '../e2e/foreign.ts';
import { isFull } from '../support/sizes.ts';

const unfit = (await lacks('linux')) ?? (await lacks('koffi')) ?? (await lacks('python'));

/** It waits in a call on a socket, so that its looks ask for that socket's options, for which they load koffi. */
const waiting = `
import socket
listener = socket.create_server(('127.0.0.1', 0))
client = socket.create_connection(listener.getsockname())
server, _ = listener.accept()
print('waits', flush=True)
server.recv(1)
`;

let peer: Peer;

const endLooks = (how: 'stop' | 'exit'): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const script = join(import.meta.dirname, 'ended-looks.ts');
    const child = spawn(process.execPath, [script, how, String(peer.pid)]);
    let printed = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', text => (printed += text));
    child.once('error', reject);
    child.once('close', (code, signal) => resolve({ code, signal, printed }));
  });

describe.skipIf(unfit !== null)('a thread that loads koffi in the moment in which it is ended', () => {
  beforeAll(async () => {
    peer = startPeer('python3', ['-c', waiting]);
    await peer.until(/waits/);
  });
  afterAll(() => peer.stop('SIGKILL'));

  // Without a gate about two of five such programs abort.
  test.each(['stop', 'exit'] as const)('takes nobody with it: %s', async how => {
    for (let time = 0; time < (isFull ? 20 : 3); time++)
      expect(await endLooks(how)).toEqual({ code: 0, signal: null, printed: 'ended\n' });
  });
});

test('behind a gate that is shut nothing is asked', () => {
  const gate = createGate();
  let asked = 0;
  const facts = gatedFacts(gate, {
    timesOf: () => {
      asked++;
      return null;
    },
    unixSockets: () => {
      asked++;
      return [];
    },
    tcpLines: () => {
      asked++;
      return [];
    },
  });
  facts.timesOf(1, 2);
  expect(facts.unixSockets()).toEqual([]);
  expect(facts.tcpLines('tcp')).toEqual([]);
  shutGate(gate);
  facts.timesOf(1, 2);
  expect(facts.unixSockets()).toBeNull();
  expect(facts.tcpLines('tcp6')).toBeNull();
  expect(asked).toBe(3);
});

test('who throws in there has left it', () => {
  const gate = createGate();
  const facts = gatedFacts(gate, {
    timesOf: () => null,
    unixSockets: () => {
      throw new Error('no more descriptors');
    },
    tcpLines: () => null,
  });
  expect(facts.unixSockets).toThrow('no more descriptors');
  shutGate(gate);
  expect(facts.unixSockets()).toBeNull();
});
