import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, expect, test } from 'vitest';
import { ctrl, key } from '../e2e/keys.ts';
import { ensureBuilt } from '../e2e/terminal.ts';
import { createKeeper, listen, openWorkbench } from '../e2e/workbench.ts';

const keep = createKeeper();

beforeAll(ensureBuilt);

afterEach(keep.end);

test('a rule that was kept under a name is in the settings, and the next workbench offers and takes it', async () => {
  const first = keep.terminal(await openWorkbench());
  await listen(first);
  first.type(`:add-rule s1 recv "PING" send "PONG"${key.enter}`);
  await first.until(/s1 rule 1 on: recv "PING" send "PONG"/);
  first.type('K');
  await first.until(/what +recv "PING" send "PONG"/);
  first.type(`ponger${key.enter}`);
  await first.until(/ponger: recv "PING" send "PONG"/);
  const settings = join(first.folder, 'config/sockbench/settings.yaml');
  expect(readFileSync(settings, 'utf8')).toBe(`rules:\n  ponger: 'recv "PING" send "PONG"'\n`);
  first.type('qq');
  await first.exited;

  const env = { XDG_CONFIG_HOME: join(first.folder, 'config') };
  const args = ['listen', '127.0.0.1:0', '--on', 'ponger'];
  const second = keep.terminal(await openWorkbench({ env, args }));
  await second.until(/s1 rule 1 on: recv "PING" send "PONG"/);
  second.type('B');
  await second.until(/ponger +rule +recv "PING" send "PONG"/);
  second.type(key.enter);
  await second.until(/═ Add a rule[\s\S]*rule +recv "PING" send "PONG"/);
  second.type(`${key.escape}:add-rule${key.enter}`);
  await second.until(/═ Add a rule/);
  second.type(`${key.tab}${ctrl('u')}${ctrl('r')}`);
  await second.until(/rule +recv "PING" send "PONG"/);
  second.type(key.enter);
  await second.until(/s1 rule 2 on: recv "PING" send "PONG"/);
  second.type('U');
  await second.until(/═ Rules[\s\S]* s1 +1 +on +0 recv "PING"[\s\S]* s1 +2 +on +0 recv "PING"/);
});
