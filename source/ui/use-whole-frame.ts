import { useEffect } from 'react';

/** Windows that are drawn larger and smaller say so many times; once they have been still for so long, in ms. */
const settled = 150;

/**
 * Draws the whole frame anew once the terminal's size has settled. A terminal cuts or moves what stands on it at each size that it
 * passes through, and where it comes back to the size it had there is nothing that has changed for Ink or Node: neither would draw.
 */
export const useWholeFrame = (redraw: () => void): void =>
  useEffect(() => {
    let timer: NodeJS.Timeout | undefined;
    const resized = () => {
      clearTimeout(timer);
      timer = setTimeout(redraw, settled);
    };
    process.on('SIGWINCH', resized);
    return () => {
      clearTimeout(timer);
      process.off('SIGWINCH', resized);
    };
  }, [redraw]);
