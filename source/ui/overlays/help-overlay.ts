import type { OverlayKind, OverlayOf, overlayTable } from '../../bench/view/overlay.ts';
import type { World } from '../../bench/view/store.ts';
import { fieldText } from '../../bench/view/text-field.ts';
import { paneIds } from '../../bench/view/view.ts';
import type { Command, Keymap, Place } from '../../commands/calling/command.ts';
import { keysFrom } from '../../commands/calling/hint-keys.ts';
import { firstKeys, keyHints } from '../../commands/calling/keymap.ts';
import { paneTitle } from '../../commands/calling/targets.ts';
import { helpItems, keysTitle } from '../../commands/looking/help-commands.ts';
import { marked, t } from '../../core/words/translate.ts';
import { drawField } from '../parts/field.ts';
import { frame } from '../parts/frame.ts';
import { line, padded, type StyledLine, span, widthOf } from '../parts/styled-line.ts';
import { wrap } from '../parts/wrap-text.ts';
import type { Theme } from '../theme.ts';
import { centred, type Drawn, listWindow, type Screen } from './drawn.ts';

/** Where keys are not for typing. */
type Listed =
  | { [K in OverlayKind]: (typeof overlayTable)[K] extends 'text' ? never : K }[OverlayKind]
  | 'time';

/** Whose keys are listed. */
const overPanes: Readonly<Record<Listed, string>> = {
  confirm: marked('Keys at a question'),
  time: marked('Keys of the time bar'),
  entry: marked('Keys while an entry is open'),
  stream: marked('Keys while a stream is open'),
  code: marked('Keys while code is shown'),
  menu: marked('Keys in the close menu'),
  why: marked('Keys while it is shown who waits for whom'),
  options: marked("Keys in a socket's options"),
  rules: marked('Keys in the list of rules'),
  saved: marked('Keys in the list of kept names'),
  glossary: marked('Keys among the words'),
};

const keysIn = (place: string): string => {
  const pane = [...paneIds, 'lab' as const].find(id => id === place);
  return pane ? t`Keys in the ${paneTitle(pane)} pane` : t(overPanes[place as Listed] ?? '');
};

/** A row of the list; `item` -1 for a heading. */
type Row = { readonly line: StyledLine; readonly item: number };

/** What a command does and why it cannot be done now: beside each other where there is room, else in rows of their own. */
const wordLines = (title: string, reason: string | null, room: number, chosen: boolean): StyledLine[] => {
  const role = chosen ? 'selected' : reason === null ? 'plain' : 'dim';
  if (reason === null) return wrap(title, room, role);
  const why = t`(${reason})`;
  if (widthOf(title) + 2 + widthOf(why) <= room) return [line(span(title, role), span(`  ${why}`, 'dim'))];
  return [...wrap(title, room, role), ...wrap(why, room, 'dim')];
};

type Drawing = {
  readonly world: World;
  readonly keymap: Keymap;
  readonly width: number;
  readonly theme: Theme;
};

/** Columns that keys take where they can: more would cut the words of all others. */
const mostKeyColumns = 9;

/** Every row there is: keys, what they do and why not now, whole. Under headings, where the list is in the table's order. */
const helpRows = (
  items: readonly Command[],
  at: number,
  headed: boolean,
  { world, keymap, width, theme }: Drawing,
): Row[] => {
  if (items.length === 0) return [{ line: line(span(`   ${t('No key matches')}`, 'dim')), item: -1 }];
  const keyOf = keysFrom(keymap)(world);
  const keys = items.map(command => keysTitle(keymap, command.id));
  const keyWidth = Math.min(mostKeyColumns, Math.max(0, ...keys.map(widthOf)));
  const reasons = items.map(command => command.disabled(world, keyOf));
  return items.flatMap((command, item) => {
    const chosen = item === at;
    // A command of many keys gives up the column, not its keys.
    const margin = 3 + Math.max(keyWidth, widthOf(keys[item]!)) + 2;
    const reason = reasons[item] ?? null;
    const isSaid = !chosen && reason !== null && reason === reasons[item - 1];
    const words = wordLines(t(command.title), isSaid ? t('as above') : reason, width - margin - 1, chosen);
    const heading = headed && command.group !== items[item - 1]?.group ? [command.group] : [];
    return [
      ...heading.map(title => ({ line: line(span(` ${t(title)}`, 'title')), item: -1 })),
      ...words.map((each, row) => ({
        line:
          row > 0
            ? line(' '.repeat(margin), each)
            : line(
                span(chosen ? ` ${theme.cursor} ` : '   ', 'focus'),
                span(padded(keys[item]!, Math.max(keyWidth, widthOf(keys[item]!))), 'key'),
                '  ',
                each,
              ),
        item,
      })),
    ];
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
  const room = height - 4;
  const label = ` ${t('filter: ')}`;
  const field = drawField(overlay.filter, box.width - 4 - widthOf(label));
  const isHeaded = fieldText(overlay.filter).trim() === '';
  const rows = helpRows(items, overlay.at, isHeaded, { world, keymap, width: box.width - 2, theme });
  const chosen = rows.findIndex(({ item }) => item === overlay.at);
  const first = listWindow(chosen, rows.length, room);
  const shown = rows.slice(first, first + room);
  const seen = shown.map(({ item }) => item);
  const title = {
    name: line(span(keysIn(overlay.place), 'title')),
    notes: [items.length === 1 ? t('1 key') : t`${items.length} keys`],
    foot: t`type to filter, ${keyHints(firstKeys(keymap), ['enter-help', t('runs')], ['back', t('back')])}`,
  };
  const content = [line(span(label, 'dim'), field.line), line(), ...shown.map(row => row.line)];
  return {
    ...box,
    frame: frame(title, content, box.width, height, true, theme),
    cursor: { x: box.left + 1 + widthOf(label) + field.cursor, y: box.top + 1 },
    page: Math.max(1, new Set(seen.filter(item => item >= 0)).size),
    count: items.length,
    items: [-1, -1, ...seen],
  };
};
