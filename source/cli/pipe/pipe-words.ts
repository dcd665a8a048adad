import { formatDuration } from '../../core/language/units.ts';
import { t } from '../../core/words/translate.ts';
import { outputCodes } from '../print.ts';
import { paceWords, sizeWords } from './moved-words.ts';

/**
 * How a pipe ended. `done`: both directions are over. `quit`: standard input is, and --quit-after too. `failed`: the socket or
 * standard input, in a sentence.
 */
export type End =
  | { readonly kind: 'done' | 'quit' | 'signal' }
  | { readonly kind: 'failed'; readonly words: string }
  | { readonly kind: 'idle'; readonly ms: number }
  /** The exit status where standard output takes no more. */
  | { readonly kind: 'output'; readonly code: number };

/** Bytes that the kernel took and gave, and when the connection stood (ms of a clock that never goes back); null: not yet. */
export type Moved = { sent: number; received: number; since: number | null };

/** The exit status; 1 stands for whatever a signal's is. */
export const exitOf = (end: End): number => {
  switch (end.kind) {
    case 'done':
    case 'quit':
      return 0;
    case 'failed':
    case 'idle':
    case 'signal':
      return 1;
    case 'output':
      return end.code;
  }
};

/** What went wrong, for people; '' where nothing did, or it was told already. */
export const troubleWords = (end: End): string => {
  switch (end.kind) {
    case 'done':
    case 'quit':
    case 'signal':
    case 'output':
      return '';
    case 'failed':
      return end.words;
    case 'idle':
      return t`nothing came or went for ${formatDuration(end.ms)} (--timeout)`;
  }
};

const endWords = (end: End): string => {
  switch (end.kind) {
    case 'done':
      return t('both sides are done');
    case 'quit':
      return t('standard input had ended (--quit-after)');
    case 'signal':
      return t('stopped by a signal');
    case 'failed':
      return t('failed');
    case 'idle':
      return t('timed out');
    case 'output':
      return end.code === outputCodes.EPIPE
        ? t('the reader of standard output left')
        : t('standard output takes no more');
  }
};

/** `sent 3 bytes, received 1048576 bytes (1.0 MiB) in 21.0 ms, 47.6 MiB/s: both sides are done`; '' before it began. */
export const summaryOf = ({ sent, received, since }: Moved, now: number, end: End): string => {
  if (since === null) return '';
  const pace = paceWords(sent + received, now - since);
  return t`sent ${sizeWords(sent)}, received ${sizeWords(received)} ${pace}: ${endWords(end)}`;
};
