import { chooseItem, scrollOverlay } from '../../commands/looking/choices.ts';
import { Framed } from '../parts/framed.tsx';
import { useServices } from '../screen-services.ts';
import { usePage, useSpot } from '../use-last-drawn.ts';
import type { Drawn } from './drawn.ts';

/** An overlay at its place; `onTop`: it has the keys. */
export const Shown = ({ drawn, onTop }: { readonly drawn: Drawn; readonly onTop: boolean }) => {
  const { context } = useServices();
  usePage(onTop, drawn.page, drawn.count, drawn.first);
  useSpot('overlay', {
    left: drawn.left,
    top: drawn.top,
    width: drawn.width,
    height: drawn.frame.rows.length + 2,
    over: true,
    click: row => {
      const item = drawn.items?.[row - 1] ?? -1;
      if (onTop && item >= 0) chooseItem(context, item);
    },
    wheel: by => {
      if (onTop) scrollOverlay(context, by);
    },
  });
  return <Framed frame={drawn.frame} left={drawn.left} top={drawn.top} layer="over" />;
};
