import type { Overlay } from '../bench/view/overlay.ts';
import type { World } from '../bench/view/store.ts';
import { shownBench } from '../bench/view/view.ts';
import { waitGroups } from '../bench/view/wait-groups.ts';
import { rowWords } from '../commands/keeping/saved-value.ts';
import { optionsOf } from '../commands/sockets/option-list.ts';
import { savedRows } from '../core/model/saved-names.ts';
import { glossary, wordTitle } from '../core/words/glossary.ts';
import { rulesListed, ruleWords } from '../core/words/rule-words.ts';
import { t } from '../core/words/translate.ts';
import { type WhyContext, whyRows } from './overlays/why-overlay.ts';
import { themeFor } from './theme.ts';

/** Groups of waiting calls told at once. */
const mostGroups = 50;

const lineWidth = 200;

const whyWords = (world: World, context: Pick<WhyContext, 'now' | 'keyOf'>): string[] => {
  const bench = shownBench(world);
  const drawing = {
    ...context,
    keysAfter: () => context.keyOf,
    bench,
    chosen: 0,
    width: lineWidth,
    theme: themeFor(true),
  };
  const rows = whyRows(waitGroups(bench), mostGroups, drawing);
  return rows.map(({ line }) => line.map(({ text }) => text).join('')).filter(text => text.trim() !== '');
};

const optionWords = (world: World, overlay: Extract<Overlay, { kind: 'options' }>): string[] => {
  const socket = shownBench(world).sockets.get(overlay.socket);
  return (socket ? optionsOf(socket) : []).flatMap(({ option, does }) => {
    const reading = overlay.readings[option];
    return reading ? [t`${`${option} ${reading.value}`} (${t(reading.note)}): ${t(does)}`] : [];
  });
};

/** What an overlay shows, in lines: who waits for whom, rules, what is kept under names, words, code, or a socket's options once they were read; else none. */
export const overlayWords = (world: World, context: Pick<WhyContext, 'now' | 'keyOf'>): readonly string[] => {
  const overlay = world.view.overlays.at(-1);
  if (overlay?.kind === 'why') return whyWords(world, context);
  if (overlay?.kind === 'rules')
    return rulesListed(shownBench(world).rules).map(rule => ruleWords(rule, context.now));
  if (overlay?.kind === 'glossary')
    return overlay.here.map(word => {
      const { says, lab } = glossary.get(word)!;
      return t`${wordTitle(word)}: ${says} Lab ${lab}.`;
    });
  if (overlay?.kind === 'code') return overlay.code[overlay.form].trimEnd().split('\n');
  if (overlay?.kind === 'saved') return savedRows(world.view.saved).map(rowWords);
  return overlay?.kind === 'options' ? optionWords(world, overlay) : [];
};
