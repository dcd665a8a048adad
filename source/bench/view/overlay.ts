import type { CodeAbout, CodeForm, ShownCode } from '../../core/model/code.ts';
import type { KeptInField } from '../../core/model/saved-names.ts';
import type { Place } from './find-stream.ts';
import type { LabTitle } from './lab-view.ts';
import type { TextField } from './text-field.ts';

export type SendMode = 'text' | 'hex' | 'file';

/** Why what was typed was refused. `column` counts UTF-16 units of the field's text from 0; null: the whole of it. */
export type Refusal = {
  readonly message: string;
  readonly column: number | null;
  /** The form's field it is about; '' or the only one. */
  readonly field: string;
  /** A value that would do, and what it is. Ctrl-Y takes it where nothing was cut. */
  readonly offer: string;
};

/** `isPath`: Tab completes it; `kept`: those of the kind that are kept under names belong into it. */
export type FormField = {
  readonly name: string;
  readonly field: TextField;
  readonly isPath?: boolean;
  readonly kept?: KeptInField;
};

/** An option's value, and where it comes from; not `known`: `note` says why. */
export type OptionReading = { readonly value: string; readonly note: string; readonly known: boolean };

/**
 * What lies over the panes. `at` is the chosen row or field, `top` the first row shown, `recall` how many lines back in
 * the history and `draft` what was being typed before that. An overlay with `busy`
 * waits for a call that it started: it closes when that went well and stays, with its text, when it did not.
 */
export type Overlay =
  | { readonly kind: 'help'; readonly place: string; readonly filter: TextField; readonly at: number }
  | {
      readonly kind: 'palette';
      readonly input: TextField;
      readonly at: number;
      readonly recall: number;
      readonly draft?: TextField;
      readonly refusal: Refusal | null;
      readonly busy: boolean;
    }
  | {
      readonly kind: 'form';
      readonly command: string;
      readonly fields: readonly FormField[];
      readonly at: number;
      readonly refusal: Refusal | null;
      readonly busy: boolean;
    }
  | {
      readonly kind: 'send';
      readonly socket: string;
      readonly payload: TextField;
      /** Where to: a field of its own for a datagram socket without a peer, null for all others. */
      readonly address: TextField | null;
      /** To every connection of its kind, each with a call of its own. */
      readonly all?: boolean;
      readonly at: 'payload' | 'address';
      readonly recall: number;
      readonly draft?: { readonly payload: TextField; readonly mode: SendMode };
      readonly refusal: Refusal | null;
      /** A file is being read. */
      readonly busy?: boolean;
    }
  /** `labs` null: being read. `busy`: the chosen one is being opened. */
  | {
      readonly kind: 'labs';
      readonly labs: readonly LabTitle[] | null;
      /** Why it is not known which of them are done, or ''. */
      readonly trouble: string;
      readonly filter: TextField;
      readonly at: number;
      readonly refusal: Refusal | null;
      readonly busy: boolean;
    }
  /** What is kept under names. */
  | { readonly kind: 'saved'; readonly at: number }
  /** What words mean: those that stand under the cursor (`about` says at what), then all others. */
  | {
      readonly kind: 'glossary';
      readonly about: string;
      readonly here: readonly string[];
      readonly at: number;
    }
  /** The rules of all sockets. */
  | { readonly kind: 'rules'; readonly at: number }
  | { readonly kind: 'menu'; readonly socket: string; readonly at: number }
  | {
      readonly kind: 'confirm';
      readonly question: string;
      readonly command: string;
      readonly values: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'entry'; readonly n: number; readonly top: number }
  /** A call, or a socket's life when it was asked for, as code; `other`: what it can be changed to. */
  | {
      readonly kind: 'code';
      readonly about: CodeAbout;
      readonly other: CodeAbout | null;
      readonly code: ShownCode;
      readonly form: CodeForm;
      readonly top: number;
    }
  /** `top` null follows the end; `found`: the place that was found is to be seen. */
  | {
      readonly kind: 'stream';
      readonly socket: string;
      readonly top: number | 'found' | null;
      readonly found?: Place | undefined;
    }
  /** `call` is the id of the one under the cursor; 0: the first. */
  | { readonly kind: 'why'; readonly call: number }
  /** What was read of each option, by name; those not yet asked for are left out. */
  | {
      readonly kind: 'options';
      readonly socket: string;
      readonly at: number;
      readonly readings: Readonly<Record<string, OptionReading>>;
    }
  | { readonly kind: 'search'; readonly what: 'search' | 'filter' | 'find'; readonly input: TextField };

export type OverlayKind = Overlay['kind'];

export type OverlayOf<K extends OverlayKind> = Extract<Overlay, { kind: K }>;

/** What keys are for in an overlay: `text` is typed, one of its `rows` is chosen, it is for `reading`, or it wants an `answer`. */
export type OverlayUse = 'text' | 'rows' | 'reading' | 'answer';

/** THE table of overlays: in what order help and key table speak of them, and what keys are for in each. */
export const overlayTable = {
  help: 'text',
  palette: 'text',
  form: 'text',
  send: 'text',
  search: 'text',
  labs: 'text',
  entry: 'reading',
  stream: 'reading',
  code: 'reading',
  menu: 'rows',
  why: 'rows',
  options: 'rows',
  rules: 'rows',
  saved: 'rows',
  glossary: 'rows',
  confirm: 'answer',
} as const satisfies Readonly<Record<OverlayKind, OverlayUse>>;

export const overlayKinds = Object.keys(overlayTable) as readonly OverlayKind[];

export const overlaysFor = (use: OverlayUse): readonly OverlayKind[] =>
  overlayKinds.filter(kind => overlayTable[kind] === use);
