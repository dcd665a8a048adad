import type { Chance } from '../../support/chance.ts';

/** What a terminal would obey, in the forms that terminals read: ECMA-48, xterm's ctlseqs, kitty's and iTerm's protocols. */
const sequences: readonly string[] = [
  '\x1b]0;owned\x07',
  '\x1b]2;owned\x1b\\',
  '\x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\',
  '\x1b]52;c;b3duZWQ=\x07',
  '\x1b]1337;File=inline=1:AAAA\x07',
  '\x1b]777;notify;a;b\x07',
  '\x1b[2J\x1b[H',
  '\x1b[31m',
  '\x1b[?1049l',
  '\x1b[?1000h\x1b[?1006h',
  '\x1b[?2004l',
  '\x1b[?25l',
  '\x1b[6n\x1b[c\x1b[>q',
  '\x1b[8;1;1t\x1b[21t',
  '\x1b[5i',
  '\x1bc',
  '\x1b#8',
  '\x1b(0',
  '\x1b7\x1b8',
  '\x1bP+q544e\x1b\\',
  '\x1bPq#0\x1b\\',
  '\x1b_Ga=T;AAAA\x1b\\',
  '\x1b^private\x1b\\',
  '\x1bXstring\x1b\\',
  '\x9b2J',
  '\x9d0;owned\x9c',
  '\x90q\x9c',
  '\x9fG\x9c',
  '\x1b',
  '\x05',
  '\x07',
  '\x08\x08\x08',
  '\x0e\x0f',
  '\r',
  '\n',
  '\r\n#1 forged',
  '\t',
  '\x0b\x0c',
  '\x18\x1a',
  '\x7f',
  '\0',
];

/** What turns the order of a line around, hides in it, or ends it. */
const invisible: readonly string[] = [
  '\u202a\u202b\u202c\u202d\u202e',
  '\u2066\u2067\u2068\u2069',
  '\u200e\u200f\u061c',
  '\u200b\u200c\u200d\u2060\ufeff',
  '\u00ad\u034f\u180e',
  '\u2028\u2029\x85',
  '\u{e0001}\u{e0041}\u{e007f}',
  '\u{1d173}\u{1d17a}',
  '\ufff9\ufffa\ufffb',
  '\ufe0f\u{e0100}',
  '\u115f\u1160\u3164\uffa0',
  '\u2061\u2064\u206a\u206f',
  '\u00a0\u1680\u2007\u202f\u205f',
  '\ue000\u{f0000}\u{10fffd}',
  '\ufffe\uffff\u{1ffff}',
  '\ud800',
  '\udfff',
  '\udc00\ud800',
];

/** What takes more or less of a row than a character does. */
const wide: readonly string[] = [
  '中文字',
  '한글\u1112\u1161\u11ab',
  '\u1161'.repeat(40),
  '\u{1f600}\u{1f468}\u200d\u{1f469}\u200d\u{1f467}',
  '\u{1f1e9}\u{1f1ea}',
  'e\u0301',
  'Z\u0351\u036b\u0343\u036a\u0302'.repeat(3),
  'a\u20dd\u20de',
  '\u0e01\u0e34\u0e48',
  '\u0f40\u0f90\u0fb5\u0f71',
  '\u0915\u094d\u0937',
  '\u0300',
  '\u0301'.repeat(300),
  `x${'\u0489'.repeat(2_000)}`,
];

const ordinary = ['a', '1', ' ', '-', ':', '.', '"', "'", '\\', '/', '%s', 'é', 'name', '{0}', '$x'];

const anyCharacter = (chance: Chance): string =>
  String.fromCodePoint(chance.below([0x20, 0x100, 0x3000, 0x10000, 0x110000][chance.below(5)]!));

const piece = (chance: Chance): string => {
  switch (chance.below(6)) {
    case 0:
    case 1:
      return chance.one(sequences);
    case 2:
      return chance.one(invisible);
    case 3:
      return chance.one(wide);
    case 4:
      return anyCharacter(chance);
    default:
      return chance.one(ordinary);
  }
};

/** Text of somebody else's, up to a few dozen characters, or a flood of marks. */
export const attackText = (chance: Chance, most = 6): string =>
  Array.from({ length: 1 + chance.below(most) }, () => piece(chance)).join('');

/** UTF-8 that is none: halves, overlong forms, surrogates, what is beyond the last code point, and C1 as a byte. */
const broken: readonly (readonly number[])[] = [
  [0xff],
  [0xfe],
  [0xc0, 0xaf],
  [0xc1, 0x9b],
  [0xe0, 0x80, 0x9b],
  [0xed, 0xa0, 0x80],
  [0xf4, 0x90, 0x80, 0x80],
  [0xf0, 0x9f],
  [0xe2, 0x80],
  [0xe2],
  [0x9b, 0x32, 0x4a],
  [0x9d, 0x30, 0x3b, 0x78, 0x9c],
  [0x80],
  [0xc2],
  [0xf8, 0x88, 0x80, 0x80, 0x80],
];

/** Bytes of a peer. */
export const attackBytes = (chance: Chance, most = 6): Uint8Array =>
  Buffer.concat(
    Array.from({ length: 1 + chance.below(most) }, () =>
      chance.below(3) === 0 ? Buffer.from(chance.one(broken)) : Buffer.from(piece(chance)),
    ),
  );
