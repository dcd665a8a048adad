import { expect, test } from 'vitest';
import { press } from '../../source/commands/calling/dispatch.ts';
import { interpret, runInterpreted } from '../../source/commands/calling/interpret.ts';
import { overlayOf } from '../../source/commands/calling/overlays.ts';
import { commandTable } from '../../source/commands/calling/table.ts';
import { fold } from '../../source/core/fold/fold.ts';
import { parseRuleText } from '../../source/core/language/rule-text.ts';
import { initialState } from '../../source/core/model/state.ts';
import { entryText } from '../../source/core/words/entry-text.ts';
import { rulesListed, ruleWords } from '../../source/core/words/rule-words.ts';
import { decodeEntry, encodeEntry } from '../../source/formats/session/jsonl.ts';
import { connected, entriesOf, received, setUp } from '../support/fault-bench.ts';
import { openCommands } from '../support/outside.ts';

const opened = () => {
  const { bench, play, rule } = setUp({ loops: { accept: true, receive: false } });
  play(...connected, 'u1 = socket AF_INET SOCK_DGRAM', 'u1.bind 127.0.0.1:5000');
  rule('s1', 'recv "a" send "1"');
  rule('u1', 'recv echo');
  rule('s1', 'recv contains "a" send "2"');
  const { context, store } = openCommands(bench);
  const shown = () => rulesListed(bench.state().rules).map(each => ruleWords(each, bench.now()));
  const type = (...keys: string[]) => {
    for (const key of keys) press(context, key);
    bench.flush();
  };
  return { bench, play, context, store, shown, type };
};

test('the list has the rules of all sockets, those of a socket together, with what they last answered', () => {
  const { bench, play, shown } = opened();
  play('c1.send "a"', 'c1.recv 9');
  expect(received(bench, 'c1')).toEqual(['1']);
  expect(shown()).toEqual([
    's1 rule 1 on: recv "a" send "1" (1 hit, last a1.sendall "1" 0.0s ago)',
    's1 rule 3 on: recv contains "a" send "2" (no hit yet)',
    'u1 rule 2 on: recv echo (no hit yet)',
  ]);
});

test('keys switch a rule, move it, and take it away; the first that fits answers', () => {
  const { bench, play, type, store, shown } = opened();
  type('U', 'down', 'K');
  expect(overlayOf(store.getState(), 'rules')?.at).toBe(0);
  expect(shown().map(text => text.slice(0, 9))).toEqual(['s1 rule 3', 's1 rule 1', 'u1 rule 2']);
  play('c1.send "a"', 'c1.recv 9');
  type('K');
  expect(store.getState().view.message?.text).toMatch(/^rule 3 is the first of s1: rules move among those/);
  type('space');
  play('c1.send "a"', 'c1.recv 9');
  type('enter', 'J');
  play('c1.send "ba"', 'c1.recv 9');
  expect(received(bench, 'c1')).toEqual(['2', '1', '2']);
  type('d');
  expect(shown().map(text => text.slice(0, 9))).toEqual(['s1 rule 1', 'u1 rule 2']);
  expect(entriesOf(bench).flatMap(entry => (entry.kind === 'rule' ? [entryText(entry)] : []))).toEqual([
    's1 rule 1 on: recv "a" send "1"',
    'u1 rule 2 on: recv echo',
    's1 rule 3 on: recv contains "a" send "2"',
    's1 rule 3 up: recv contains "a" send "2"',
    's1 rule 3 off: recv contains "a" send "2"',
    's1 rule 3 on: recv contains "a" send "2"',
    's1 rule 3 down: recv contains "a" send "2"',
    's1 rule 3 gone: recv contains "a" send "2"',
  ]);
});

test('a rule is edited in its place, in a form that has its text', () => {
  const { bench, play, type, store } = opened();
  type('U', 'e');
  const form = overlayOf(store.getState(), 'form');
  const text = (at: number) => form?.fields[at]?.field.cells.map(cell => cell.text).join('');
  expect([text(0), text(1), form?.at]).toEqual(['1', 'recv "a" send "1"', 1]);
  const read = parseRuleText('recv "a" send "new"');
  if (!read.ok) throw new Error(read.message);
  expect(bench.replaceRule(1, read.value)).toBe(true);
  bench.flush();
  play('c1.send "a"', 'c1.recv 9');
  expect(received(bench, 'c1')).toEqual(['new']);
});

test('lines move a rule too, and say where there is no further', async () => {
  const { bench, context, shown } = opened();
  const line = async (text: string) => {
    const read = interpret(text, commandTable);
    if (read.kind === 'error') throw new Error(read.message);
    const refused = await runInterpreted(context, read);
    bench.flush();
    return refused?.message ?? null;
  };
  expect(await line('rule 1 down')).toBe(null);
  expect(shown()[0]).toMatch(/^s1 rule 3/);
  expect(await line('rule 1 down')).toMatch(/^rule 1 is the last of s1/);
  expect(await line('rule 9 up')).toMatch(/^there is no rule 9/);
  expect(await line('edit-rule 3 recv "x" echo')).toBe(null);
  expect(shown()[0]).toBe('s1 rule 3 on: recv "x" echo (no hit yet)');
});

test('a greeting is a hit, and a session has order, hits and answers', () => {
  const { bench, play, rule } = setUp({ loops: { accept: true, receive: false } });
  play('s1 = socket', 's1.bind 127.0.0.1:9000', 's1.listen 5');
  rule('s1', 'accept send "220" then echo');
  rule('s1', 'recv "x" close');
  bench.moveRule(2, 'up');
  play('c1 = socket', 'c1.connect 127.0.0.1:9000', 'c1.recv 9', 'c1.send "hi"', 'c1.recv 9');
  const [second, first] = bench.state().rules;
  expect(second).toMatchObject({ number: 2 });
  expect(first).toMatchObject({ number: 1, hits: 2, last: { call: 'a1.sendall "hi"' } });
  const entries = entriesOf(bench).map(entry => decodeEntry(encodeEntry(entry)));
  const { rules } = entries.reduce((state, entry) => fold(state, [entry]), initialState('duplex'));
  expect(rules.map(({ number, hits = 0 }) => [number, hits])).toEqual([
    [2, 0],
    [1, 2],
  ]);
});
