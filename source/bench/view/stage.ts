import type { View } from './view.ts';

/** Which step of the lesson is next, as a word; '' where none is. */
export const nextStep = ({ lab }: Pick<View, 'lab'>): string => {
  const at = lab ? lab.lines.findIndex(({ status }) => status === 'next') : -1;
  return lab && at >= 0 ? `${lab.name} ${lab.stage} ${lab.round} ${at}` : '';
};

/** On stage the next step stays hidden until it was asked for. */
export const hidesNext = (view: Pick<View, 'lab' | 'stage' | 'revealed'>): boolean =>
  view.stage && nextStep(view) !== '' && view.revealed !== nextStep(view);
