import type { Key } from 'ink';
import { graphemes } from '../bench/text-field.ts';

const controls: Readonly<Record<string, string>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\x1b': 'escape',
  '\x7f': 'backspace',
  '\b': 'backspace',
  ' ': 'space',
};

const special = (key: Key): string | null => {
  if (key.upArrow) return 'up';
  if (key.downArrow) return 'down';
  if (key.leftArrow) return 'left';
  if (key.rightArrow) return 'right';
  if (key.pageUp) return 'pageup';
  if (key.pageDown) return 'pagedown';
  if (key.home) return 'home';
  if (key.end) return 'end';
  if (key.return) return 'enter';
  if (key.escape) return 'escape';
  if (key.tab) return 'tab';
  if (key.backspace) return 'backspace';
  return key.delete ? 'delete' : null;
};

const withModifiers = (name: string, key: Key): string => {
  const shift = key.shift && (name === 'tab' || name.length > 1) ? 'shift-' : '';
  return `${key.ctrl ? 'ctrl-' : ''}${key.meta && name !== 'escape' ? 'alt-' : ''}${shift}${name}`;
};

/** A character of a burst: a control character is its key, others are themselves. */
const characterKey = (character: string): string => {
  const known = controls[character];
  if (known !== undefined) return known;
  const code = character.charCodeAt(0);
  return code < 0x20 ? `ctrl-${String.fromCharCode(code + 0x60)}` : character;
};

/**
 * Names, as keys.ts has them, of the keys in one of Ink's input events. A burst comes as one string and is taken
 * apart by grapheme; key releases, function keys and terminal replies name nothing.
 */
export const keyNames = (input: string, key: Key): string[] => {
  if (key.eventType === 'release') return [];
  const name = special(key);
  if (name !== null) return [withModifiers(name, key)];
  if (input === '') return [];
  if (key.ctrl && input.length === 1) return [`ctrl-${input.toLowerCase()}`];
  if (key.meta) return [`alt-${characterKey(input)}`];
  return graphemes(input).flatMap(cluster => (cluster === '\r\n' ? ['enter'] : [characterKey(cluster)]));
};
