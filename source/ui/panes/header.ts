import { waitsFor } from '../../bench/view/selectors-waits.ts';
import type { World } from '../../bench/view/store.ts';
import { shownBench } from '../../bench/view/view.ts';
import type { KeyOf } from '../../commands/calling/command.ts';
import { keyWords } from '../../commands/calling/keymap.ts';
import { humanDuration } from '../../core/language/units.ts';
import { type Finding, findingCalls, findingName, isDeadlock } from '../../core/model/finding.ts';
import { memo } from '../../core/model/memo.ts';
import { type BenchState, type CallState, isAside } from '../../core/model/state.ts';
import { callLabel } from '../../core/model/wait.ts';
import { deadlockTitle } from '../../core/words/deadlock-words.ts';
import { findingSentence } from '../../core/words/finding-words.ts';
import { t } from '../../core/words/translate.ts';
import { line, lineWidth, type Span, type StyledLine, span, spread, widthOf } from '../parts/styled-line.ts';
import type { ScreenOptions } from '../screen-services.ts';
import { socketCount } from './socket-count.ts';

const count = memo((bench: BenchState): { sockets: number; blocked: number } => {
  let sockets = 0;
  for (const { closed, actor } of bench.sockets.values()) if (!closed && !isAside(bench, actor)) sockets++;
  let blocked = 0;
  for (const { startedAt, inside, actor } of bench.calls.values()) {
    if (startedAt !== null && inside === 0 && !isAside(bench, actor)) blocked++;
  }
  return { sockets, blocked };
});

const recordingOf = (world: World, { heading, recorded }: ScreenOptions): Span => {
  if (heading !== undefined) return span(heading);
  if (!recorded) return span(t('rec off'));
  return shownBench(world).findings.has('recording') ? span(t('rec FAILED'), 'bad') : span(t('rec on'));
};

/** Name, clock, how many sockets are open and calls blocked, and whether it is recorded. */
export const headerLine = (world: World, now: number, options: ScreenOptions, width: number): StyledLine => {
  const { sockets, blocked } = count(shownBench(world));
  const frozen = world.view.frozen ? span(`${t('FROZEN at')} `, 'warning') : null;
  const right = line(
    frozen,
    `${humanDuration(now)}   ${socketCount(sockets)}   `,
    span(t`${blocked} blocked`, blocked > 0 ? 'blocked' : 'plain'),
    world.view.mouse ? `   ${t('mouse')}` : null,
    '   ',
    recordingOf(world, options),
    ' ',
  );
  const { lab } = world.view;
  const open = lab ? `   ${t`lab ${`${lab.name} ${lab.stage}/${lab.stages}`}`}` : '';
  return spread(line(span(' sockbench', 'title'), open), right, width);
};

/** A person's own call that has been blocked so long, in ms, gets a sentence of its own. */
const worthASentence = 1_000;

/** Calls of persons that are blocked, in the order in which they were made. */
const ownBlocked = memo((bench: BenchState): readonly CallState[] =>
  [...bench.calls.values()].filter(
    ({ looped, actor, inside, startedAt }) =>
      !looped && !isAside(bench, actor) && inside === 0 && startedAt !== null,
  ),
);

const oldest = (world: World, now: number): CallState | undefined =>
  ownBlocked(shownBench(world)).find(({ startedAt }) => now - startedAt! >= worthASentence);

const blockedSentence = (world: World, call: CallState, now: number, keyOf: KeyOf): string => {
  const waits = waitsFor(shownBench(world), call, keyWords(keyOf));
  const until = call.deadline === null ? t('no timeout') : t`until ${humanDuration(call.deadline)}`;
  const blocked = `${callLabel(call)} BLOCKED ${humanDuration(now - (call.startedAt ?? now))}`;
  return [blocked, until, ...(waits === '' ? [] : [t`waits for ${waits}`])].join(t(', '));
};

/** As many whole clauses of a sentence as fit; all of it, to be cut, where not even the first does. */
const clauses = (sentence: string, room: number): string => {
  let end = sentence.length;
  while (end > 0 && widthOf(sentence.slice(0, end)) > room) end = sentence.lastIndexOf(t('; '), end - 1);
  return end > 0 ? sentence.slice(0, end) : sentence;
};

/** "w why" at the end of what the key explains, unless that is open. */
const whyHint = ({ view }: World, keyOf: KeyOf): StyledLine => {
  const key = view.overlays.at(-1)?.kind === 'why' ? '' : keyOf('why');
  return key === '' ? line() : line('  ', span(key, 'key'), span(` ${t('why')} `, 'dim'));
};

const findingLine = (
  world: World,
  findings: readonly Finding[],
  finding: Finding,
  width: number,
  keyOf: KeyOf,
): StyledLine => {
  const others = findings.length > 1 ? span(` ${t`and ${findings.length - 1} more`}`, 'dim') : null;
  const more = line(others, findingCalls(finding).length > 0 ? whyHint(world, keyOf) : null);
  const sentence = clauses(findingSentence(finding, keyWords(keyOf)), width - 3 - lineWidth(more));
  if (finding.name !== 'deadlock' || !isDeadlock(finding))
    return spread(line(span(' ! ', 'bad'), span(sentence, 'warning')), more, width);
  const title = deadlockTitle(finding);
  const rest = sentence.slice(title.length);
  return spread(line(span(' ! ', 'bad'), span(title, 'deadlock'), span(rest, 'warning')), more, width);
};

/**
 * The one sentence that matters most: a finding, else the call that has been blocked longest; else that a recording
 * ended, which the header tells as well; else nothing.
 */
export const verdictLine = (world: World, now: number, width: number, keyOf: KeyOf): StyledLine => {
  const findings = [...shownBench(world).findings.values()];
  const ofSockets = findings.filter(finding => findingName(finding) !== 'recording');
  const worst = ofSockets.find(finding => findingName(finding) === 'deadlock') ?? ofSockets[0];
  if (worst) return findingLine(world, findings, worst, width, keyOf);
  const call = oldest(world, now);
  if (call)
    return spread(
      line(' ', span(blockedSentence(world, call, now, keyOf), 'blocked')),
      whyHint(world, keyOf),
      width,
    );
  return findings[0] ? findingLine(world, findings, findings[0], width, keyOf) : line();
};
