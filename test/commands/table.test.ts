import { describe, expect, test } from 'vitest';
import { createWorldStore } from '../../source/bench/view/store.ts';
import { isActorPane } from '../../source/bench/view/view.ts';
import { everyPane, panePlaces, textPlaces } from '../../source/commands/calling/command.ts';
import { buildKeymap } from '../../source/commands/calling/keymap.ts';
import { badKey, keyTitle, typed } from '../../source/commands/calling/keys.ts';
import { formatKeys, keyRows, placesTitle } from '../../source/commands/calling/keys-list.ts';
import { commandTable } from '../../source/commands/calling/table.ts';
import { inet } from '../../source/core/addresses/endpoint.ts';
import { initialState } from '../../source/core/model/state.ts';
import { createMachine } from '../support/simulated-machine.ts';
import { tableKeys } from '../support/words.ts';

const used = (command: (typeof commandTable)[number]): boolean =>
  command.keys.length > 0 || command.listed || command.where.length === 0;

describe('the table of commands', () => {
  test('has no two commands of one name', () => {
    const ids = commandTable.map(command => command.id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('lets every command be reached by a key, the palette or a confirmation', () => {
    expect(commandTable.filter(command => !used(command)).map(command => command.id)).toEqual([]);
  });

  test('has no key twice in one place', () => {
    const built = buildKeymap(commandTable);
    expect(built.ok ? [] : built.messages).toEqual([]);
  });

  test('has only keys that terminals send', () => {
    const bad = commandTable.flatMap(command => command.keys.map(badKey)).filter(reason => reason !== null);
    expect(bad).toEqual([]);
  });

  test('leaves printable keys to the text where text is typed', () => {
    const taken = commandTable.filter(
      command =>
        command.where.some(place => (textPlaces as readonly string[]).includes(place)) &&
        command.keys.some(key => typed(key) !== null),
    );
    expect(taken.map(command => command.id)).toEqual([]);
  });

  test('gives footer hints a word for what they do', () => {
    const silent = commandTable.filter(command => command.footer !== 0 && command.short === '');
    expect(silent).toEqual([]);
  });

  test('has the keys that the interface promises', () => {
    const built = buildKeymap(commandTable);
    if (!built.ok) throw new Error(built.messages.join());
    const promised = {
      o: 'open',
      c: 'connect',
      L: 'listen-or-stop',
      a: 'accept',
      A: 'accept-loop',
      s: 'send',
      r: 'receive',
      R: 'receive-loop',
      d: 'close-menu',
      t: 'timeout',
      b: 'backlog',
      x: 'cancel',
      P: 'policy',
      v: 'bytes',
      T: 'timestamps',
      u: 'fold-calls',
      V: 'code',
      F: 'follow',
      p: 'freeze',
      y: 'copy',
      C: 'clear-log',
      S: 'save',
      e: 'labs',
      z: 'zoom',
      m: 'mouse',
      q: 'quit',
      '?': 'help',
      ':': 'palette',
      'ctrl-p': 'palette',
      '/': 'search',
      n: 'next-match',
      N: 'previous-match',
      '{': 'failure-before',
      '}': 'failure-after',
      '&': 'filter',
      enter: 'inspect',
      tab: 'next-pane',
      'ctrl-c': 'interrupt',
      'ctrl-l': 'redraw',
      'ctrl-z': 'suspend',
      w: 'why',
      O: 'options',
      '[': 'other-tab',
      ']': 'other-tab',
      4: 'focus-timeline',
      5: 'focus-log',
    };
    const found = Object.fromEntries(
      Object.keys(promised).map(key => [key, built.keymap.find('tcp-server', key)?.id]),
    );
    expect(found).toEqual(promised);
  });

  test('has the keys of the timeline there', () => {
    const built = buildKeymap(commandTable);
    if (!built.ok) throw new Error(built.messages.join());
    const promised = {
      '=': 'timeline-zoom-in',
      '+': 'timeline-zoom-in',
      '-': 'timeline-zoom-out',
      left: 'timeline-earlier',
      h: 'timeline-earlier',
      right: 'timeline-later',
      l: 'timeline-later',
      F: 'timeline-follow',
      g: 'start',
      G: 'end',
      enter: 'timeline-inspect',
      '<': 'cause',
      '>': 'effect',
    };
    const found = Object.fromEntries(
      Object.keys(promised).map(key => [key, built.keymap.find('timeline', key)?.id]),
    );
    expect(found).toEqual(promised);
  });
});

describe('why a command cannot be used', () => {
  const sentence = /^\S.{8,}$/;

  const worlds = async () => {
    const machine = createMachine();
    const bench = machine.bench({ loops: { accept: true, receive: true } });
    bench.perform({ name: 'socket', on: '', as: 's1', family: 'AF_INET', type: 'SOCK_STREAM' });
    bench.perform({ name: 'bind', on: 's1', address: inet('127.0.0.1', 9000) });
    bench.perform({ name: 'listen', on: 's1', backlog: 1 });
    await machine.run(100);
    const busy = createWorldStore(bench).getState();
    await bench.dispose();
    return [
      createWorldStore({ kind: 'bench', shows: 'programs', began: 0, state: initialState }).getState(),
      busy,
    ];
  };

  test('is a sentence, in every pane, empty and busy', async () => {
    for (const world of await worlds()) {
      for (const focus of ['client', 'tcp-server', 'udp-server', 'log', 'lab', 'time'] as const) {
        const program = isActorPane(focus) ? focus : 'client';
        const here = { ...world, view: { ...world.view, focus, program } };
        for (const command of commandTable) {
          const reason = command.disabled(here, tableKeys);
          if (reason !== null) expect(`${command.id}: ${reason}`).toMatch(sentence);
        }
      }
    }
  });

  test('is said of a send with nothing open, and of an accept that the loop makes by itself', async () => {
    const [empty, busy] = await worlds();
    const reason = (id: string, world = empty!) =>
      commandTable.find(command => command.id === id)!.disabled(world, tableKeys);
    expect(reason('send')).toBe('Nothing is open in the Client: c connects, o opens a UDP socket');
    expect(reason('accept')).toBe('Nothing listens: L starts a listener');
    expect(reason('accept', busy)).toContain('A turns the loop off');
    expect(reason('cancel', empty)).toBe('No call is in flight on the socket in focus');
  });
});

describe('a keymap of the person', () => {
  const messages = (overrides: Record<string, string[]>): readonly string[] => {
    const built = buildKeymap(commandTable, overrides);
    return built.ok ? [] : built.messages;
  };

  test('replaces the keys of a command', () => {
    const built = buildKeymap(commandTable, { quit: ['ctrl-q'] });
    if (!built.ok) throw new Error(built.messages.join());
    expect(built.keymap.find('client', 'ctrl-q')?.id).toBe('quit');
    expect(built.keymap.find('client', 'q')).toBeUndefined();
  });

  test('is refused by name where two commands would share a key', () => {
    expect(messages({ send: ['c'] })).toContain('c in client is both connect and send');
  });

  test('is refused for no command, for no key, and for text in a text field', () => {
    expect(messages({ sned: ['s'] })).toEqual(['keymap: there is no command "sned"']);
    expect(messages({ send: ['ctrl-j'] })[0]).toContain('Ctrl-J reaches no program');
    expect(messages({ send: ['f5'] })[0]).toContain('function keys');
    expect(messages({ send: ['strg-s'] })[0]).toContain('"strg-s" is no key');
    expect(messages({ 'enter-send': ['x'] })[0]).toContain('x is text in send');
  });
});

describe('the list of keys', () => {
  test('has each command with a key, as people read it', () => {
    const rows = keyRows(commandTable);
    expect(rows.find(row => row.command === 'palette')).toMatchObject({
      keys: [':', 'Ctrl-P'],
      names: [':', 'ctrl-p'],
      where: [...everyPane, 'entry', 'stream', 'code'],
    });
    expect(formatKeys(commandTable).split('\n')).toHaveLength(rows.length);
  });

  test('names places in few words', () => {
    expect(placesTitle(panePlaces)).toBe('panes');
    expect(placesTitle([...panePlaces, 'entry', 'stream', 'menu'])).toBe('panes, entry and stream, menu');
    expect(placesTitle(['code', 'entry', 'stream'])).toBe('entry, stream and code');
    expect(placesTitle(['client', 'tcp-server', 'udp-server', 'stream'])).toBe('program panes, stream');
  });

  test('writes keys as keyboards do', () => {
    expect(['ctrl-p', 'shift-tab', 'enter', 'pageup', 'A', '?'].map(keyTitle)).toEqual([
      'Ctrl-P',
      'Shift-Tab',
      'Enter',
      'PgUp',
      'A',
      '?',
    ]);
  });
});
