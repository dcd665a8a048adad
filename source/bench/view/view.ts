import type { SoughtMode } from '../../core/bytes/find-spans.ts';
import type { Values } from '../../core/language/values.ts';
import { type ActorId, isActor, programs } from '../../core/model/actors.ts';
import type { ProcessState } from '../../core/model/process.ts';
import { nothingSaved, type SavedNames } from '../../core/model/saved-names.ts';
import type { BenchState } from '../../core/model/state.ts';
import { marked } from '../../core/words/translate.ts';
import type { LabView } from './lab-view.ts';
import type { Overlay, SendMode } from './overlay.ts';
import type { ReplayView } from './replay-view.ts';
import type { ColumnId } from './table-columns.ts';
import { initialTimeline, type TimelineView } from './timeline-window.ts';

/**
 * THE table of the panes under the programs, in the order of their keys. One of them is shown, all where the screen is wide enough.
 * `key` goes there, where the person has no other for it.
 */
export const stripTable = {
  timeline: { title: marked('Timeline'), key: '4' },
  log: { title: marked('Log'), key: '5' },
} as const;

export type StripId = keyof typeof stripTable;

export const stripIds = Object.keys(stripTable) as readonly StripId[];

/** The lesson, while a lab is open, and the time bar of a replay. */
export type GuestId = 'lab' | 'time';

export type PaneId = ActorId | StripId | GuestId;

/** The panes of a bench that always are, in the order of their keys: 1 Client, 2 TCP server, 3 UDP server, 4 Timeline, 5 Log. */
export const paneIds = [...programs, ...stripIds] as const;

/** Whose pane: a program of the bench, or a process. */
export const isActorPane = (pane: PaneId): pane is ActorId => isActor(pane);

/** The panes visited, once this one is. */
export const visit = (program: ActorId, { visited }: Pick<View, 'visited'>): View['visited'] => [
  program,
  ...visited.filter(each => each !== program),
];

export const isStrip = (pane: PaneId): pane is StripId => (stripIds as readonly PaneId[]).includes(pane);

/** How the table of a zoomed pane was sorted: the names in the order they had at `at`, ms since the bench began. */
export type TableSort = {
  readonly column: ColumnId;
  readonly reverse: boolean;
  readonly order: readonly string[];
  readonly at: number;
};

/** `selected` '' follows the newest open socket; `sort` null is the order in which sockets came to be. */
export type ProgramView = {
  readonly selected: string;
  readonly sort: TableSort | null;
  /** The cursor stands on the pane's title, above its rows. */
  readonly onTitle?: true;
};

export type Stamps = 'relative' | 'clock' | 'delta';

export type LogView = {
  /** The entry on the last row; null follows the end. */
  readonly bottom: number | null;
  /** The entry under the cursor; null is the newest. */
  readonly selected: number | null;
  readonly filter: string;
  readonly search: string;
  readonly stamps: Stamps;
  /** A call and its end are one row, where the call began; else two, as strace prints them. */
  readonly folded: boolean;
  /** Entries up to this one were cleared from the log; the journal still has them. */
  readonly clearedTo: number;
};

/** A line for the person; `until` in ms since the bench began, `lasting`: and then until a key is pressed. */
export type Message = {
  readonly text: string;
  readonly level: 'info' | 'warning';
  readonly until: number;
  readonly lasting: boolean;
};

export const stands = (message: Message | null, now: number): message is Message =>
  message !== null && (message.lasting || message.until > now);

export type Ending = 'none' | 'lf' | 'crlf';

/** A line of the send line as it was typed, and what it was typed as. */
export type SentLine = { readonly text: string; readonly mode: SendMode };

/** How bytes are shown. */
export type ByteForm = 'text' | 'hex' | 'raw';

/** What the person is looking at. Commands change it; nothing in it is about the sockets themselves. */
export type View = {
  readonly focus: PaneId;
  /** Which pane of the strip is shown where there is room for one. */
  readonly strip: StripId;
  /** The program panes, the one that has the focus or had it last first. */
  readonly visited: readonly [ActorId, ...ActorId[]];
  /** What was chosen in panes; `rowsIn` has that of the others too. */
  readonly programs: Readonly<Partial<Record<ActorId, ProgramView>>>;
  readonly zoomed: boolean;
  /** Before a class: rows apart, no entry numbers, the next step of a lesson hidden, but for the one that was asked for. */
  readonly stage: boolean;
  readonly revealed: string;
  /** The terminal reports the mouse; else it selects text by itself. */
  readonly mouse: boolean;
  /** What the screen shows instead of the running bench, while frozen. */
  readonly frozen: BenchState | null;
  /** When it was frozen, ms since the bench began: clocks stand still then. */
  readonly frozenAt: number;
  readonly log: LogView;
  readonly timeline: TimelineView;
  /** The lesson, while a lab is open: the bench is the lab's then. */
  readonly lab: LabView | null;
  /** Where the time cursor stands, in a replay. */
  readonly replay: ReplayView | null;
  /** The one on top has the keys. */
  readonly overlays: readonly Overlay[];
  readonly message: Message | null;
  /** Until when (ms since the bench began) a second Ctrl-C quits. */
  readonly quitBefore: number;
  /** What was said of what quitting loses: while it stands, the next time quits. */
  readonly quitSaid: Message | null;
  /** How many entries a session file holds by now. */
  readonly kept: number;
  readonly form: ByteForm;
  /** null: CRLF on a stream, nothing on datagrams. */
  readonly ending: Ending | null;
  readonly mode: SendMode;
  /** What connect offers: where it was asked to go last; '' before that, and once a listener was started since. */
  readonly reach: string;
  /** What was sought last in a stream, and how it was written. */
  readonly sought: { readonly text: string; readonly mode: SoughtMode };
  /** The address, or the message, of what was done last, as it is written; '' before that. */
  readonly lastDone: string;
  /** What the person keeps under names, as the settings have it. */
  readonly saved: SavedNames;
  /** What `d = c1.recv 100` kept: $d stands for it. */
  readonly values: Values;
  /** Newest last. */
  readonly history: { readonly send: readonly SentLine[]; readonly palette: readonly string[] };
};

const programView: ProgramView = { selected: '', sort: null };

/** What is chosen in an actor's pane. */
export const rowsIn = ({ programs: chosen }: Pick<View, 'programs'>, actor: ActorId): ProgramView =>
  chosen[actor] ?? programView;

/** What is chosen in panes, once the cursor of this one stands on that row; '' for on none. */
export const withRow = (
  view: Pick<View, 'programs'>,
  actor: ActorId,
  selected: string,
): View['programs'] => ({
  ...view.programs,
  [actor]: { selected, sort: rowsIn(view, actor).sort },
});

export const initialView: View = {
  focus: 'client',
  strip: 'log',
  visited: ['client'],
  programs: {},
  zoomed: false,
  stage: false,
  revealed: '',
  mouse: false,
  frozen: null,
  frozenAt: 0,
  log: {
    bottom: null,
    selected: null,
    filter: '',
    search: '',
    stamps: 'relative',
    folded: true,
    clearedTo: 0,
  },
  timeline: initialTimeline,
  lab: null,
  replay: null,
  overlays: [],
  message: null,
  quitBefore: 0,
  quitSaid: null,
  kept: 0,
  form: 'text',
  ending: null,
  mode: 'text',
  reach: '',
  sought: { text: '', mode: 'text' },
  lastDone: '',
  saved: nothingSaved,
  values: {},
  history: { send: [], palette: [] },
};

/** Whose panes are shown: the programs of a bench, or processes. */
export type Shows = 'programs' | 'processes';

type Shown = { readonly bench: BenchState; readonly view: View; readonly shows: Shows };

/** Of a traced program each child is known, and a shell has hundreds: what has ended is in the log, and gives its pane away. */
const hasPane = ({ actor, traced, ended, parent }: ProcessState, { focus }: View): boolean =>
  !traced || !ended || parent === '' || focus === actor;

/** Those that have a pane, in the order of their panes. */
export const shownActors = (world: Shown): readonly ActorId[] =>
  world.shows === 'programs'
    ? programs
    : [...shownBench(world).processes.values()]
        .filter(process => hasPane(process, world.view))
        .map(({ actor }) => actor);

/** The panes there are now, in the order that Tab goes through. */
export const openPanes = (world: Shown): readonly PaneId[] => [
  ...shownActors(world),
  ...stripIds,
  ...(world.view.lab ? (['lab'] as const) : []),
  ...(world.view.replay ? (['time'] as const) : []),
];

/** The view to begin with: the first pane has the focus. */
export const firstView = (shows: Shows): View =>
  shows === 'programs' ? initialView : { ...initialView, focus: 'p1', visited: ['p1'] };

/** The bench as the screen shows it: as it was when it was frozen, or as it is. */
export const shownBench = (world: { readonly bench: BenchState; readonly view: View }): BenchState =>
  world.view.frozen ?? world.bench;
