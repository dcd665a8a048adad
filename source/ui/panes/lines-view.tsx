import { Lines } from '../parts/lines.tsx';
import { useKeysHere, useServices, useWholeWorld } from '../screen-services.ts';
import { useShownNow } from '../use-now.tsx';
import { footerLine } from './footer.ts';
import { headerLine, verdictLine } from './header.ts';

type Props = { readonly width: number };

export const HeaderView = ({ width }: Props) => {
  const world = useWholeWorld();
  const { options } = useServices();
  return <Lines lines={[headerLine(world, useShownNow(), options, width)]} width={width} />;
};

export const VerdictView = ({ width }: Props) => {
  const world = useWholeWorld();
  return <Lines lines={[verdictLine(world, useShownNow(), width, useKeysHere())]} width={width} />;
};

export const FooterView = ({ width }: Props) => {
  const world = useWholeWorld();
  const { keymap } = useServices().context;
  return <Lines lines={[footerLine(world, keymap, width)]} width={width} />;
};
