import { calls } from '../core/calls/calls.ts';
import type { Outcome } from '../core/calls/outcome.ts';
import { formatSize } from '../core/language/units.ts';
import { type Values, writtenValue } from '../core/language/values.ts';
import { t } from '../core/words/translate.ts';
import type { OneLine } from './line-runner.ts';

/** The variables of a script: what it was started with, and what its lines have set since. */
export type ScriptVariables = {
  readonly values: Values;
  /** Keeps what a line returned under the name that it gives; null, or why a variable cannot hold it. */
  readonly keep: (name: string, line: OneLine, outcome: Outcome | undefined) => string | null;
};

export const createScriptVariables = (first: Values = {}): ScriptVariables => {
  const values: Record<string, string> = { ...first };
  return {
    values,
    keep: (name, line, outcome) => {
      if (name === '' || !outcome || (line.kind !== 'call' && line.kind !== 'until')) return null;
      const call = line.kind === 'call' ? line.call : ({ name: 'recv', on: line.on, size: 0 } as const);
      const value = writtenValue(outcome, call);
      if (value !== undefined) values[name] = value;
      else if (outcome.kind === 'data' && calls[call.name].returns !== 'datagram')
        return t`$${name} cannot keep ${formatSize(outcome.data.length)}: receive less at a time`;
      return null;
    },
  };
};
