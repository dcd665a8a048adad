import { graphemes } from '../../core/bytes/graphemes.ts';
import { t } from '../../core/words/translate.ts';

/**
 * Names of keys, as the table and a person's keymap write them: a grapheme as it is typed ("a", "A", "?"), or
 * enter, escape, tab, backspace, delete, up, down, left, right, home, end, pageup, pagedown, space, with ctrl-,
 * alt- or shift- before it. Ctrl-H, Ctrl-I and Ctrl-J do not exist: terminals send them as Backspace, Tab, Enter.
 */
const named: readonly string[] = [
  'enter',
  'escape',
  'tab',
  'backspace',
  'delete',
  'up',
  'down',
  'left',
  'right',
  'home',
  'end',
  'pageup',
  'pagedown',
  'space',
];

const shown: Readonly<Record<string, string>> = {
  enter: 'Enter',
  escape: 'Esc',
  tab: 'Tab',
  backspace: 'Backspace',
  delete: 'Delete',
  up: 'Up',
  down: 'Down',
  left: 'Left',
  right: 'Right',
  home: 'Home',
  end: 'End',
  pageup: 'PgUp',
  pagedown: 'PgDn',
  space: 'Space',
};

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** A key as help and footer write it: "Ctrl-P", "Shift-Tab", "Enter", "a". */
export const keyTitle = (key: string): string => {
  const match = /^((?:ctrl-|alt-|shift-)*)(.+)$/.exec(key);
  const [, modifiers = '', base = key] = match ?? [];
  const name = shown[base] ?? (modifiers === '' ? base : base.toUpperCase());
  return modifiers.split('-').filter(Boolean).map(capital).concat(name).join('-');
};

/** The grapheme that a key types into a text field, or null. */
export const typed = (key: string): string | null => {
  if (key === 'space') return ' ';
  if (named.includes(key) || /^(ctrl|alt|shift)-/.test(key)) return null;
  return key;
};

/** Why a key cannot be bound, or null. */
export const badKey = (key: string): string | null => {
  const base = key.replace(/^(?:(?:ctrl|alt|shift)-)+(?=.)/, '');
  if (/^ctrl-[hij]$/.test(key))
    return t`${keyTitle(key)} reaches no program: terminals send it as another key`;
  if (/^f\d+$/.test(base)) return t('function keys do not arrive through this terminal library');
  if (base !== key && base.length === 1 && /[A-Z]/.test(base))
    return t('write letters after ctrl- or alt- small');
  if (named.includes(base)) return null;
  return graphemes(base).length === 1 ? null : t`"${key}" is no key's name`;
};
