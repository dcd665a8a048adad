import type { Call } from '../../core/calls/call.ts';
import { made } from '../../core/calls/calls.ts';
import { accepts, actorNamed, type Program, type SocketLetter } from '../../core/model/actors.ts';
import { isFileName, isSocketName } from '../../core/model/names.ts';

const letterFor = (call: Call): SocketLetter | 'f' => {
  switch (made(call.name)) {
    case 'connection':
      return 'a';
    case 'file':
      return 'f';
    case 'socket':
    case null:
      return 'c';
  }
};

/** Whose socket a call is about to make; '' where it makes none by itself. */
export const actorOfNew = (call: Call): Program | '' =>
  made(call.name) === 'socket' ? (actorNamed(call.as ?? letterFor(call)) ?? 'client') : '';

/** Names for sockets start with a program's letter; a file object's with f. */
export const fitsCall = (call: Call, name: string): boolean => {
  const makes = made(call.name);
  if (makes === 'file') return isFileName(name);
  const actor = isSocketName(name) ? actorNamed(name) : undefined;
  return actor !== undefined && (makes !== 'connection' || accepts(actor));
};

/** The names that sockets and file objects have had: each letter counts on. */
export class GivenNames {
  private readonly highest: Record<string, number> = {};

  remember(name: string): void {
    const letter = name[0] ?? '';
    this.highest[letter] = Math.max(this.highest[letter] ?? 0, Number(name.slice(1)) || 0);
  }

  next(letter: SocketLetter | 'f'): string {
    return `${letter}${(this.highest[letter] ?? 0) + 1}`;
  }

  /** The name that a call's result will have: the one asked for, where another call has not been faster. */
  forCall(call: Call, isTaken: (name: string) => boolean): string {
    const { as } = call;
    const name = as !== undefined && !isTaken(as) ? as : this.next(letterFor(call));
    this.remember(name);
    return name;
  }
}
