import type { OverlayKind, OverlayOf, overlayTable } from '../../bench/view/overlay.ts';
import type { World } from '../../bench/view/store.ts';
import { fieldText } from '../../bench/view/text-field.ts';
import { paneIds } from '../../bench/view/view.ts';
import type { Command, Keymap, Place } from '../../commands/calling/command.ts';
import { firstKeys, keyHints } from '../../commands/calling/keymap.ts';
import { paneTitle } from '../../commands/calling/targets.ts';
import { helpItems, keysTitle } from '../../commands/looking/help-commands.ts';
import { drawField } from '../parts/field.ts';
import { frame } from '../parts/frame.ts';
import { line, padded, type StyledLine, span, widthOf } from '../parts/styled-line.ts';
import type { Theme } from '../theme.ts';
import { centred, type Drawn, listed, listWindow, type Screen } from './drawn.ts';

/** Where keys are not for typing. */
type Listed =
  | { [K in OverlayKind]: (typeof overlayTable)[K] extends 'text' ? never : K }[OverlayKind]
  | 'time';

const overPanes: Readonly<Record<Listed, string>> = {
  confirm: 'at a question',
  time: 'of the time bar',
  entry: 'while an entry is open',
  stream: 'while a stream is open',
  menu: 'in the close menu',
  why: 'while it is shown who waits for whom',
  options: "in a socket's options",
  rules: 'in the list of rules',
  saved: 'in the list of kept names',
};

const placeTitle = (place: string): string => {
  const pane = [...paneIds, 'lab' as const].find(id => id === place);
  return pane ? `in the ${paneTitle(pane)} pane` : (overPanes[place as Listed] ?? '');
};

type Shown = {
  readonly items: readonly Command[];
  readonly at: number;
  readonly first: number;
  readonly page: number;
};

/** The part of the list around the chosen row, keys first. */
const itemLines = (
  { items, at, first, page }: Shown,
  world: World,
  keymap: Keymap,
  theme: Theme,
): StyledLine[] => {
  const keyOf = firstKeys(keymap);
  if (items.length === 0) return [line(span('   No key matches', 'dim'))];
  const keys = items.map(command => keysTitle(keymap, command.id));
  const keyWidth = Math.min(22, Math.max(0, ...keys.map(widthOf)));
  return items.slice(first, first + page).map((command, index) => {
    const chosen = first + index === at;
    const reason = command.disabled(world, keyOf);
    return line(
      span(chosen ? ` ${theme.cursor} ` : '   ', 'focus'),
      span(padded(keys[first + index]!, keyWidth), 'key'),
      span(`  ${command.title}`, chosen ? 'selected' : reason === null ? 'plain' : 'dim'),
      reason === null ? null : span(`  (${reason})`, 'dim'),
    );
  });
};

/** The keys that work where help was opened; what cannot be done now says why. */
export const drawHelp = (
  overlay: OverlayOf<'help'>,
  world: World,
  keymap: Keymap,
  screen: Screen,
  theme: Theme,
): Drawn => {
  const items = helpItems(keymap, overlay.place as Place, fieldText(overlay.filter));
  const height = screen.rows - 2;
  const box = centred(screen, 96, height);
  const page = height - 5;
  const label = ' filter: ';
  const field = drawField(overlay.filter, box.width - 4 - label.length);
  const first = listWindow(overlay.at, items.length, page);
  const rows = itemLines({ items, at: overlay.at, first, page }, world, keymap, theme);
  const content = [line(span(label, 'dim'), field.line), line(), ...rows];
  const title = {
    name: line(span(`Keys ${placeTitle(overlay.place)}`, 'title')),
    notes: [`${items.length} ${items.length === 1 ? 'key' : 'keys'}`],
    foot: `type to filter, ${keyHints(firstKeys(keymap), ['enter-help', 'runs'], ['back', 'back'])}`,
  };
  return {
    ...box,
    frame: frame(title, content, box.width, height, true, theme),
    cursor: { x: box.left + 1 + label.length + field.cursor, y: box.top + 1 },
    page,
    count: items.length,
    items: listed(2, first, Math.min(page, items.length)),
  };
};
