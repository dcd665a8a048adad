import { alarming, severity, socketsOf } from '../../bench/view/selectors-sockets.ts';
import { isActorPane, type PaneId, type StripId } from '../../bench/view/view.ts';
import type { KeyOf } from '../../commands/calling/command.ts';
import { paneTitle } from '../../commands/calling/targets.ts';
import { isHereOnly } from '../../core/addresses/here-only.ts';
import { safeText } from '../../core/bytes/payload.ts';
import { type ActorId, accepts, isProgram, type Program, programs, serves } from '../../core/model/actors.ts';
import type { BenchState } from '../../core/model/state.ts';
import { shakesHands } from '../../core/model/transports.ts';
import { t } from '../../core/words/translate.ts';
import { stripOrder } from '../layout.ts';
import { nameColumn } from '../parts/frame.ts';
import { line, lineWidth, type StyledLine, span } from '../parts/styled-line.ts';
import { threadCount } from './socket-count.ts';
import { tellingWord } from './telling-word.ts';

/** "loops on", "loops off", or which of the two is off. */
const loopWords = (bench: BenchState, program: Program): string => {
  const { accept, receive } = bench.programs[program].loops;
  if (!accepts(program)) return receive ? t('loop on') : t('loop off');
  if (accept === receive) return accept ? t('loops on') : t('loops off');
  return accept ? t('receive off') : t('accept off');
};

/** Who can reach what is bound here; null while nothing is. */
const reach = (bench: BenchState, program: Program): 'here' | 'others' | null => {
  if (!serves(program)) return null;
  const bound = socketsOf(bench, program).filter(
    socket => socket.condition === 'LISTEN' || (!shakesHands(socket) && socket.local),
  );
  if (bound.length === 0) return null;
  return bound.every(socket => socket.local && isHereOnly(socket.local)) ? 'here' : 'others';
};

/** The key that goes to a pane. The keys of the programs' go to the first panes of processes, where these are shown. */
const keyTo = (pane: PaneId, keyOf: KeyOf, place: number): string => {
  if (pane === 'lab' || pane === 'time') return keyOf('focus-guest');
  if (!isActorPane(pane) || isProgram(pane)) return keyOf(`focus-${pane}`);
  const program = programs[place];
  return program ? keyOf(`focus-${program}`) : '';
};

/** What an actor's pane is called: a process by its name, the system's number for it, and what tells it from others of the name. */
export const actorName = (bench: BenchState, actor: ActorId, brief = false): string => {
  const process = isProgram(actor) ? undefined : bench.processes.get(actor);
  if (!process) return paneTitle(actor);
  const words = [
    actor,
    safeText(process.name),
    process.pid,
    brief ? '' : tellingWord(process, bench.processes.values()),
  ];
  return words.filter(word => word !== '').join(' ');
};

/** "1 Client *": the key that goes there, and a star where the keys are. `place` among the panes of processes, from 0. */
export const paneName = (
  pane: PaneId,
  keyOf: KeyOf,
  focused: boolean,
  title = paneTitle(pane),
  place = -1,
): StyledLine => {
  const key = keyTo(pane, keyOf, place);
  return line(
    span(key === '' ? '' : `${key} `, 'key'),
    span(title, 'title'),
    focused ? span(' *', 'focus') : null,
  );
};

const dimmed = (of: StyledLine): StyledLine => of.map(part => span(part.text, 'dim'));

const apart = ' | ';

/** The names of the strip's panes, where `pane` is the one that is shown. */
const tabs = (pane: StripId, keyOf: KeyOf, focused: boolean): readonly { id: StripId; name: StyledLine }[] =>
  stripOrder.map(id => ({ id, name: paneName(id, keyOf, focused && id === pane) }));

/** "5 Log * | 4 Timeline": all are named, also where only one of them is shown; or one, `beside` the others. */
export const stripName = (pane: StripId, keyOf: KeyOf, focused: boolean, beside: boolean): StyledLine => {
  const all = tabs(pane, keyOf, focused);
  if (beside) return all.find(({ id }) => id === pane)!.name;
  return line(
    ...all.flatMap(({ id, name }, at) => [
      at === 0 ? null : span(apart, 'dim'),
      id === pane ? name : dimmed(name),
    ]),
  );
};

/** The tab that stands at a column of the top border that `stripName` is written in, or the pane itself beside them. */
export const tabAt = (column: number, pane: StripId, keyOf: KeyOf, focused: boolean): StripId => {
  let from = nameColumn;
  for (const [at, { id, name }] of tabs(pane, keyOf, focused).entries()) {
    const end = from + lineWidth(name);
    if (column < end && (at === 0 || column >= from)) return id;
    from = end + apart.length;
  }
  return pane;
};

/** Of a program, the least ones last: that others can come in is not what a narrow pane leaves out. */
const programNotes = (bench: BenchState, program: Program): readonly string[] => {
  const usual = [bench.programs[program].policy, loopWords(bench, program)];
  const who = reach(bench, program);
  if (who === null) return usual;
  return who === 'others' ? [t('open to others'), ...usual] : [...usual, t('this machine only')];
};

/** What the border of a pane says: of a program its threads, loops and reach, of a process whether it is still there. */
export const actorNotes = (bench: BenchState, actor: ActorId): readonly string[] => {
  if (isProgram(actor)) return programNotes(bench, actor);
  const process = bench.processes.get(actor);
  if (!process) return [];
  if (process.ended) return [t('ended')];
  return [process.traced ? t('traced: slower') : threadCount(process.threads.length)];
};

/** How many of a program's sockets carry an alarm: `!2` in a collapsed title. */
export const alarms = (bench: BenchState, program: ActorId): number =>
  socketsOf(bench, program).filter(socket => alarming(severity(bench, socket))).length;
