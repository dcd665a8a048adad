import type { Call } from '../core/call.ts';
import { failure, type Outcome, ok } from '../core/outcome.ts';
import { timeoutObjection } from '../core/python-numbers.ts';
import { fitsCall, type Registry } from './registry.ts';

/** Why a call is refused before a driver sees it; undefined where there is nothing to object to. */
export const objection = (registry: Registry, call: Call): Outcome | undefined => {
  if (call.on !== '' && registry.subject(call.on) === '') return failure('EBADF', call.on);
  if ('data' in call && call.data.kind === 'dropped')
    return failure('VALUE', 'these bytes were dropped and cannot be sent again');
  if (!call.as) return undefined;
  if (registry.taken(call.as)) return failure('VALUE', `${call.as} is taken already`);
  return fitsCall(call, call.as)
    ? undefined
    : failure('VALUE', `${call.as} is no name for what ${call.name} makes`);
};

/** What the bench answers by itself: deadlines are its own, so timeouts are too. Python speaks of seconds. */
export const ownAnswer = (registry: Registry, call: Call): Outcome | undefined => {
  if (call.name === 'gettimeout') {
    const timeout = registry.socket(call.on)?.timeout ?? null;
    return { kind: 'number', number: timeout === null ? null : timeout / 1000 };
  }
  if (call.name !== 'settimeout') return undefined;
  return timeoutObjection(call.timeout) ?? ok;
};
