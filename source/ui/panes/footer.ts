import type { World } from '../../bench/view/store.ts';
import type { Command, Keymap, KeyOf } from '../../commands/calling/command.ts';
import { firstKeys } from '../../commands/calling/keymap.ts';
import { placeOf } from '../../commands/calling/overlays.ts';
import { t } from '../../core/words/translate.ts';
import { line, type Span, type StyledLine, span, widthOf } from '../parts/styled-line.ts';

type Hint = { readonly key: string; readonly short: string; readonly priority: number };

const hintOf = (keyOf: KeyOf, command: Command, world: World): Hint => ({
  key: keyOf(command.id),
  short: t(typeof command.short === 'string' ? command.short : command.short(world)),
  priority: typeof command.footer === 'number' ? command.footer : command.footer(world),
});

const widthOfHint = ({ key, short }: Hint): number => widthOf(key) + 1 + widthOf(short);

/** Commands that can be used here now, whole hints only: the most important ones that fit, in the table's order. */
export const footerLine = (world: World, keymap: Keymap, width: number): StyledLine => {
  const place = placeOf(world);
  const keyOf = firstKeys(keymap);
  const hints = keymap.commands
    .filter(command => command.where.includes(place) && keymap.keysOf(command.id).length > 0)
    .filter(command => command.footer !== 0 && command.disabled(world, keyOf) === null)
    .map(command => hintOf(keyOf, command, world))
    .filter(({ priority }) => priority > 0);
  let room = width - 1;
  const kept = new Set<Hint>();
  for (const hint of [...hints].sort((a, b) => b.priority - a.priority)) {
    const needed = widthOfHint(hint) + 2;
    if (needed > room) continue;
    room -= needed;
    kept.add(hint);
  }
  const spans: Span[] = [];
  for (const hint of hints) {
    if (!kept.has(hint)) continue;
    spans.push(span(spans.length === 0 ? ' ' : '  '), span(hint.key, 'key'), span(` ${hint.short}`, 'dim'));
  }
  return line(spans);
};
