/** A fault that is there with others at the same time: a campaign must report it, with a seed, and with these words. */
export type Planted = {
  readonly name: string;
  readonly file: string;
  readonly text: string;
  readonly becomes: string;
  readonly campaign: string;
  readonly says: RegExp;
};

export const planted: readonly Planted[] = [
  {
    name: 'what is printed goes out as it is',
    file: 'source/cli/print.ts',
    text: 'const safe = safeLines(what);',
    becomes: 'const safe = what;',
    campaign: 'hostile',
    says: /^ +Error: (?:command lines|labs|settings|sessions|the environment).*: /m,
  },
  {
    name: 'a parser throws',
    file: 'source/core/language/units.ts',
    text: 'const size = Number(whole + fraction) * unit;',
    becomes: `const size = Number(whole + fraction) * unit;
  if (whole.startsWith('99')) throw new TypeError('a planted fault');`,
    campaign: 'parsers',
    says: /a planted fault/,
  },
  {
    name: 'a bit of what was received is another',
    file: 'source/drivers/sockets/tcp-reading.ts',
    text: "if (call.peek === 'no' && !call.all) return",
    becomes: `if (part.length > 4_000) part[0]! ^= 1;
    if (call.peek === 'no' && !call.all) return`,
    campaign: 'nothing-lost',
    says: /wrong/,
  },
];
