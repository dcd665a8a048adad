import { formatSize } from '../../core/language/units.ts';
import { t } from '../../core/words/translate.ts';
import type { Limit, ThreadCall } from '../proc/thread-call.ts';
import type { Wait } from './thread-waits.ts';
import type { Touch } from './touches.ts';

/** Flags of recv and send that change how long they wait, or what for (recv(2), send(2)). */
const flagNames: readonly (readonly [number, string])[] = [
  [0x2, 'MSG_PEEK'],
  [0x40, 'MSG_DONTWAIT'],
  [0x100, 'MSG_WAITALL'],
];

const flagWords = (flags: number | null): string[] =>
  flagNames.filter(([bit]) => ((flags ?? 0) & bit) !== 0).map(([, name]) => name);

const limitWords = (limit: Limit): string[] => {
  if (limit === null) return [];
  return [limit.kind === 'ms' ? t`${limit.ms} ms at most` : t('for a time')];
};

/** More descriptors than a reader wants to see. */
const fewDescriptors = 8;

/** `fd 3, 4 and 5 more`. */
export const fdList = (from: readonly { readonly fd: number }[]): string => {
  const fds = [...new Set(from.map(({ fd }) => fd))];
  const more = fds.length - fewDescriptors;
  return `fd ${fds.slice(0, fewDescriptors).join(', ')}${more > 0 ? t` and ${more} more` : ''}`;
};

/** `fd 3, 5 is readable`: what a call that waits for several descriptors waits until. */
export const readyWords = (touches: readonly Touch[]): string => {
  const parts: string[] = [];
  const reads = touches.filter(touch => touch.reads);
  const writes = touches.filter(touch => touch.writes);
  if (reads.length > 0)
    parts.push(reads.length > 1 ? t`one of ${fdList(reads)} is readable` : t`${fdList(reads)} is readable`);
  if (writes.length > 0)
    parts.push(
      writes.length > 1 ? t`one of ${fdList(writes)} is writable` : t`${fdList(writes)} is writable`,
    );
  return parts.join(t(' or '));
};

/** The call with what is known of its arguments: `recvfrom(fd 4, 4KiB)`; '' where it is in none. */
export const callWords = ({ thread }: Wait): string => {
  const { call } = thread;
  const written = (name: string, parts: readonly string[]) =>
    parts.length === 0 ? name : `${name}(${parts.join(', ')})`;
  switch (call.kind) {
    case 'recv':
    case 'send': {
      const size = call.size === null ? [] : [formatSize(call.size)];
      return written(call.name, [
        `fd ${call.fd}`,
        ...size,
        ...flagWords(call.flags),
        ...limitWords(call.limit),
      ]);
    }
    case 'accept':
    case 'connect':
      return written(call.name, [`fd ${call.fd}`]);
    case 'poll':
      return written(call.name, [
        ...(call.set.kind === 'epoll' ? [`fd ${call.set.fd}`] : []),
        ...limitWords(call.limit),
      ]);
    case 'futex':
      return written(call.name, call.timed ? [t('for a time')] : []);
    case 'other':
      return call.name;
    case 'running':
    case 'outside':
    case 'hidden':
      return '';
  }
};

/** The name alone, for a sentence about several. */
export const callName = ({ call }: { readonly call: ThreadCall }): string =>
  'name' in call ? call.name : t('no call');
