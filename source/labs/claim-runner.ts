import type { Bench } from '../bench/engine/bench.ts';
import type { Claim } from '../core/language/expectation.ts';
import { t } from '../core/words/translate.ts';
import { type Judgement, judge, refusalOf } from './claims.ts';
import { isBlind, isFresh, isKernels } from './kernel-claims.ts';
import { isOfProgram } from './program-claims.ts';
import { judged, type Verdict } from './verdict.ts';

/** Expectations on state are polled for a second. */
const pollMs = 1_000;

/** A look at the kernel comes a few times a second; on a machine that is very busy it may take as long as this. */
const lookMs = 10_000;

/** A program has to be started, and is looked at a few times a second. */
const programMs = 10_000;

/** A finding is made within half a second of its cause; absent that long and a bit, it does not come. */
const absentMs = 600;

/** How long a claim that holds must go on holding, in ms. */
const stays = (claim: Claim): number => {
  if ('for' in claim && claim.for !== null) return claim.for;
  return claim.kind === 'finding' && claim.absent ? absentMs : 0;
};

const skipped = (reason: string): Verdict => ({ status: 'skipped', found: '', reason, call: 0 });

/** Judges what stands behind `expect`, polled until it holds or is late. */
export const createClaimRunner = (bench: Bench, pause: (ms: number) => Promise<void>) => {
  const poll = async (
    claim: Claim,
    ms: number,
    until: (judgement: Judgement) => boolean,
  ): Promise<Judgement> => {
    const end = bench.now() + ms;
    for (;;) {
      bench.flush();
      const judgement = judge(claim, bench.state(), bench.journal);
      const fresh = isFresh(claim, bench.state(), bench.journal);
      if (until(judgement) && (fresh || claim.kind === 'finding')) return judgement;
      const late = bench.now() - end;
      if (late >= 0 && (fresh || late >= lookMs)) return judgement;
      await pause(10);
    }
  };

  const runClaim = async (claim: Claim): Promise<Verdict> => {
    const began = bench.now();
    if ('target' in claim && isOfProgram(claim) && !bench.seesPrograms)
      return skipped(t('this system does not show which calls programs are in'));
    const ms = claim.within ?? (isOfProgram(claim) ? programMs : pollMs);
    const hidden = () => isKernels(claim) && isBlind(bench.journal);
    const first = await poll(claim, ms, judgement => judgement === true || hidden());
    if (hidden()) return skipped(t('this system does not show its queues'));
    if (first !== true) return judged(first, '', 0);
    if (claim.kind === 'refused') return judged(first, refusalOf(claim.line).text, 0);
    const lasting = stays(claim);
    const after = lasting > 0 ? await poll(claim, lasting, judgement => judgement !== true) : first;
    // What a look told of a program may be over already, and the same call made anew.
    const left = began + ms - bench.now();
    if (after !== true && isOfProgram(claim) && left > 0) return runClaim({ ...claim, within: left });
    return judged(after, '', 0);
  };

  return runClaim;
};
