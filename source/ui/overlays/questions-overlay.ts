import type { OverlayOf } from '../../bench/view/overlay.ts';
import type { World } from '../../bench/view/store.ts';
import type { Keymap, KeyOf } from '../../commands/calling/command.ts';
import { keysFrom } from '../../commands/calling/hint-keys.ts';
import { firstKeys, keyHints } from '../../commands/calling/keymap.ts';
import { keysTitle } from '../../commands/looking/help-commands.ts';
import { menuChoices } from '../../commands/looking/menu-choices.ts';
import { safeText } from '../../core/bytes/payload.ts';
import { t } from '../../core/words/translate.ts';
import { frame } from '../parts/frame.ts';
import { line, padded, type StyledLine, span } from '../parts/styled-line.ts';
import { wrap } from '../parts/wrap-text.ts';
import type { Theme } from '../theme.ts';
import { centred, type Drawn, listed, type Screen } from './drawn.ts';

const boxed = (
  title: string,
  foot: string,
  content: readonly StyledLine[],
  screen: Screen,
  theme: Theme,
): Drawn => {
  const height = content.length + 2;
  const box = centred(screen, 72, height);
  return {
    ...box,
    frame: frame(
      { name: line(span(title, 'title')), notes: [], foot },
      content,
      box.width,
      height,
      true,
      theme,
    ),
    cursor: null,
    page: 1,
    count: content.length,
  };
};

/** Half-close, close or reset, and what the peer sees of each; and tidying up. */
export const drawMenu = (
  overlay: OverlayOf<'menu'>,
  world: World,
  keymap: Keymap,
  screen: Screen,
  theme: Theme,
): Drawn => {
  const keyOf = firstKeys(keymap);
  const rows = menuChoices.map((id, index): StyledLine => {
    const command = keymap.commands.find(each => each.id === id);
    const reason = command?.disabled(world, keysFrom(keymap)(world)) ?? null;
    return line(
      span(overlay.at === index ? ` ${theme.cursor} ` : '   ', 'focus'),
      span(padded(keysTitle(keymap, id), 3), 'key'),
      span(t(command?.title ?? id), reason !== null ? 'dim' : overlay.at === index ? 'selected' : 'plain'),
      reason === null ? null : span(`  ${t`(${reason})`}`, 'dim'),
    );
  });
  const menu = boxed(
    t`Close ${overlay.socket}`,
    keyHints(keyOf, ['enter-menu', t('does it')], ['back', t('back')]),
    [line(), ...rows, line()],
    screen,
    theme,
  );
  return { ...menu, items: listed(1, 0, rows.length) };
};

/** A question asked only where something would be lost. */
export const drawConfirm = (
  overlay: OverlayOf<'confirm'>,
  keyOf: KeyOf,
  screen: Screen,
  theme: Theme,
): Drawn => {
  const width = Math.min(72, screen.columns - 2) - 4;
  const question = wrap(safeText(overlay.question), width).map(part => line(' ', part));
  return boxed(
    t('Sure?'),
    keyHints(keyOf, ['yes', t('yes')], ['no', t('no')]),
    [line(), ...question, line()],
    screen,
    theme,
  );
};
