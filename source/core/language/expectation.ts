import type { Endpoint } from '../addresses/endpoint.ts';
import type { Bytes } from '../bytes/bytes.ts';
import type { Call, CallName } from '../calls/call.ts';
import type { FindingName } from '../model/finding.ts';
import type { ProcessId } from '../model/process.ts';
import type { ErrorCode } from '../words/error-table.ts';
import type { Pattern } from './pattern-text.ts';

/**
 * A call in flight, by the words of a line: `c1.recv`; `on` is '' for the module's own functions. On a process, p1, it is a call of
 * its on any of its sockets.
 */
export type Target = { readonly on: string; readonly name: CallName };

/** An address of which the host, the port or both may be `*`: any; both, and it is one of any family. */
export type EndpointPattern = Endpoint;

/** What stands behind `=>`, without its times. */
export type Expected =
  /** It did not fail. */
  | { readonly kind: 'ok' }
  | { readonly kind: 'eof' }
  /** None: gettimeout of a socket that waits for ever. */
  | { readonly kind: 'none' }
  | { readonly kind: 'bytes'; readonly bytes: Bytes; readonly from: EndpointPattern | null }
  /** They begin with these bytes, or have them anywhere. */
  | {
      readonly kind: 'starts' | 'contains';
      readonly bytes: Bytes;
      readonly from: EndpointPattern | null;
    }
  /** The regular expression is found in what the call returned. */
  | { readonly kind: 'pattern'; readonly pattern: Pattern; readonly from: EndpointPattern | null }
  /** Both ends belong to it. `bytes`: the count of bytes is meant, whatever they are. */
  | { readonly kind: 'range'; readonly from: number; readonly to: number; readonly bytes: boolean }
  | { readonly kind: 'endpoint'; readonly endpoint: EndpointPattern }
  | { readonly kind: 'made'; readonly name: string; readonly from: EndpointPattern | null }
  | { readonly kind: 'duration'; readonly ms: number }
  | { readonly kind: 'error'; readonly code: ErrorCode; readonly message: string | null }
  /** By Python's class; a base class takes its subclasses. */
  | { readonly kind: 'raises'; readonly python: string; readonly message: string | null }
  /** Still in flight, or still waiting for its thread; `for` in ms: and stays so. */
  | { readonly kind: 'blocked'; readonly for: number | null }
  | { readonly kind: 'queued'; readonly for: number | null }
  /** Only its time is judged. */
  | { readonly kind: 'any' };

/** `span` is the time from the call's start to its end, in ms: `in A..B`, or `within B` with from 0. */
export type Expectation = {
  readonly value: Expected;
  readonly span: { readonly from: number; readonly to: number } | null;
};

export type Comparison = '==' | '!=' | '<' | '<=' | '>' | '>=';

/** What a socket has that is a word, and what it has that is a number (connections or bytes). */
export const wordProperties = ['state', 'timer', 'local', 'peer'] as const;
export const countProperties = [
  'accept-q',
  'rcv-q',
  'snd-q',
  'sent',
  'received',
  'sends',
  'receives',
  'accepted',
  'drops',
  'retransmits',
  'backlog',
  'unflushed',
] as const;

export type WordProperty = (typeof wordProperties)[number];
export type CountProperty = (typeof countProperties)[number];

export type CountTest =
  | { readonly kind: 'compare'; readonly operator: Comparison; readonly value: number }
  | { readonly kind: 'range'; readonly from: number; readonly to: number };

/** What stands behind `expect`. `within` in ms, null: the usual second. */
export type Claim = { readonly within: number | null } & (
  | {
      readonly kind: 'word';
      readonly socket: string;
      readonly property: WordProperty;
      readonly negated: boolean;
      readonly value: string;
    }
  | {
      readonly kind: 'count';
      readonly socket: string;
      readonly property: CountProperty;
      readonly test: CountTest;
    }
  /** `about`: sockets and calls that the finding must name, in any order. */
  | {
      readonly kind: 'finding';
      readonly absent: boolean;
      readonly name: FindingName;
      readonly about: readonly (string | Target)[];
    }
  /** A call of the journal with at least these arguments. */
  | {
      readonly kind: 'call';
      readonly absent: boolean;
      readonly call: Partial<Call>;
      readonly inside: Target | null;
    }
  | { readonly kind: 'blocked' | 'queued'; readonly target: Target; readonly for: number | null }
  /** What a program that the lab has started has printed by now has these bytes in it. */
  | { readonly kind: 'prints'; readonly process: ProcessId; readonly bytes: Bytes }
  /** How a program has ended: its exit status. */
  | { readonly kind: 'exit'; readonly process: ProcessId; readonly test: CountTest }
  /** A line that the bench refuses to read, before anything is called. */
  | { readonly kind: 'refused'; readonly line: string }
);
