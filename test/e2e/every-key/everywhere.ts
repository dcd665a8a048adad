import { ctrl } from '../keys.ts';
import { scribble } from './at-terminal.ts';
import type { Scenario } from './scenario.ts';

/** Keys that do the same in every place. The shell's prompt says with what status a job stopped or ended. */
export const everywhereScenarios: readonly Scenario[] = [
  { command: 'redraw', setup: [scribble, /scribbled over/], hides: /scribbled over/ },
  {
    command: 'suspend',
    shows: /Stopped [\s\S]*left 148 > ‸/,
    after: ['sleep 0.5; fg\r', /stopped \d+ s: nothing was read/],
  },
  {
    command: 'interrupt',
    shows: /Ctrl-C again quits/,
    after: [ctrl('c'), /left 130 > ‸/],
    leaves: true,
  },
];
