import type { Key } from 'ink';
import { describe, expect, test } from 'vitest';
import { keyNames } from '../../source/ui/input.ts';

const none: Key = {
  upArrow: false,
  downArrow: false,
  leftArrow: false,
  rightArrow: false,
  pageDown: false,
  pageUp: false,
  home: false,
  end: false,
  return: false,
  escape: false,
  ctrl: false,
  shift: false,
  tab: false,
  backspace: false,
  delete: false,
  meta: false,
  super: false,
  hyper: false,
  capsLock: false,
  numLock: false,
};

describe('names of keys', () => {
  test('are graphemes for what is typed, also in a burst', () => {
    expect(keyNames('a', none)).toEqual(['a']);
    expect(keyNames('ping\r', none)).toEqual(['p', 'i', 'n', 'g', 'enter']);
    expect(keyNames('é中👩‍🚀', none)).toEqual(['é', '中', '👩‍🚀']);
    expect(keyNames('a b\t\x01', none)).toEqual(['a', 'space', 'b', 'tab', 'ctrl-a']);
  });

  test('carry their modifiers', () => {
    expect(keyNames('c', { ...none, ctrl: true })).toEqual(['ctrl-c']);
    expect(keyNames('', { ...none, tab: true, shift: true })).toEqual(['shift-tab']);
    expect(keyNames('', { ...none, leftArrow: true, ctrl: true })).toEqual(['ctrl-left']);
    expect(keyNames('', { ...none, leftArrow: true, meta: true })).toEqual(['alt-left']);
    expect(keyNames('A', { ...none, shift: true })).toEqual(['A']);
  });

  test('are two for Esc and what came with it, or one with Alt', () => {
    const meta = { ...none, meta: true };
    expect(keyNames('b', meta)).toEqual([{ withAlt: 'alt-b', alone: 'b' }]);
    expect(keyNames('P', { ...meta, shift: true })).toEqual([{ withAlt: 'alt-P', alone: 'P' }]);
    expect(keyNames('', { ...meta, return: true })).toEqual([{ withAlt: 'alt-enter', alone: 'enter' }]);
    expect(keyNames('', { ...meta, tab: true, shift: true })).toEqual([
      { withAlt: 'alt-shift-tab', alone: 'shift-tab' },
    ]);
    expect(keyNames('c', { ...meta, ctrl: true })).toEqual([{ withAlt: 'alt-ctrl-c', alone: 'ctrl-c' }]);
    expect(keyNames('', { ...meta, hyper: true, upArrow: true })).toEqual([
      { withAlt: 'alt-up', alone: 'up' },
    ]);
    expect(keyNames('', { ...meta, escape: true })).toEqual(['escape', 'escape']);
  });

  test('are none for function keys and releases', () => {
    expect(keyNames('', none)).toEqual([]);
    expect(keyNames('a', { ...none, eventType: 'release' })).toEqual([]);
  });
});
