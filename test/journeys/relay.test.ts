import { spawnSync } from 'node:child_process';
import { afterEach, beforeAll, test } from 'vitest';
import { pythonClient, pythonServer } from '../e2e/foreign.ts';
import { key } from '../e2e/keys.ts';
import { ensureBuilt } from '../e2e/terminal.ts';
import { createKeeper, openWorkbench } from '../e2e/workbench.ts';

const keep = createKeeper();

beforeAll(ensureBuilt);

afterEach(keep.end);

const hasPython = spawnSync('python3', ['-c', '']).status === 0;

test.skipIf(!hasPython)(
  'a relay that was typed passes on both ways and the half-close too; its rows say whose pair they are',
  async () => {
    const { peer: target, port: at } = await pythonServer();
    keep.peer(target);
    const terminal = keep.terminal(await openWorkbench({ args: ['listen', '127.0.0.1:0'] }));
    await terminal.until(/s1 LISTEN 127\.0\.0\.1:\d+/);
    const port = Number(/s1 LISTEN 127\.0\.0\.1:(\d+)/.exec(terminal.picture())![1]);
    terminal.type(`:s1.relay 127.0.0.1:${port}${key.enter}`);
    await terminal.until(/would lead back to itself/);
    terminal.type(key.escape);
    await terminal.until(/^(?![\s\S]*would lead back)/);
    terminal.type(`:s1.relay 127.0.0.1:${at}${key.enter}`);
    await terminal.until(new RegExp(`relay to 127\\.0\\.0\\.1:${at}`));
    const client = keep.peer(pythonClient(port));
    client.say("send b'hello'");
    client.say('recv');
    await client.until("received b'hello'");
    await terminal.until(/a1 ESTAB[\s\S]* passed on to c1[\s\S]*c1 ESTAB[\s\S]* passed on to a1/);
    client.say('shutdown');
    await target.until('eof');
    client.say('recv');
    await client.until("received b''");
    await terminal.until(/c1\.close = ok/);
  },
);
