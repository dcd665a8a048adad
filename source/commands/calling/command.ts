import type { Bench } from '../../bench/engine/bench.ts';
import type { Source } from '../../bench/engine/source.ts';
import type { LabControl } from '../../bench/view/lab-view.ts';
import type { LogIndex } from '../../bench/view/log-index.ts';
import { type OverlayKind, overlayKinds, overlaysFor, type Refusal } from '../../bench/view/overlay.ts';
import type { Rates } from '../../bench/view/rates.ts';
import type { ReplayControl } from '../../bench/view/replay-view.ts';
import type { World, WorldStore } from '../../bench/view/store.ts';
import type { TimelineIndex } from '../../bench/view/timeline-index.ts';
import { type PaneId, paneIds, type View } from '../../bench/view/view.ts';
import type { BytesWanted, WrittenForm } from '../../core/bytes/bytes-wanted.ts';
import type { Span } from '../../core/bytes/find-spans.ts';
import { safeText } from '../../core/bytes/payload.ts';
import type { Parsed } from '../../core/language/parsed.ts';
import { programs } from '../../core/model/actors.ts';
import type { CodeAbout, ShownCode } from '../../core/model/code.ts';
import type { ExportName } from '../../core/model/exports.ts';
import type { ProcessId } from '../../core/model/process.ts';
import type { KeptInField, SavedNames, SavedValue } from '../../core/model/saved-names.ts';
import type { DeedOn } from '../../core/words/key-words.ts';
import { t } from '../../core/words/translate.ts';
import type { LastDrawn } from '../looking/last-drawn.ts';
import type { ReadFile } from '../sockets/file-payload.ts';

/** Which command a key calls in a place, and a command's keys as they stand. */
export type Keymap = {
  readonly commands: readonly Command[];
  readonly find: (place: Place, key: string) => Command | undefined;
  readonly keysOf: (id: string) => readonly string[];
};

/**
 * A command's key for reading, '' where it has none; where the person is known, those that call it from there. `on`: what it is to
 * act on.
 */
export type KeyOf = (command: string, on?: DeedOn) => string;

/** `text` is the path as far as it is sure, `candidates` the names it may become, folders with `/`. */
export type PathCompletion = { readonly text: string; readonly candidates: readonly string[] };

/** Where keys go: to the overlay on top, or to the pane with the focus. */
export type Place = Exclude<PaneId, ProcessId> | OverlayKind;

export const programPlaces: readonly Place[] = programs;
export const panePlaces: readonly Place[] = paneIds;
/** Panes of rows; on the timeline left and right move in time. */
export const rowPlaces: readonly Place[] = paneIds.filter(pane => pane !== 'timeline');
/** The lesson's pane and the time bar too, which are there only at times. */
export const everyPane: readonly Place[] = [...panePlaces, 'lab', 'time'];
/** Places with a text field: there a printable key is text, never a command. */
export const textPlaces: readonly Place[] = overlaysFor('text');
export const readerPlaces: readonly Place[] = overlaysFor('reading');
/** Overlays with rows to choose from. */
export const listPlaces: readonly Place[] = overlaysFor('rows');
export const everywhere: readonly Place[] = [...everyPane, ...overlayKinds];

export const isTextPlace = (place: Place): boolean => textPlaces.includes(place);

/** What became of a session that was to be kept, in words. */
export type Saved = { readonly ok: boolean; readonly message: string };

/** Every place of what was sought; or a sentence why it cannot be sought. */
export type FoundSpans =
  | { readonly ok: true; readonly spans: readonly Span[] }
  | { readonly ok: false; readonly message: string };

/** What is kept under names once it was changed; or why it was not. */
export type SavedChange =
  | { readonly ok: true; readonly saved: SavedNames }
  | { readonly ok: false; readonly message: string };

/** Keeps and forgets names, in the person's settings. */
export type SavedControl = {
  readonly keep: (name: string, value: SavedValue) => Promise<SavedChange>;
  readonly forget: (name: string) => Promise<SavedChange>;
};

/** What commands need of the program around them. `copy` answers with a sentence on what became of it. */
export type AppServices = {
  readonly quit: (code: number) => void;
  readonly suspend: () => Promise<void>;
  readonly redraw: () => void;
  /** Absent where no screen is drawn. */
  readonly hasMouse?: boolean;
  readonly copy: (text: string) => Promise<string>;
  readonly readFile: ReadFile;
  /** How the path begun there goes on, where the system can be asked. */
  readonly completePath?: (typed: string) => Promise<PathCompletion>;
  /** A port that nobody has on this host, null where none can be told. */
  readonly freePort: (host: string) => Promise<number | null>;
  /** Who holds a TCP port, in words, where the system tells; else ''. */
  readonly holderOf: (port: number) => Promise<string>;
  /** CPU time of this whole process so far, in ms. */
  readonly cpuTime: () => number;
  /** Measures, until `stop`, how long turns of the event loop take that sockets begin: `ms` is their sum by the clock. */
  readonly measureSocketTurns: () => { readonly ms: () => number; readonly stop: () => void };
  /** Resolves after so many ms. */
  readonly wait: (ms: number) => Promise<void>;
  /** Keeps what the journal holds, in a new file that names the lab, where it is one's. Absent in a replay. */
  readonly save?: (source: Source, file: string, format: ExportName, lab?: string) => Promise<Saved>;
  /** Keeps bytes that calls carried, in a new file, and says how many are missing and why. */
  readonly saveBytes?: (source: Source, wanted: BytesWanted, file: string) => Promise<Saved>;
  /** Copies such bytes, written in that form. */
  readonly copyBytes?: (source: Source, wanted: BytesWanted, form: WrittenForm) => Promise<Saved>;
  /** A call, or a socket's life so far, as code; a sentence where there is none. */
  readonly code?: (source: Source, about: CodeAbout) => Promise<ShownCode | string>;
  /** Every place where a regular expression matches; never for long. */
  readonly findPattern?: (pattern: string, bytes: Uint8Array) => Promise<FoundSpans>;
  /** Absent where no names are kept, as in a replay. */
  readonly saved?: SavedControl;
  /** Absent where no lab can be opened, as in a replay. */
  readonly labs?: LabControl;
  /** What quitting ends, in words; '' for nothing. Absent where no program was started for the screen. */
  readonly ends?: () => string;
  /** The time of a replay. */
  readonly replay?: ReplayControl;
};

export type Context = {
  readonly source: Source;
  /** The source once more, where it is one that can be acted on. */
  readonly bench: Bench | null;
  readonly store: WorldStore;
  readonly app: AppServices;
  readonly log: LogIndex;
  readonly timeline: TimelineIndex;
  readonly keymap: Keymap;
  /** What a key is called, for titles and what names all keys of a place. */
  readonly keyOf: KeyOf;
  /** The keys that work from where the person is, for hints. */
  readonly keysFrom: (world: World) => KeyOf;
  readonly lastDrawn: LastDrawn;
  readonly rates: Rates;
};

/** What a command gets that acts on the bench. */
export type ActingContext = Context & { readonly bench: Bench };

export const canAct = (context: Context): context is ActingContext => context.bench !== null;

/** Its title and hint are English, marked, and shown through `t`. */
export type Parameter<T> = {
  /** The label in a form. */
  readonly title: string;
  /** What may be written, for forms and help. */
  readonly hint: string;
  /** What stands there unless something else is written; absent: it must be written. */
  readonly fallback?: (world: World) => string;
  /** Where it means nothing, a form has no field for it; absent: it always means something. */
  readonly applies?: (world: World) => boolean;
  /** A path of this machine: Tab completes it. */
  readonly isPath?: true;
  /** Those of this kind that are kept under names are offered. */
  readonly kept?: KeptInField;
  readonly parse: (text: string, world: World) => Parsed<T>;
};

/** null: it went well. */
export type Result = Refusal | null;

/**
 * One action, declared once: keymap, footer, help, palette and `sockbench keys` read it.
 *
 * - `title`, a `short` that is no function, and `group` are English, marked, and shown through `t`
 * - `keys` as keys.ts names them, `where` they apply
 * - `ask`: its key opens a form for the parameters; without it they take their fallbacks
 * - `disabled` is a sentence that says why it cannot be done now, or null; keys in it are the person's own, by `keyOf`
 * - `actsOn`: what it would act on now, where a hint may name that: a socket, a program, or a call by its id
 * - `footer`: 0 never, else the higher the longer it stays when room is short, also by what is in focus; `short` is its
 *   hint there
 * - `typedAs`: a start of a line in the palette that means it too; its values come behind that
 * - `listed` false keeps movement and editing out of the palette
 * - `group`: the heading it stands under in help and key table; the table gives it
 */
export type CommandOf<P, C = Context> = {
  readonly id: string;
  readonly title: string;
  readonly keys: readonly string[];
  readonly where: readonly Place[];
  readonly parameters: { readonly [K in keyof P]: Parameter<P[K]> };
  readonly ask: boolean;
  readonly disabled: (world: World, keyOf: KeyOf) => string | null;
  readonly actsOn?: (world: World) => DeedOn | null;
  readonly footer: number | ((world: World) => number);
  readonly short: string | ((world: World) => string);
  readonly typedAs?: RegExp;
  readonly listed: boolean;
  readonly group: string;
  // biome-ignore lint/suspicious/noConfusingVoidType: most commands have nothing to report
  readonly run: (context: C, values: P) => Result | void | Promise<Result>;
};

/** A command in the table, where its parameters' types are erased. */
export type Command = CommandOf<Record<string, unknown>>;

/** One that needs a bench: only `acting` makes a row of the table of it. */
export type ActingCommand = CommandOf<Record<string, unknown>, ActingContext>;

type Declared<P, C> = Pick<CommandOf<P, C>, 'id' | 'title' | 'keys' | 'where' | 'run'> &
  Partial<CommandOf<P, C>>;

type NoParameters = Record<never, never>;

/** Fills in what a plain command leaves out. */
export const act = <P extends object = NoParameters>(declared: Declared<P, ActingContext>): ActingCommand =>
  ({
    parameters: {},
    ask: false,
    disabled: () => null,
    footer: 0,
    short: () => t(declared.title).toLowerCase(),
    listed: true,
    group: '',
    ...declared,
  }) as unknown as ActingCommand;

/** The same for one that needs no bench. */
export const command: <P extends object = NoParameters>(declared: Declared<P, Context>) => Command =
  declared => act(declared as Declared<object, ActingContext>) as Command;

/** Why something is refused. It may quote what was pasted, read from a file, or said by an error. */
export const refusal = (message: string, more: Partial<Refusal> = {}): Refusal => ({
  message: safeText(message),
  column: null,
  field: '',
  offer: '',
  ...more,
});

/** Changes what the person is looking at. */
export const look = (
  context: Pick<Context, 'store'>,
  change: Partial<View> | ((view: View) => Partial<View>),
): void => {
  context.store.setState(world => ({
    view: { ...world.view, ...(typeof change === 'function' ? change(world.view) : change) },
  }));
};

/** How long a message stands, in ms. */
const messageTime = 5_000;

/** One line for the person, over the footer; `lasting`: until a key is pressed after that. */
export const say = (
  context: Pick<Context, 'store' | 'source'>,
  text: string,
  level: 'info' | 'warning' = 'info',
  lasting = false,
): void => look(context, { message: { text, level, until: context.source.now() + messageTime, lasting } });
