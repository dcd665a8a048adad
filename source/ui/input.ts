import type { Key } from 'ink';
import { graphemes } from '../core/bytes/graphemes.ts';

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
 * A key: its name, as keys.ts has it. Or Esc and a key that came with it, which terminals also send for that key with
 * Alt: `withAlt` is its name as that, `alone` as a key of its own.
 */
export type Pressed = string | { readonly withAlt: string; readonly alone: string };

/** Keys that have a form of their own with Alt. Where it was another, Esc came before: see input-filter.ts. */
const hasAltForm = (key: Key): boolean =>
  key.upArrow ||
  key.downArrow ||
  key.leftArrow ||
  key.rightArrow ||
  key.pageUp ||
  key.pageDown ||
  key.home ||
  key.end ||
  key.delete;

const escaped = (withAlt: string, alone: string): Pressed[] =>
  alone === 'escape' ? ['escape', 'escape'] : [{ withAlt, alone }];

/**
 * The keys in one of Ink's input events. A burst comes as one string and is taken apart by grapheme; key releases and
 * function keys name nothing.
 */
export const keyNames = (input: string, key: Key): Pressed[] => {
  if (key.eventType === 'release') return [];
  const name = special(key);
  if (name !== null) {
    const pressed = withModifiers(name, key);
    if (!key.meta || (hasAltForm(key) && !key.hyper)) return [pressed];
    return escaped(pressed, withModifiers(name, { ...key, meta: false }));
  }
  if (input === '') return [];
  if (key.ctrl && input.length === 1) {
    const control = `ctrl-${input.toLowerCase()}`;
    return key.meta ? escaped(`alt-${control}`, control) : [control];
  }
  if (key.meta) {
    const [first = '', ...rest] = graphemes(input);
    const alone = characterKey(first);
    return [...escaped(`alt-${alone}`, alone), ...rest.map(characterKey)];
  }
  return graphemes(input).flatMap(cluster => (cluster === '\r\n' ? ['enter'] : [characterKey(cluster)]));
};
