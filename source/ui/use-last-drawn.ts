import { useLayoutEffect } from 'react';
import type { Spot } from '../commands/looking/last-drawn.ts';
import { useServices } from './screen-services.ts';

/** The list that has the keys tells how long a page is, and how many rows it has where it scrolls by rows. */
export const usePage = (active: boolean, page: number, lines = 0, top = 0): void => {
  const { lastDrawn } = useServices().context;
  useLayoutEffect(() => {
    if (active) Object.assign(lastDrawn, { page, lines, top });
  }, [active, lastDrawn, page, lines, top]);
};

/** Where the lesson was drawn from: scrolling begins there. */
export const useLabTop = (top: number): void => {
  const { lastDrawn } = useServices().context;
  useLayoutEffect(() => {
    lastDrawn.labTop = top;
  }, [lastDrawn, top]);
};

/** A part of the screen tells where it is and what the mouse does there, for as long as it is drawn; null: nothing. */
export const useSpot = (name: string, spot: Spot | null): void => {
  const { spots } = useServices().context.lastDrawn;
  useLayoutEffect(() => {
    if (!spot) return undefined;
    spots.set(name, spot);
    return () => {
      spots.delete(name);
    };
  }, [spots, name, spot]);
};
