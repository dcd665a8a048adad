import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { createBench } from '../../source/bench/engine/create-bench.ts';
import type { LabView } from '../../source/bench/view/lab-view.ts';
import { waitsFor } from '../../source/bench/view/selectors-waits.ts';
import { createWorldStore } from '../../source/bench/view/store.ts';
import type { PaneId } from '../../source/bench/view/view.ts';
import { type Context, everyPane } from '../../source/commands/calling/command.ts';
import { createContext } from '../../source/commands/calling/context.ts';
import { press } from '../../source/commands/calling/dispatch.ts';
import { keysHere } from '../../source/commands/calling/hint-keys.ts';
import { keyMark } from '../../source/commands/calling/key-text.ts';
import { buildKeymap, keyWords } from '../../source/commands/calling/keymap.ts';
import { keyTitle } from '../../source/commands/calling/keys.ts';
import { focusPane, overlayOf } from '../../source/commands/calling/overlays.ts';
import { commandTable } from '../../source/commands/calling/table.ts';
import type { InetEndpoint } from '../../source/core/addresses/endpoint.ts';
import type { Outcome } from '../../source/core/calls/outcome.ts';
import type { DeedOn } from '../../source/core/words/key-words.ts';
import { createObserver } from '../../source/drivers/kernel/kernel-observer.ts';
import { createNodeDriver } from '../../source/drivers/node/node-driver.ts';
import { quietServices } from '../support/outside.ts';
import { callOf } from '../support/playing.ts';

const lesson: LabView = {
  name: 'lesson',
  title: '',
  say: '',
  after: '',
  stage: 1,
  stages: 2,
  round: 1,
  rounds: 1,
  lines: [],
  question: null,
  score: { right: 0, of: 0 },
  next: '',
  passed: 0,
  failed: 0,
  phase: 'waiting',
  runningOn: false,
  note: '',
  top: null,
};

const places: readonly PaneId[] = ['client', 'tcp-server', 'udp-server', 'timeline', 'log', 'lab'];

const ends: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** A bench of real sockets, with a lesson beside it: s1 listens, c1 to c3 are connected to a1 to a3, u1 is bound. */
const openBench = async (table = commandTable) => {
  const bench = createBench({
    driver: notice => createNodeDriver({ notice }),
    observer: createObserver(),
    policy: 'duplex',
    loops: { accept: false, receive: false },
  });
  ends.push(() => bench.dispose());
  const built = buildKeymap(table);
  if (!built.ok) throw new Error(built.messages.join('\n'));
  const store = createWorldStore(bench);
  bench.subscribe(state => store.setState({ bench: state }));
  const app = { ...quietServices, quit: () => {}, suspend: async () => {}, redraw: () => {} };
  const context = createContext(bench, store, app, built.keymap);
  store.setState(({ view }) => ({ view: { ...view, lab: lesson } }));
  const perform = (line: string): Promise<Outcome> =>
    new Promise(resolve => bench.perform(callOf(line), { onEnd: resolve }));
  /** A call that blocks, by its id. */
  const blocked = (line: string): number => {
    const id = bench.perform(callOf(line));
    bench.flush();
    return id;
  };
  for (const line of ['s1 = socket', 's1.bind 127.0.0.1:0', 's1.listen 5']) await perform(line);
  bench.flush();
  const { port } = bench.state().sockets.get('s1')!.local as InetEndpoint;
  for (const n of [1, 2, 3]) {
    await perform(`c${n} = socket`);
    await perform(`c${n}.connect 127.0.0.1:${port}`);
    await perform(`a${n} = s1.accept`);
  }
  await perform('u1 = socket AF_INET SOCK_DGRAM');
  await perform('u1.bind 127.0.0.1:0');
  bench.flush();
  return { bench, context, store, port, perform, blocked };
};

/** Presses what a hint says, as a person reads it. */
const pressed = (context: Context, keys: string): void => {
  for (const title of keys.split(' ')) {
    const key = context.keymap.commands
      .flatMap(command => command.keys)
      .find(each => keyTitle(each) === title);
    press(context, key ?? title);
  }
};

const read = (folder: string, ending: RegExp): string[] =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter(name => ending.test(name))
    .map(name => readFileSync(join(folder, name), 'utf8'));

/** Every command that a hint of the program or of a lesson names, and that a pane has a key for. */
const hinted = (): readonly string[] => {
  const source = join(import.meta.dirname, '../../source');
  const said = read(source, /\.tsx?$/).flatMap(text =>
    [...text.matchAll(/(?:doneBy\([^,]+,|[kK]eyOf\(|keysHere\(context\)\() ?'([a-z-]+)'/g)].map(
      match => match[1]!,
    ),
  );
  const taught = read(join(source, 'labs/built-in'), /\.yaml$/).flatMap(text =>
    [...text.matchAll(keyMark)].map(match => match[1]!),
  );
  const inPanes = commandTable.filter(
    ({ keys, where }) =>
      keys.length > 0 && where.some(place => everyPane.includes(place) && place !== 'time'),
  );
  return inPanes.map(({ id }) => id).filter(id => said.includes(id) || taught.includes(id));
};

test('the commands that hints name are found', () => {
  expect(hinted()).toEqual(
    expect.arrayContaining(['receive', 'send', 'inspect', 'lab-again', 'why', 'palette']),
  );
});

describe.each(places)('with the focus in %s', focus => {
  test('each hint of a command has keys that call it from there', async () => {
    const ran: string[] = [];
    const moves = /^(focus-|next-pane|back$)/;
    const table = commandTable.map(each =>
      moves.test(each.id)
        ? each
        : { ...each, ask: false, parameters: {}, disabled: () => null, run: () => void ran.push(each.id) },
    );
    const { context, store } = await openBench(table);
    const before = store.getState().view;
    const wrong: string[] = [];
    for (const id of hinted().filter(each => !moves.test(each))) {
      store.setState({ view: before });
      focusPane(context, focus);
      const keys = keysHere(context)(id);
      ran.length = 0;
      pressed(context, keys);
      if (ran.join() !== id) wrong.push(`${keys} for ${id} ran ${ran.join()}`);
    }
    expect(wrong).toEqual([]);
  });

  test('what a row says of a wait is done by the keys that it names', async () => {
    const { bench, context, store, port, perform, blocked } = await openBench();
    const says = (call: number): string => {
      bench.flush();
      const state = bench.state();
      return waitsFor(state, state.calls.get(call)!, keyWords(keysHere(context)));
    };
    const hint = (call: number): string => {
      const words = says(call);
      const keys = /^you: (.+?) (?:sends|receives|accepts|half-closes)/.exec(words)?.[1];
      if (keys === undefined) throw new Error(`no keys in "${words}"`);
      return keys;
    };
    /** What the keys of a wait's hint do, from the place. */
    const done = (call: number): void => {
      focusPane(context, focus);
      pressed(context, hint(call));
    };
    for (const n of [1, 2, 3]) {
      done(blocked(`c${n}.recv 10`));
      expect(overlayOf(store.getState(), 'send')?.socket).toBe(`a${n}`);
      press(context, 'escape');
    }
    // More than any buffer holds: the peer must receive.
    const filled = blocked('a2.sendall 64MiB of "x"');
    await expect.poll(() => says(filled)).toMatch(/you: /);
    done(filled);
    await expect.poll(() => bench.state().sockets.get('c2')?.received).toBeGreaterThan(10);
    await perform('c4 = socket');
    await perform(`c4.connect 127.0.0.1:${port}`);
    done(blocked('c4.recv 10'));
    await expect
      .poll(() => {
        bench.flush();
        return bench.state().sockets.has('a4');
      })
      .toBe(true);
  });

  test('what would break a wait is named by keys that do it', async () => {
    const { bench, context, blocked } = await openBench();
    const words = (deed: 'cancel' | 'policy', on: DeedOn): string => {
      focusPane(context, focus);
      return keyWords(keysHere(context))!(deed, on);
    };
    blocked('c1.recv 10');
    const second = blocked('c2.recv 10');
    blocked('c3.recv 10');
    pressed(context, words('cancel', second));
    bench.flush();
    expect([...bench.state().calls.values()].map(({ call }) => call.on)).toEqual(['c1', 'c3']);
    pressed(context, words('policy', 'tcp-server'));
    bench.flush();
    expect(bench.state().programs['tcp-server'].policy).toBe('single');
    expect(bench.state().programs.client.policy).toBe('duplex');
  });
});
