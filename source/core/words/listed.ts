/** `a`, `a or b`, `a, b or c`; beyond `most` a number stands for the rest: `a, b or 7 more`. */
export const listed = (words: readonly string[], last: 'and' | 'or', most = 4): string => {
  const shown =
    words.length > most ? [...words.slice(0, most - 1), `${words.length - most + 1} more`] : words;
  if (shown.length < 2) return shown[0] ?? '';
  return `${shown.slice(0, -1).join(', ')} ${last} ${shown.at(-1)}`;
};
