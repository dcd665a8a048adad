import { describe, expect, test } from 'vitest';
import { rooms } from '../../source/zh/chinese.ts';
import { messagesOf, sourceFiles, treeOf, walk } from './messages.ts';

/** What stands beside the folders, cli.tsx, is of the room of its name. */
const roomOf = (path: string): keyof typeof rooms => path.replace(/(?:\/|\.).*$/s, '') as keyof typeof rooms;

/** Where each sentence is asked for. */
const asked = new Map<string, Set<keyof typeof rooms>>();
/** Where `t` is called while a module loads: the language is not known yet there. */
const tooEarly: string[] = [];
for (const path of sourceFiles)
  walk(await treeOf(path), (node, within) => {
    for (const message of messagesOf(node))
      asked.set(message, (asked.get(message) ?? new Set()).add(roomOf(path)));
    const isCall =
      (node.type === 'TaggedTemplateExpression' && (node.tag as { name?: string }).name === 't') ||
      (node.type === 'CallExpression' && (node.callee as { name?: string }).name === 't');
    if (isCall && !within.some(each => /Function/.test(each.type))) tooEarly.push(path);
  });

const placeholders = (text: string): string[] => [...new Set(text.match(/\{\w+\}/g))].sort();

describe('the catalogue of Chinese sentences', () => {
  test('has each sentence that is asked for, in one of the rooms that ask for it', () => {
    const missing = [...asked].filter(([message, from]) => ![...from].some(room => message in rooms[room]));
    expect(missing.map(([message]) => message)).toEqual([]);
  });

  test('holds nothing that is not asked for, and nothing twice', () => {
    const all = Object.entries(rooms).flatMap(([room, sentences]) =>
      Object.keys(sentences).map(message => ({ room, message })),
    );
    const idle = all.filter(({ room, message }) => !asked.get(message)?.has(room as keyof typeof rooms));
    const twice = all.filter(({ message }, at) => all.findIndex(each => each.message === message) < at);
    expect({ idle, twice }).toEqual({ idle: [], twice: [] });
  });

  test('keeps the values of each sentence', () => {
    const unlike = Object.values(rooms)
      .flatMap(sentences => Object.entries<string>(sentences))
      .filter(([en, zh]) => placeholders(en).join() !== placeholders(zh).join());
    expect(unlike).toEqual([]);
  });

  test('is asked when something is shown, never while a module loads', () => expect(tooEarly).toEqual([]));
});
