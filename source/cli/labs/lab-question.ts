import type { Overlay } from '../../bench/view/overlay.ts';
import type { WorldStore } from '../../bench/view/store.ts';

/** What a lab asks a person before it goes on, one question at a time. */
export type LabQuestions = {
  /** Puts the question on the screen; true only where the person says yes. */
  readonly ask: (store: WorldStore, question: string) => Promise<boolean>;
  readonly answer: (yes: boolean) => void;
};

export const createLabQuestions = (): LabQuestions => {
  let settle: (yes: boolean) => void = () => {};

  const ask = (store: WorldStore, question: string): Promise<boolean> =>
    new Promise(resolve => {
      const overlay: Overlay = { kind: 'confirm', question, command: 'lab-allow', values: {} };
      store.setState(({ view }) => ({ view: { ...view, overlays: [...view.overlays, overlay] } }));
      // However the question leaves the screen, what is no yes is a no; a yes is told in the same turn.
      const stop = store.subscribe(({ view }) => {
        if (!view.overlays.includes(overlay)) setTimeout(() => settle(false), 0);
      });
      settle = yes => {
        settle = () => {};
        stop();
        resolve(yes);
      };
    });

  return { ask, answer: yes => settle(yes) };
};
