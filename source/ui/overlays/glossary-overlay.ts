import type { OverlayOf } from '../../bench/view/overlay.ts';
import type { KeyOf } from '../../commands/calling/command.ts';
import { keyHints } from '../../commands/calling/keymap.ts';
import { glossaryWords } from '../../commands/looking/glossary-words.ts';
import { glossary, wordTitle } from '../../core/words/glossary.ts';
import type { Term } from '../../core/words/glossary-rows.ts';
import { marked, t } from '../../core/words/translate.ts';
import { frame } from '../parts/frame.ts';
import { line, type StyledLine, span } from '../parts/styled-line.ts';
import { wrap } from '../parts/wrap-text.ts';
import type { Theme } from '../theme.ts';
import { centred, type Drawn, listWindow, type Screen } from './drawn.ts';

type Row = { readonly line: StyledLine; readonly item: number };

/** What a command does for a word, at its foot. */
const changing: Readonly<Record<string, string>> = {
  policy: marked('changes the policy'),
  'accept-loop': marked('the accept loop on or off'),
  'receive-loop': marked('the receive loop on or off'),
  timeout: marked('sets it'),
  cancel: marked('cancels the call'),
  why: marked('says who waits for whom'),
  'close-menu': marked('half-close, close, reset'),
};

/** The word's two sentences, the keys that change what it stands for, and its lab. */
export const termLines = (term: Term, keyOf: KeyOf, width: number): readonly StyledLine[] => {
  const keys = keyHints(keyOf, ...(term.changes ?? []).map(id => [id, t(changing[id] ?? id)] as const));
  const lab = term.near ? t`No lab shows it; the nearest is ${term.lab}` : t`Lab ${term.lab} shows it`;
  const starts = keyHints(keyOf, ['glossary-lab', t('starts it')]);
  return [
    ...wrap(term.says, width),
    ...(keys === '' ? [] : wrap(t`In its pane: ${keys}`, width, 'dim')),
    ...wrap(starts === '' ? lab : t`${lab}: ${starts}`, width, 'dim'),
  ];
};

/** The chosen word with its sentences under it, the others as they are listed. */
const rowsOf = (overlay: OverlayOf<'glossary'>, keyOf: KeyOf, width: number, theme: Theme): readonly Row[] =>
  glossaryWords(overlay).flatMap((word, item) => {
    const term = glossary.get(word)!;
    const chosen = item === overlay.at;
    const { length } = overlay.here;
    const heading =
      item === length && length > 0 ? [{ line: line(span(` ${t('All others')}`, 'title')), item: -1 }] : [];
    const name = line(
      span(chosen ? ` ${theme.cursor} ` : '   ', 'focus'),
      span(wordTitle(word), chosen ? 'selected' : 'strong'),
    );
    const told = chosen ? termLines(term, keyOf, width - 7) : [];
    return [
      ...heading,
      { line: name, item },
      ...told.map(each => ({ line: line('      ', each), item })),
      ...(chosen ? [{ line: line(), item: -1 }] : []),
    ];
  });

/** What the words mean that stand under the cursor, then all other words. */
export const drawGlossary = (
  overlay: OverlayOf<'glossary'>,
  keyOf: KeyOf,
  screen: Screen,
  theme: Theme,
): Drawn => {
  const height = Math.min(24, screen.rows - 1);
  const box = centred(screen, 84, height);
  const room = height - 2;
  const rows = rowsOf(overlay, keyOf, box.width - 2, theme);
  const of = rows.flatMap(({ item }, row) => (item === overlay.at ? [row] : []));
  // All that is said of the chosen word is seen.
  const first = Math.min(listWindow(of[0] ?? 0, rows.length, room), of[0] ?? 0);
  const from = Math.max(first, (of.at(-1) ?? 0) - room + 2);
  const shown = rows.slice(from, from + room);
  const title = {
    name: line(span(overlay.about === '' ? t('Words') : t`Words: ${overlay.about}`, 'title')),
    notes: [],
    foot: keyHints(keyOf, ['glossary-lab', t('starts its lab')], ['back', t('back')]),
  };
  return {
    ...box,
    frame: frame(
      title,
      shown.map(row => row.line),
      box.width,
      height,
      true,
      theme,
    ),
    cursor: null,
    page: room,
    count: glossaryWords(overlay).length,
    items: shown.map(({ item }) => item),
  };
};
