import { deadlocked, socketsOf } from '../../bench/view/selectors-sockets.ts';
import type { World } from '../../bench/view/store.ts';
import { isActorPane, type PaneId, shownActors, shownBench } from '../../bench/view/view.ts';
import type { KeyOf } from '../../commands/calling/command.ts';
import { type ActorId, isProgram } from '../../core/model/actors.ts';
import type { BenchState } from '../../core/model/state.ts';
import { t } from '../../core/words/translate.ts';
import { line, type StyledLine, span } from '../parts/styled-line.ts';
import { actorName, alarms, paneName } from './pane-title.ts';
import { socketCount } from './socket-count.ts';

const blockedOf = (bench: BenchState, program: ActorId): number => {
  let blocked = 0;
  for (const { actor, startedAt, inside } of bench.calls.values()) {
    if (actor === program && startedAt !== null && inside === 0) blocked++;
  }
  return blocked;
};

type Titles = { readonly full: StyledLine; readonly short: StyledLine };

const emptyWords = ({ processes }: BenchState, actor: ActorId): string =>
  !isProgram(actor) && processes.get(actor)?.ended ? t('ended') : t('nothing open');

/** How many rows are in trouble, sockets there are, and calls blocked. */
const news = (bench: BenchState, program: ActorId): Titles => {
  const open = socketsOf(bench, program).length;
  if (open === 0) return { full: line(span(`  ${emptyWords(bench, program)}`, 'dim')), short: line() };
  const bad = alarms(bench, program);
  const blocked = blockedOf(bench, program);
  const stuck = socketsOf(bench, program).some(({ name }) => deadlocked(bench).sockets.has(name));
  const mark = bad > 0 ? line(' ', span(`!${bad}`, stuck ? 'deadlock' : 'bad')) : null;
  const waiting = blocked > 0 ? line(t(', '), span(t`${blocked} blocked`, 'blocked')) : null;
  return {
    full: line(mark, `  ${socketCount(open)}`, waiting),
    short: line(mark, `  ${open}`, waiting),
  };
};

/** A pane folded to its title, which for a program still tells what goes on there. */
export const foldedTitle = (world: World, pane: PaneId, keyOf: KeyOf, focused: boolean): Titles => {
  const bench = shownBench(world);
  const place = isActorPane(pane) ? shownActors(world).indexOf(pane) : -1;
  const name = (brief: boolean) =>
    paneName(pane, keyOf, focused, isActorPane(pane) ? actorName(bench, pane, brief) : undefined, place);
  const { full, short } = isActorPane(pane) ? news(bench, pane) : { full: null, short: null };
  return { full: line(' ', name(false), full, ' '), short: line(' ', name(true), short, ' ') };
};
