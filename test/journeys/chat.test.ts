import { afterEach, expect, test } from 'vitest';
import { hasProgram } from '../cli/piping.ts';
import { type Peer, pythonClient } from '../e2e/foreign.ts';
import { ctrl, key } from '../e2e/keys.ts';
import { createKeeper, listen, openWorkbench } from '../e2e/workbench.ts';

const keep = createKeeper();

afterEach(keep.end);

test.skipIf(!hasProgram('python3'))(
  'a chat of three: what one says is passed on to the two others by hand, and Ctrl-G speaks to all',
  async () => {
    // High enough that what looks tell of other programs meanwhile pushes no line out of the log before it was seen.
    const terminal = keep.terminal(await openWorkbench({ cols: 150, rows: 120 }));
    const port = await listen(terminal);
    const guests: Peer[] = [];
    for (const name of ['ann', 'bob', 'cem']) {
      const guest = keep.peer(pythonClient(port));
      guests.push(guest);
      await guest.until('connected');
      await terminal.until(new RegExp(`a${guests.length} ESTAB`));
      guest.say(`send b"${name} is here"`);
      await terminal.until(new RegExp(`a${guests.length}\\.recv[^\\n]* = "${name} is here"`));
    }
    const [ann, bob, cem] = guests as [Peer, Peer, Peer];

    ann.say('send b"who comes"');
    await terminal.until(/a1\.recv[^\n]* = "who comes"/);
    for (const [name, guest] of [
      ['a2', bob],
      ['a3', cem],
    ] as const) {
      terminal.type(`:${name}.send "ann: who comes\\n"${key.enter}`);
      await terminal.until(new RegExp(`${name}\\.send "ann: who comes\\\\n" = 15`));
      guest.say('recv');
      await guest.until(String.raw`received b'ann: who comes\\n'`);
    }

    terminal.type(`s${ctrl('g')}`);
    await terminal.until(/send to all 3 accepted >/);
    terminal.type(`the room closes${key.enter}`);
    for (const [index, guest] of guests.entries()) {
      await terminal.until(new RegExp(`a${index + 1}\\.send "the room closes\\\\r\\\\n" = 17`));
      guest.say('recv');
      await guest.until(String.raw`received b'the room closes\\r\\n'`);
    }
    // Nobody hears an own message.
    expect(ann.output()).not.toContain('who comes');
  },
);
