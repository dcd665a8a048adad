import type { OverlayOf } from '../../bench/view/overlay.ts';
import type { KeyOf } from '../../commands/calling/command.ts';
import { keyHints } from '../../commands/calling/keymap.ts';
import { codeTitle, languageNames } from '../../commands/looking/code-titles.ts';
import { t } from '../../core/words/translate.ts';
import { frame } from '../parts/frame.ts';
import { cutUp, line, type StyledLine, span } from '../parts/styled-line.ts';
import type { Theme } from '../theme.ts';
import { centred, type Drawn, type Screen } from './drawn.ts';

const isComment = (text: string): boolean => /^\s*(#(?!include)|\/\*)/.test(text);

/** Lines of code, each in as many rows as it takes; comments give way to what is code. */
const codeLines = (code: string, width: number): readonly StyledLine[] =>
  code
    .trimEnd()
    .split('\n')
    .flatMap(text =>
      cutUp(text, width).map(part => line(' ', span(part, isComment(text) ? 'dim' : 'plain'))),
    );

/** A call, or a socket's life, as Python or as C. */
export const drawCode = (overlay: OverlayOf<'code'>, keyOf: KeyOf, screen: Screen, theme: Theme): Drawn => {
  const width = Math.min(100, screen.columns - 2);
  const all = codeLines(overlay.code[overlay.form], width - 4);
  const height = Math.min(screen.rows, Math.max(12, all.length + 2));
  const page = height - 2;
  const top = Math.min(overlay.top, Math.max(0, all.length - page));
  const other = languageNames[overlay.form === 'python' ? 'c' : 'python'];
  const more =
    all.length > page ? [t`rows ${top + 1} to ${Math.min(all.length, top + page)} of ${all.length}`] : [];
  const title = {
    name: line(span(codeTitle(overlay), 'title')),
    notes: more,
    foot: keyHints(
      keyOf,
      ['code-language', t`as ${other}`],
      ...(overlay.other
        ? [
            [
              'code-life',
              overlay.about.kind === 'call' ? t("the socket's life") : t('the call alone'),
            ] as const,
          ]
        : []),
      ['copy', t('copy')],
      ['back', t('back')],
    ),
  };
  return {
    frame: frame(title, all.slice(top, top + page), width, height, true, theme),
    ...centred(screen, width, height),
    cursor: null,
    page,
    count: all.length,
  };
};
