import type { Bytes } from '../../core/bytes/bytes.ts';
import { type Call, dataOf } from '../../core/calls/call.ts';
import { hasIn } from '../../core/calls/calls.ts';
import { failure, type Outcome, ok } from '../../core/calls/outcome.ts';
import { timeoutObjection } from '../../core/language/python-numbers.ts';
import { makeMessage } from '../../core/model/message.ts';
import { isFileName } from '../../core/model/names.ts';
import { t } from '../../core/words/translate.ts';
import { fitsCall } from './given-names.ts';
import type { Registry } from './registry.ts';

const seconds = (ms: number | null): Outcome => ({ kind: 'number', number: ms === null ? null : ms / 1000 });

/** Calls that CPython answers without the descriptor; undefined for all others, and where nothing was closed. */
const afterClose = (registry: Registry, call: Call): Outcome | undefined => {
  const gone = registry.gone(call.on);
  if (!gone) return undefined;
  if (hasIn(call, 'ends', 'descriptor')) return ok;
  if (hasIn(call, 'returns', 'seconds')) return seconds(gone.timeout);
  if (hasIn(call, 'sets', 'timeout')) return timeoutObjection(call.timeout) ?? undefined;
  return call.name === 'recv' && call.size === 0 ? { kind: 'data', data: new Uint8Array(0) } : undefined;
};

/** Why a message has no bytes now, that had some when it was tried. */
const untold = ({ pieces }: Extract<Bytes, { kind: 'composed' }>): string => {
  const made = makeMessage(pieces, { n: 1, at: 0 });
  return made.ok ? t('a value of this message does not fit') : made.message;
};

/**
 * Why a call is refused before a driver sees it; undefined where there is nothing to object to. `isThere`: what it is made on is known to
 * be there.
 */
export const objection = (registry: Registry, call: Call, isThere = false): Outcome | undefined => {
  if (!isThere && call.on !== '' && !registry.taken(call.on)) {
    // What is left of a closed object in CPython: a socket's makefile, and all of a file object, whose errors are its own.
    const answers = registry.gone(call.on) && (hasIn(call, 'returns', 'file') || isFileName(call.on));
    if (!answers) return afterClose(registry, call) ?? failure('EBADF', call.on);
  }
  const data = dataOf(call);
  if (data?.kind === 'dropped')
    return failure('VALUE', t('these bytes were dropped and cannot be sent again'));
  // Its values were put in before, where they could be had.
  if (data?.kind === 'composed') return failure('VALUE', untold(data));
  if (!call.as) return undefined;
  if (registry.taken(call.as)) return failure('VALUE', t`${call.as} is taken already`);
  return fitsCall(call, call.as)
    ? undefined
    : failure('VALUE', t`${call.as} is no name for what ${call.name} makes`);
};

/** What the bench answers by itself: deadlines are its own, so timeouts are too. Python speaks of seconds. */
export const ownAnswer = (registry: Registry, call: Call): Outcome | undefined => {
  if (!hasIn(call, 'asks', 'nobody')) return undefined;
  switch (call.name) {
    case 'gettimeout':
      return seconds(registry.socket(call.on)?.timeout ?? null);
    case 'settimeout':
      return timeoutObjection(call.timeout) ?? ok;
    case 'makefile':
      return undefined;
  }
};
