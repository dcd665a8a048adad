/** What a terminal sends for the keys that have no letter (xterm's control sequences, ctlseqs). */
export const key = {
  enter: '\r',
  escape: '\x1b',
  tab: '\t',
  shiftTab: '\x1b[Z',
  backspace: '\x7f',
  up: '\x1b[A',
  down: '\x1b[B',
  right: '\x1b[C',
  left: '\x1b[D',
  home: '\x1b[H',
  end: '\x1b[F',
  pageUp: '\x1b[5~',
  pageDown: '\x1b[6~',
  space: ' ',
} as const;

/** Ctrl with a letter: its place in the alphabet. */
export const ctrl = (letter: string): string =>
  String.fromCharCode(letter.toUpperCase().charCodeAt(0) & 0x1f);

const named: Readonly<Record<string, string>> = {
  enter: key.enter,
  escape: key.escape,
  tab: key.tab,
  backspace: key.backspace,
  delete: '\x1b[3~',
  up: key.up,
  down: key.down,
  left: key.left,
  right: key.right,
  home: key.home,
  end: key.end,
  pageup: key.pageUp,
  pagedown: key.pageDown,
  space: key.space,
  'shift-tab': key.shiftTab,
};

/** Modifiers of a cursor key, as the parameter that xterm sends: 1, and 2 for Alt, 4 for Ctrl. */
const modified = (base: string, modifier: number): string => base.replace('\x1b[', `\x1b[1;${modifier}`);

/** The bytes a terminal sends for a key by its name in the keymap: "a", "ctrl-p", "alt-left", "pageup". */
export const keyBytes = (name: string): string => {
  const known = named[name];
  if (known !== undefined) return known;
  const [, modifier, base = ''] = /^(ctrl|alt)-(.+)$/.exec(name) ?? [];
  if (modifier === 'alt')
    return base.length === 1 || base === 'backspace'
      ? `\x1b${named[base] ?? base}`
      : modified(named[base]!, 3);
  if (modifier === 'ctrl') return base.length === 1 ? ctrl(base) : modified(named[base]!, 5);
  return name;
};
