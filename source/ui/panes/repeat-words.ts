import { formatBytes } from '../../core/bytes/bytes-text.ts';
import { safeText } from '../../core/bytes/payload.ts';
import { formatDuration } from '../../core/language/units.ts';
import type { SocketState } from '../../core/model/state.ts';
import { moment } from '../../core/model/wait.ts';
import { t } from '../../core/words/translate.ts';

/** What a socket sends by itself, how often still, and when next: `repeat "hi" every 200ms: 37 left, next at 12.3s`; '' for nothing. */
export const repeatWords = ({ repeat: state }: SocketState): string => {
  if (!state) return '';
  const { repeat, sent, late, at } = state;
  const left = repeat.times === null ? t`${sent} sent` : t`${repeat.times - sent} left`;
  const facts = [
    left,
    ...(late > 0 ? [t`${late} late`] : []),
    ...(at === null ? [] : [t`next at ${moment(at)}`]),
  ];
  return t`repeat ${safeText(formatBytes(repeat.data, 24))} every ${formatDuration(repeat.every)}: ${facts.join(t(', '))}`;
};
