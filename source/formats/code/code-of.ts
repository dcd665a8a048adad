import type { Call } from '../../core/calls/call.ts';
import type { CodeAbout, ShownCode } from '../../core/model/code.ts';
import type { Entry } from '../../core/model/entry.ts';
import { t } from '../../core/words/translate.ts';
import { type PlannedCall, plannedCalls } from '../projection/call-plan.ts';
import { cOfCall, cProgram } from './c-code.ts';
import { pythonOfCall, pythonProgram } from './python-code.ts';
import { kindsOf, lifeOf } from './socket-life.ts';

/** Calls of a life that are shown as code: more than anybody reads. */
const most = 500;

/** `p1.4` is no name in either language. */
const identifier = (name: string): string => name.replace(/\W/g, '_');

const renamed = (planned: PlannedCall): PlannedCall => {
  const { call, outcome } = planned;
  const named = { ...call, on: identifier(call.on) } as Call;
  if (outcome?.kind !== 'made') return { ...planned, call: named };
  return { ...planned, call: named, outcome: { ...outcome, name: identifier(outcome.name) } };
};

/** A call, or a socket's life so far, as Python and as C; a sentence where there is none. */
export const codeOf = (entries: readonly Entry[], about: CodeAbout): ShownCode | string => {
  const planned = plannedCalls(entries).map(renamed);
  const kinds = kindsOf(planned);
  if (about.kind === 'call') {
    const call = planned.find(({ id }) => id === about.id);
    if (!call) return t('The journal no longer holds this call');
    return { python: pythonOfCall(call, kinds), c: cOfCall(call, kinds) };
  }
  const life = lifeOf(identifier(about.socket), planned);
  if (life.length === 0) return t`No call was made on ${about.socket} yet`;
  const shown = life.slice(0, most);
  const cut = life.length > most ? `the first ${most} of ${life.length} calls` : '';
  return {
    python: `${cut === '' ? '' : `# ${cut}\n`}${pythonProgram(shown, kinds)}`,
    c: `${cut === '' ? '' : `/* ${cut} */\n`}${cProgram(shown, kinds)}`,
  };
};
