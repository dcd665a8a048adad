import { useShallow } from 'zustand/react/shallow';
import { shownBench } from '../../bench/view.ts';
import { programs } from '../../core/names.ts';
import { useNow } from '../now.ts';
import { line, span } from '../parts/line.ts';
import { Lines } from '../parts/lines.tsx';
import { useKeyOf, useServices, useWorld } from '../services.ts';
import { footerLine } from './footer.ts';
import { headerLine, verdictLine } from './header.ts';
import { alarms, paneName } from './pane-title.ts';

type Props = { readonly width: number };

const useClock = (): number => {
  const { context } = useServices();
  return useNow(context.bench, context.store);
};

export const HeaderView = ({ width }: Props) => {
  const world = useWorld(useShallow(({ bench, view }) => ({ bench, view })));
  const { options } = useServices();
  return <Lines lines={[headerLine(world, useClock(), options, width)]} width={width} />;
};

export const VerdictView = ({ width }: Props) => {
  const world = useWorld(useShallow(({ bench, view }) => ({ bench, view })));
  const whyKey = useKeyOf()('why');
  return <Lines lines={[verdictLine(world, useClock(), width, whyKey)]} width={width} />;
};

/** The panes' titles on one line, with the worst news of those that are not shown. */
export const TabsView = ({ width }: Props) => {
  const bench = useWorld(shownBench);
  const focus = useWorld(({ view }) => view.focus);
  const parts = programs.map((program, index) => {
    const bad = alarms(bench, program);
    return line(
      ' ',
      paneName(program, String(index + 1), focus === program),
      bad > 0 ? span(` !${bad}`, 'bad') : null,
      ' ',
    );
  });
  const timeline = paneName('timeline', '4', focus === 'timeline');
  const log = paneName('log', '5', focus === 'log');
  const hasLab = useWorld(({ view }) => view.lab !== null);
  const lab = hasLab ? line('  ', paneName('lab', '6', focus === 'lab')) : null;
  return <Lines lines={[line(...parts, ' ', timeline, '  ', log, lab)]} width={width} />;
};

export const FooterView = ({ width }: Props) => {
  const world = useWorld(useShallow(({ bench, view }) => ({ bench, view })));
  const { keymap } = useServices().context;
  return <Lines lines={[footerLine(world, keymap, width)]} width={width} />;
};
