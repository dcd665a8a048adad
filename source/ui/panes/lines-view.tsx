import { Lines } from '../parts/lines.tsx';
import { useKeysHere, useServices, useWholeWorld } from '../screen-services.ts';
import { useShownNow } from '../use-now.tsx';
import { footerLine } from './footer.ts';
import { headerLine, verdictLine } from './header.ts';

type Props = { readonly width: number; readonly top: number };

export const HeaderView = ({ width, top }: Props) => {
  const world = useWholeWorld();
  const { options } = useServices();
  return <Lines lines={[headerLine(world, useShownNow(), options, width)]} width={width} top={top} />;
};

export const VerdictView = ({ width, top }: Props) => {
  const world = useWholeWorld();
  return <Lines lines={[verdictLine(world, useShownNow(), width, useKeysHere())]} width={width} top={top} />;
};

export const FooterView = ({ width, top }: Props) => {
  const world = useWholeWorld();
  const { keymap } = useServices().context;
  return <Lines lines={[footerLine(world, keymap, width)]} width={width} top={top} />;
};
