import fuzzysort from 'fuzzysort';
import type { LabTitle } from '../../bench/view/lab-view.ts';
import type { OverlayOf } from '../../bench/view/overlay.ts';
import { fieldText } from '../../bench/view/text-field.ts';
import { isProgram } from '../../core/model/actors.ts';
import { t } from '../../core/words/translate.ts';
import { type Context, look, type Result, refusal } from '../calling/command.ts';
import { changeOverlay, closeOverlay, overlayOf } from '../calling/overlays.ts';

/** The labs that match what is typed, the best first; all of them, in the order of the course, while nothing is. */
export const labItems = ({
  labs,
  filter,
}: Pick<OverlayOf<'labs'>, 'labs' | 'filter'>): readonly LabTitle[] => {
  const text = fieldText(filter).trim();
  if (!labs || text === '') return labs ?? [];
  return fuzzysort
    .go(text, [...labs], { keys: ['name', 'title', 'chapter'], threshold: 0.3 })
    .map(({ obj }) => obj);
};

export const loadLabs = async (context: Context): Promise<Result> => {
  const { labs, trouble } = (await context.app.labs?.list()) ?? { labs: [], trouble: '' };
  const left = labs.findIndex(each => each.left !== '');
  const next = left >= 0 ? left : labs.findIndex(({ done }) => !done);
  changeOverlay(context, 'labs', { labs, trouble, at: Math.max(0, next) });
  return null;
};

/** How many sockets leaving the bench on the screen would close. */
export const socketsOpen = (context: Context): number => {
  let open = 0;
  for (const { closed, actor } of context.source.state().sockets.values())
    if (!closed && isProgram(actor)) open++;
  return open;
};

export const closedWords = (open: number): string =>
  open === 1 ? t('Its one socket is closed.') : t`Its ${open} sockets are closed.`;

/** Puts a lab on the screen; a sentence where it cannot be. Asks before another lab's sockets are closed for it. */
export const openLab = async (context: Context, nameOrFile: string, goOn = false): Promise<Result> => {
  const { lab } = context.store.getState().view;
  const open = socketsOpen(context);
  if (!lab || open === 0) return openLabNow(context, nameOrFile, goOn);
  const question = t`Leave the lab ${lab.name} for another one? ${closedWords(open)}`;
  look(context, {
    overlays: [
      {
        kind: 'confirm',
        question,
        command: 'lab-open-now',
        values: { name: nameOrFile, goOn: goOn ? 'yes' : '' },
      },
    ],
  });
  return null;
};

export const openLabNow = async (context: Context, nameOrFile: string, goOn = false): Promise<Result> => {
  if (!context.app.labs) return refusal(t('Labs cannot be opened here'));
  const trouble = await context.app.labs.open(nameOrFile, goOn);
  return trouble === '' ? null : refusal(trouble);
};

/** Enter in the list of labs: opens the chosen one, where it was left, or the file whose path was typed. */
export const submitLabs = async (context: Context): Promise<void> => {
  const overlay = overlayOf(context.store.getState(), 'labs');
  if (!overlay || overlay.busy) return;
  const chosen = labItems(overlay)[overlay.at]?.name ?? fieldText(overlay.filter).trim();
  if (chosen === '') return;
  changeOverlay(context, 'labs', { busy: true, refusal: null });
  const refused = await openLab(context, chosen, true);
  if (refused) changeOverlay(context, 'labs', { busy: false, refusal: refused });
  else if (overlayOf(context.store.getState(), 'labs')) closeOverlay(context);
};
