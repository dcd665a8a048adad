import { formatBytes } from '../../core/bytes/bytes-text.ts';
import { safeText } from '../../core/bytes/payload.ts';
import { formatDuration } from '../../core/language/units.ts';
import type { SocketState } from '../../core/model/state.ts';
import { moment } from '../../core/model/wait.ts';

/** What a socket sends by itself, how often still, and when next: `repeat "hi" every 200ms: 37 left, next at 12.3s`; '' for nothing. */
export const repeatWords = ({ repeat: state }: SocketState): string => {
  if (!state) return '';
  const { repeat, sent, late, at } = state;
  const left = repeat.times === null ? `${sent} sent` : `${repeat.times - sent} left`;
  const facts = [
    left,
    ...(late > 0 ? [`${late} late`] : []),
    ...(at === null ? [] : [`next at ${moment(at)}`]),
  ];
  return `repeat ${safeText(formatBytes(repeat.data, 24))} every ${formatDuration(repeat.every)}: ${facts.join(', ')}`;
};
