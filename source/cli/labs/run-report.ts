import { t } from '../../core/words/translate.ts';
import type { LineReport } from '../../labs/tally.ts';

export type Counts = { passed: number; failed: number; skipped: number };

/** The plain closing line. */
export const summary = ({ passed, failed, skipped }: Counts): string =>
  t`${passed} passed, ${failed} failed, ${skipped} skipped`;

/** What `run --json` says of a line, behind its entries. docs/session-format.md has the keys. */
export const verdictRecord = ({ row, stage, text, status, expected, found, reason }: LineReport): string =>
  JSON.stringify({
    kind: 'verdict',
    line: row,
    ...(stage > 0 ? { stage } : {}),
    text: text.trim(),
    status,
    ok: status === 'skipped' ? null : status !== 'failed',
    expected: expected === '' ? null : expected,
    found,
    ...(reason === '' ? {} : { reason }),
  });

/** What `run --json` ends with; with `lab`, what it says at that lab's end. */
export const summaryRecord = (
  { passed, failed, skipped }: Counts,
  more: { lab: string } | { exit: number },
): string => JSON.stringify({ kind: 'summary', ...more, passed, failed, skipped });
