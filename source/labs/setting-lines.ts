import type { Bench } from '../bench/engine/bench.ts';
import { repeatLine } from '../commands/sockets/repeat-line.ts';
import { formatFaults } from '../core/language/fault-text.ts';
import { formatRepeat } from '../core/language/repeat-text.ts';
import type { Statement } from '../core/language/statement-text.ts';
import { runRelay } from './relay-runner.ts';
import { runRule } from './rule-runner.ts';
import { done, judged, type Verdict } from './verdict.ts';

/** What a line sets on the bench: it is done at once. */
export type Setting = Exclude<Statement, { kind: 'sleep' }>;

export const runSetting = (bench: Bench, line: Setting): Verdict => {
  switch (line.kind) {
    case 'policy':
      bench.setPolicy(line.program, line.policy);
      return done(line.policy, 0);
    case 'loop':
      bench.setLoop(line.program, line.loop, line.on);
      return done(`${line.loop} ${line.on ? 'on' : 'off'}`, 0);
    case 'relay':
      return runRelay(bench, line);
    case 'repeat-send': {
      const trouble = repeatLine(bench, line);
      const what = line.repeat ? formatRepeat(line.repeat, 60) : 'off';
      return trouble === null ? done(what, 0) : judged(trouble, '', 0);
    }
    case 'fault': {
      bench.flush();
      const why = bench.setFaults(line.socket, line.faults);
      return why === null ? done(formatFaults(line.faults), 0) : judged(why, '', 0);
    }
    case 'rule':
    case 'change-rule':
      return runRule(bench, line);
  }
};
