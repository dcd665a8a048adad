import type { Layer } from '../canvas.ts';
import type { Frame } from './frame.ts';
import { Lines, useTheme } from './lines.tsx';
import { drawnLine, line } from './styled-line.ts';

type Props = {
  readonly frame: Frame;
  readonly left: number;
  readonly top: number;
  readonly layer?: Layer;
};

/** A frame on the screen. */
export const Framed = ({ frame, left, top, layer }: Props) => {
  const { ellipsis } = useTheme();
  const { width, side } = frame;
  const rows = frame.rows.map(row => line(side, drawnLine(row, width - 2, ellipsis), side));
  return (
    <Lines lines={[frame.top, ...rows, frame.bottom]} left={left} top={top} width={width} layer={layer} />
  );
};
