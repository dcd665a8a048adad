import { safeJson } from '../../core/bytes/printable.ts';
import type { Call } from '../../core/calls/call.ts';
import { parseCall } from '../../core/language/line.ts';
import { type ActorId, isActor } from '../../core/model/actors.ts';
import { isThreadName } from '../../core/model/threads.ts';
import { callToText } from './jsonl.ts';
import { Remembered, type Word, wordOf } from './line-cursor.ts';

/** Bytes of a call or a payload in a usual line: longer ones are written otherwise. */
export const longestText = 4096;

export type KnownCall = { readonly call: Call; readonly written: Word };

/** A call by its text in JSON, and as an export writes it. */
export const knownCalls = new Remembered((raw): KnownCall | null => {
  if (raw.length > longestText) return null;
  const parsed = parseCall(raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw);
  return parsed.ok
    ? { call: parsed.value, written: wordOf(safeJson(JSON.stringify(callToText(parsed.value)))) }
    : null;
});

export type KnownActor = { readonly actor: ActorId | ''; readonly written: Word };

export const knownActors = new Remembered((name): KnownActor | null =>
  name === '' || isActor(name) ? { actor: name, written: wordOf(`,"actor":"${name}",`) } : null,
);

export const knownThreads = new Remembered((name): string | null =>
  name === '' || isThreadName(name) ? name : null,
);

export const noCall: KnownCall = { call: { name: 'close', on: '' }, written: wordOf('') };
export const nobody: KnownActor = { actor: '', written: wordOf('') };

/** Who calls what on which thread; `threadAt`: where the thread stands, from the beginning of that. */
export type Who = {
  readonly called: KnownCall;
  readonly acts: KnownActor;
  readonly thread: string;
  readonly threadAt: number;
};

/** How a call ended; `flying`: it has not. */
export type Ending = 'flying' | 'none' | 'count' | 'data';
