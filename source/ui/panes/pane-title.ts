import { alarming, severity, socketsOf } from '../../bench/selectors-sockets.ts';
import type { PaneId, StripId } from '../../bench/view.ts';
import { paneTitle } from '../../commands/targets.ts';
import { isLoopback } from '../../core/address.ts';
import type { Program } from '../../core/names.ts';
import type { BenchState } from '../../core/state.ts';
import { type Line, line, span } from '../parts/line.ts';

/** "loops on", "loops off", or which of the two is off. */
const loopWords = (bench: BenchState, program: Program): string => {
  const { accept, receive } = bench.programs[program].loops;
  if (program !== 'tcp-server') return receive ? 'loop on' : 'loop off';
  if (accept === receive) return accept ? 'loops on' : 'loops off';
  return accept ? 'receive off' : 'accept off';
};

/** Who can reach what is bound here: said while something is. */
const reach = (bench: BenchState, program: Program): string => {
  if (program === 'client') return '';
  const bound = socketsOf(bench, program).filter(
    socket => socket.condition === 'LISTEN' || (socket.type === 'SOCK_DGRAM' && socket.local),
  );
  if (bound.length === 0) return '';
  return bound.every(socket => socket.local && isLoopback(socket.local.host))
    ? 'this machine only'
    : 'open to others';
};

export const paneName = (pane: PaneId, key: string, focused: boolean): Line =>
  line(
    span(key === '' ? '' : `${key} `, 'key'),
    span(paneTitle(pane), 'title'),
    focused ? span(' *', 'focus') : null,
  );

const dimmed = (of: Line): Line => of.map(part => span(part.text, 'dim'));

/** "5 Log * | 4 Timeline": both are named, also where only one of them is shown; or one, `beside` the other. */
export const stripName = (pane: StripId, focused: boolean, beside: boolean): Line => {
  const log = paneName('log', '5', focused && pane === 'log');
  const timeline = paneName('timeline', '4', focused && pane === 'timeline');
  if (beside) return pane === 'log' ? log : timeline;
  const apart = span(' | ', 'dim');
  return pane === 'log' ? line(log, apart, dimmed(timeline)) : line(dimmed(log), apart, timeline);
};

export const programNotes = (bench: BenchState, program: Program): readonly string[] =>
  [bench.programs[program].policy, loopWords(bench, program), reach(bench, program)].filter(Boolean);

/** How many of a program's sockets carry an alarm: `!2` in a collapsed title. */
export const alarms = (bench: BenchState, program: Program): number =>
  socketsOf(bench, program).filter(socket => alarming(severity(bench, socket))).length;
