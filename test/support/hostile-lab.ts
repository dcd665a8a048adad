/** How many places of a lab may be spoiled. */
export const hostileFields = 10;

/** A lab with a word in one of its places: names, titles, keys, variables, texts, lines of its own and behind them. */
export const hostileLab = (word: string, at: number): string => {
  const field = (index: number, text: string) => JSON.stringify(at === index ? `${text}${word}` : text);
  return [
    `lab: ${field(0, 'hostile')}`,
    `title: { en: ${field(1, 'A')}, zh: ${field(2, 'B')} }`,
    ...(at === 3 ? [`${field(3, 'x')}: 1`] : []),
    `let: { ${at === 4 ? field(4, 'x') : 'x'}: ${field(5, '1')} }`,
    'stages:',
    `  - say: { en: ${field(6, 'Say')}, zh: ${field(7, 'C')} }`,
    ...(at === 9
      ? ['    do: |', `      ${word.replaceAll('\n', ' ')}`]
      : [`    do: ${field(8, 's1 = socket\ngetservbyname "$x" => 1')}`]),
  ].join('\n');
};
