/**
 * Index behind the `/expression/flags` that begins at `open`, or -1 where it is not closed. A backslash hides the
 * character behind it, so that \/ is a slash.
 */
export const patternEnd = (text: string, open: number): number => {
  for (let at = open + 1; at < text.length; at++) {
    const character = text[at]!;
    if (character === '\n') return -1;
    if (character === '\\') at++;
    else if (character === '/') {
      let end = at + 1;
      while (/[a-z]/i.test(text[end] ?? '')) end++;
      return end;
    }
  }
  return -1;
};

/** Where the word before `end` begins and ends: what stands between blanks. */
const wordBefore = (text: string, end: number): { readonly from: number; readonly word: string } => {
  let to = end;
  while (to > 0 && /\s/.test(text[to - 1]!)) to--;
  let from = to;
  while (from > 0 && /\S/.test(text[from - 1]!)) from--;
  return { from, word: text.slice(from, to) };
};

/** Whether what stands before `end` is a rule's `recv`: behind `a1.on`, or the rule's own first word. */
const endsInRecv = (text: string, end: number): boolean => {
  const recv = wordBefore(text, end);
  if (recv.word !== 'recv') return false;
  const { word } = wordBefore(text, recv.from);
  return word === '' || /^[a-z]\w*\.on$/.test(word);
};

/**
 * Whether a regular expression begins at `at`: a slash behind `=>` or behind a rule's `recv` is one, elsewhere it is a
 * slash.
 */
export const beginsPattern = (text: string, at: number): boolean => {
  if (text[at] !== '/') return false;
  let before = at - 1;
  while (before >= 0 && /\s/.test(text[before]!)) before--;
  if (text[before] === '>' && text[before - 1] === '=') return true;
  return before < at - 1 && endsInRecv(text, at);
};
