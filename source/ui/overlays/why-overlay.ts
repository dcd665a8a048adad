import { waitsFor } from '../../bench/view/selectors-waits.ts';
import type { WaitGroup, Waiting } from '../../bench/view/wait-groups.ts';
import type { KeyOf } from '../../commands/calling/command.ts';
import { doneBy, keyWords } from '../../commands/calling/keymap.ts';
import { safeText } from '../../core/bytes/payload.ts';
import { titleOf } from '../../core/calls/call.ts';
import { hasIn } from '../../core/calls/calls.ts';
import { formatCall } from '../../core/language/line.ts';
import { humanDuration } from '../../core/language/units.ts';
import { type DeadlockFinding, isBrokenHere, type Queued } from '../../core/model/finding.ts';
import { policies } from '../../core/model/names.ts';
import type { Remedy } from '../../core/model/remedy.ts';
import type { BenchState, CallState } from '../../core/model/state.ts';
import { moment } from '../../core/model/wait.ts';
import { queuedOf } from '../../core/waits/queued.ts';
import {
  deadlockTitle,
  endingWords,
  endWord,
  mayEndWords,
  queuedWords,
} from '../../core/words/deadlock-words.ts';
import type { DeedOn } from '../../core/words/key-words.ts';
import { t } from '../../core/words/translate.ts';
import { waitRole } from '../panes/trouble-roles.ts';
import { line, padded, type StyledLine, span, widthOf } from '../parts/styled-line.ts';
import { wrap } from '../parts/wrap-text.ts';
import type { Theme } from '../theme.ts';

export type WhyContext = {
  readonly bench: BenchState;
  readonly now: number;
  /** The id of the call under the cursor. */
  readonly chosen: number;
  readonly width: number;
  /** The keys that work from here, and from where a command's keys have led. */
  readonly keyOf: KeyOf;
  readonly keysAfter: (command: string, on: DeedOn) => KeyOf;
  readonly theme: Theme;
};

/** A row, and the id of the call that it is; 0 for none. */
type WhyRow = { readonly line: StyledLine; readonly call: number };

type ByAct = Extract<Remedy, { kind: 'act' }>;

const words = (...lines: readonly StyledLine[]): WhyRow[] => lines.map(each => ({ line: each, call: 0 }));

/** Columns of a call in a box of this width. */
const callColumns = (width: number): number => Math.min(26, Math.max(14, Math.floor(width / 4)));
const sinceColumns = 16;

const shownCall = ({ call }: CallState): string => {
  const { as: _, ...plain } = call;
  return safeText(formatCall(plain as CallState['call'], 16));
};

const sinceOf = (call: CallState, now: number): string =>
  call.startedAt === null
    ? t`queued ${humanDuration(now - call.queuedAt)}`
    : `BLOCKED ${humanDuration(now - call.startedAt)}`;

/** A call: since when, for whom it waits, until when. */
const callRow = (lead: string, { call, depth }: Waiting, context: WhyContext): WhyRow => {
  const { bench, now, chosen, width, keyOf, theme } = context;
  const isChosen = call.id === chosen;
  const waits = waitsFor(bench, call, keyWords(keyOf));
  const until = call.deadline === null ? '' : t`, until ${moment(call.deadline)}`;
  const row = line(
    span(isChosen ? theme.cursor : ' ', 'focus'),
    span(lead, 'bad'),
    '  '.repeat(Math.min(depth, 6)),
    span(padded(shownCall(call), callColumns(width) - 1), isChosen ? 'selected' : 'strong'),
    ' ',
    span(sinceOf(call, now), waitRole(bench, call)),
    ' '.repeat(Math.max(1, sinceColumns - widthOf(sinceOf(call, now)))),
    `${t`waits for ${waits}`}${until}`,
    call.looped ? span(`  ${t('loop')}`, 'dim') : null,
  );
  return { line: row, call: call.id };
};

/** Marks a cycle down its left side: the last call waits for the first. */
const cycleLead = (index: number, count: number, { box, arrow }: Theme): string => {
  const [topLeft, , bottomLeft] = box.corners;
  if (count === 1) return `${box.horizontal}${arrow.slice(-1)} `;
  if (index === 0) return `${topLeft}${arrow.slice(-1)} `;
  return index === count - 1 ? `${bottomLeft}${box.horizontal} ` : `${box.vertical}  `;
};

/** Its keys, or its name and what it is to act on. */
const keysOrName = (keyOf: KeyOf, command: string, on: DeedOn, name = on): string =>
  keyOf(command, on) || t`${command} on ${name}`;

/** The keys of the policy's command as often as it takes: each press sets the next one. */
const policyKeys = ({ program, policy }: ByAct, { keyOf, bench }: WhyContext): string => {
  const keys = keyOf('policy', program);
  if (keys === '') return doneBy(keyOf, 'policy');
  const from = policies.indexOf(bench.programs[program].policy);
  const presses = (policies.indexOf(policy) - from + policies.length) % policies.length;
  const [key = ''] = keys.split(' ').slice(-1);
  return [keys, ...Array<string>(Math.max(0, presses - 1)).fill(key)].join(' ');
};

/** Which keys do it, and what that does. */
const remedyWords = (remedy: Remedy, context: WhyContext): readonly [string, string] => {
  const { keyOf } = context;
  switch (remedy.kind) {
    case 'end': {
      const { call, at } = remedy;
      return [
        t`at ${moment(at)}`,
        t`the ${endWord(remedy)} of ${call.socket} ends ${titleOf(call)}: TimeoutError`,
      ];
    }
    case 'cancel': {
      const { call } = remedy;
      const title = titleOf(call);
      return [
        keyOf('why-cancel') === '' ? t`cancel on ${call.socket}` : t`${keyOf('why-cancel')} on its row`,
        call.looped
          ? t`cancels ${title} and its loop (KeyboardInterrupt)`
          : t`cancels ${title} (KeyboardInterrupt)`,
      ];
    }
    case 'act': {
      const act = actWords(remedy, context);
      return [
        t`${policyKeys(remedy, context)}, then ${act.key}`,
        t`under ${remedy.policy} a thread is free that ${act.does}`,
      ];
    }
  }
};

const actWords = ({ on, act, program }: ByAct, { keysAfter }: WhyContext): { key: string; does: string } => {
  const keyOf = keysAfter('policy', program);
  switch (act) {
    case 'send':
      return { key: keysOrName(keyOf, 'send', on), does: t`sends on ${on}` };
    case 'recv':
      return {
        key: keysOrName(keyOf, 'receive-loop', program, on),
        does: t`receives on ${on} until all is read`,
      };
    case 'accept':
      return { key: keysOrName(keyOf, 'accept', on), does: t`accepts on ${on}` };
    case 'end':
      return { key: keysOrName(keyOf, 'close-menu', on), does: t`half-closes ${on}` };
    case 'flush':
      return { key: `${keyOf('palette')}${on}.flush`, does: t`flushes ${on}` };
  }
};

const indented = (text: string, columns: number, width: number): StyledLine[] =>
  wrap(text, width - columns - 1, 'dim').map(part => line(' '.repeat(columns), part));

const remedyLines = (remedies: readonly Remedy[], context: WhyContext): StyledLine[] => {
  const ways = remedies.map(remedy => remedyWords(remedy, context));
  const columns = Math.min(18, Math.max(...ways.map(([key]) => widthOf(key))));
  return ways.flatMap(([key, does]) => {
    if (widthOf(key) > columns || 8 + columns + widthOf(does) > context.width)
      return [line('      ', span(key, 'key')), line(' '.repeat(8 + columns), does)];
    return [line('      ', span(padded(key, columns), 'key'), '  ', does)];
  });
};

const queueLines = (queued: readonly Queued[], width: number): StyledLine[] => {
  const said = queuedWords(queued);
  return indented(said === '' ? t('queued: this system does not tell') : t`${said} (kernel)`, 4, width);
};

/** What would end it: keys of the bench's, and of processes what their programs lack; and who may, where nothing is certain. */
const brokenBy = (found: DeadlockFinding, context: WhyContext): StyledLine[] => {
  const { width } = context;
  const { seen } = found;
  const isOthers = seen !== undefined && !isBrokenHere(found);
  const said = [seen ? mayEndWords(seen) : '', isOthers ? endingWords(found, seen) : ''];
  const lines = said.filter(words => words !== '').flatMap(words => indented(words, 4, width));
  return isOthers
    ? lines
    : [...lines, line(span(`    ${t('broken by')}`, 'dim')), ...remedyLines(found.remedies, context)];
};

const deadlockRows = (found: DeadlockFinding, { calls }: WaitGroup, context: WhyContext): WhyRow[] => {
  const cycle = found.calls.length;
  const how = cycle === 1 ? t('a call waits for its own thread') : t`${cycle} calls wait for each other`;
  const behind = calls.slice(cycle);
  return [
    ...words(
      line(
        ' ',
        span(deadlockTitle(found), found.seen?.certain === false ? 'bad' : 'deadlock'),
        span(`   ${how}`, 'dim'),
      ),
    ),
    ...calls
      .slice(0, cycle)
      .map((call, index) => callRow(cycleLead(index, cycle, context.theme), call, context)),
    ...words(
      ...(found.seen && found.queued.length === 0 ? [] : queueLines(found.queued, context.width)),
      ...brokenBy(found, context),
      ...(behind.length === 0 ? [] : [line(span(`    ${t('behind it')}`, 'dim'))]),
    ),
    ...behind.map(call => callRow('   ', call, context)),
    ...words(line()),
  ];
};

const plainRows = (group: WaitGroup, context: WhyContext): WhyRow[] => {
  const [first, ...behind] = group.calls;
  if (!first) return [];
  const { bench, width } = context;
  const sends = hasIn(first.call.call, 'moves', 'out');
  return [
    callRow('   ', first, context),
    ...words(...(sends ? queueLines(queuedOf(bench, [first.call]), width) : [])),
    ...behind.map(call => callRow('   ', call, context)),
  ];
};

const groupRows = (group: WaitGroup, context: WhyContext): WhyRow[] =>
  group.deadlock ? deadlockRows(group.deadlock, group, context) : plainRows(group, context);

/** Rows of the groups, those of many only around the one that the cursor is on. */
export const whyRows = (
  groups: readonly WaitGroup[],
  rows: number,
  context: WhyContext,
): readonly WhyRow[] => {
  const at = groups.findIndex(({ calls }) => calls.some(({ call }) => call.id === context.chosen));
  return groups
    .slice(Math.max(0, at - rows), Math.max(0, at) + rows + 1)
    .flatMap(group => groupRows(group, context));
};
