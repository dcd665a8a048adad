import type { Role } from '../theme.ts';
import { clip, line, type Span, type StyledLine, span, widthOf } from './styled-line.ts';

/** A line with a text of narrow characters written over it from a column on. */
export const over = (of: StyledLine, column: number, text: string, role: Role = 'dim'): StyledLine => {
  const before: Span[] = [];
  const after: Span[] = [];
  let at = 0;
  for (const part of of) {
    const head = clip(part.text, Math.max(0, column - at));
    const tail = part.text.slice(clip(part.text, Math.max(0, column + text.length - at)).length);
    at += widthOf(part.text);
    if (head !== '') before.push({ ...part, text: head });
    if (tail !== '' && at > column + text.length) after.push({ ...part, text: tail });
  }
  return line(before, span(text, role), after);
};

/** What stands in so many columns from one on; blanks where the line has ended. */
export const charactersAt = (of: StyledLine, column: number, columns: number): string => {
  const text = of.map(part => part.text).join('');
  return clip(text.slice(clip(text, column).length), columns).padEnd(columns);
};
