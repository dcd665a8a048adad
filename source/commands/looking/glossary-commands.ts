import { conditionOf } from '../../bench/view/selectors-sockets.ts';
import type { World } from '../../bench/view/store.ts';
import { isActorPane, shownBench } from '../../bench/view/view.ts';
import { parsed, refused } from '../../core/language/parsed.ts';
import { nearest } from '../../core/language/suggest.ts';
import { isProgram } from '../../core/model/actors.ts';
import { glossary } from '../../core/words/glossary.ts';
import { termsOfEntry, termsOfProgram, termsOfSocket } from '../../core/words/terms-of.ts';
import { marked, t } from '../../core/words/translate.ts';
import { type Context, command, type Parameter, panePlaces, refusal } from '../calling/command.ts';
import { closeOverlay, openOverlay, overlayOf, topOverlay } from '../calling/overlays.ts';
import { actorInFocus, paneTitle, socketInFocus } from '../calling/targets.ts';
import { openLab } from '../keeping/lab-list.ts';
import { shownEntry } from './cause-commands.ts';
import { glossaryWords, words } from './glossary-words.ts';

/** The title of a program's pane, explained: its policy and its loops. */
export const explainTitle = (context: Context): void => {
  const world = context.store.getState();
  const actor = actorInFocus(world);
  const here = termsOfProgram(shownBench(world), actor);
  openOverlay(context, { kind: 'glossary', about: paneTitle(actor), here, at: 0 });
};

/** What is under the cursor, and the words that stand there. */
const under = (context: Context, world: World): { about: string; here: readonly string[] } => {
  const bench = shownBench(world);
  const top = topOverlay(world.view);
  if (top?.kind === 'why') return { about: t('who waits for whom'), here: ['DEADLOCK', 'BLOCKED', 'queued'] };
  if (top?.kind === 'entry' || (!top && !isActorPane(world.view.focus))) {
    const entry = shownEntry(context);
    return entry ? { about: t`entry #${entry.n}`, here: termsOfEntry(entry) } : { about: '', here: [] };
  }
  const socket = socketInFocus(world);
  if (socket) return { about: socket.name, here: termsOfSocket(bench, socket, conditionOf(socket)) };
  const actor = actorInFocus(world);
  return { about: paneTitle(actor), here: isProgram(actor) ? termsOfProgram(bench, actor) : [] };
};

/** A word of the glossary, however its letters are written; '' for those of what is under the cursor. */
const word: Parameter<string> = {
  title: marked('word'),
  hint: marked('ESTAB, EOF, Recv-Q, ECONNRESET ...; empty: those of what is under the cursor'),
  fallback: () => '',
  parse: text => {
    const sought = text.trim().toLowerCase();
    const found = words.find(each => each.toLowerCase() === sought);
    if (sought === '' || found) return parsed(found ?? '');
    const meant = nearest(text.trim(), words);
    return refused(
      meant
        ? t`"${text.trim()}" is no word of the glossary: did you mean ${meant}?`
        : t`"${text.trim()}" is no word of the glossary`,
    );
  },
};

const open = command<{ word: string }>({
  id: 'glossary',
  title: marked('Glossary: what the words under the cursor mean, and the lab that shows each'),
  short: marked('words'),
  keys: ['i'],
  where: [...panePlaces, 'lab', 'entry', 'stream', 'why'],
  footer: 27,
  parameters: { word },
  run: (context, { word: chosen }) => {
    const { about, here } =
      chosen === '' ? under(context, context.store.getState()) : { about: chosen, here: [chosen] };
    // Typed with a word, it comes in place of the palette.
    if (overlayOf(context.store.getState(), 'palette')) closeOverlay(context);
    openOverlay(context, { kind: 'glossary', about, here, at: 0 });
  },
});

const start = command({
  id: 'glossary-lab',
  title: marked('Start the lab that shows the chosen word'),
  short: marked('start its lab'),
  keys: ['enter'],
  where: ['glossary'],
  footer: 68,
  listed: false,
  run: context => {
    const overlay = overlayOf(context.store.getState(), 'glossary');
    const term = overlay && glossary.get(glossaryWords(overlay)[overlay.at] ?? '');
    if (!term) return null;
    if (!context.app.labs) return refusal(t('Labs cannot be opened here'));
    closeOverlay(context);
    return openLab(context, term.lab);
  },
});

export const glossaryCommands = [open, start];
