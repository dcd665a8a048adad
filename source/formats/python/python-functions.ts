import { safeText } from '../../core/bytes/payload.ts';
import { formatOutcome } from '../../core/words/outcome-text.ts';
import { type PlannedCall, titleOf, wasClosedUnder, wasWithdrawn } from '../projection/call-plan.ts';
import { foldRepeats, isRepeat, type Numbered, type Repeat } from './fold-repeats.ts';
import { type CallContext, pythonCall } from './python-calls.ts';
import type { PythonPorts } from './python-ports.ts';
import type { PythonThread } from './python-threads.ts';

/** Characters of what came of a call in a comment. */
const shownPayload = 60;

/** The code of one call. */
type Block = Numbered & {
  readonly planned: PlannedCall;
  readonly body: readonly string[];
  /** What came of it, without its times. */
  readonly happened: string;
};

const seconds = (ms: number): string => (ms / 1000).toFixed(6);

export const indent = (lines: readonly string[]): string[] => lines.map(line => `    ${line}`);

/** A call's number in a loop whose rounds are counted by n. */
export const numberIn = (id: number, stride: number): string =>
  stride === 0 ? `${id}` : `${id} + ${stride} * n`;

const whatHappened = (planned: PlannedCall): string => {
  const { call, outcome, endedAt } = planned;
  if (wasWithdrawn(planned)) return 'was queued, and taken back before it began';
  if (wasClosedUnder(planned)) return 'in flight until its socket was closed; in CPython it stays so';
  if (!outcome || endedAt === null) return 'in flight to the end of the session';
  return safeText(formatOutcome(outcome, call, shownPayload));
};

const tookOf = (planned: PlannedCall): string => {
  const { startedAt, endedAt } = planned;
  if (startedAt === null || endedAt === null || wasClosedUnder(planned)) return '';
  const waited =
    startedAt > planned.queuedAt ? `, ${seconds(startedAt - planned.queuedAt)} in its thread's queue` : '';
  return ` <${seconds(endedAt - startedAt)}>${waited}`;
};

const lookupLines = ({ lookups }: PlannedCall): string[] =>
  lookups.map(each => `# in it: ${titleOf(each)} = ${whatHappened(each)}${tookOf(each)}`);

const blockOf = (planned: PlannedCall, context: CallContext, ports: PythonPorts): Block => {
  const body = wasWithdrawn(planned) ? [] : [...pythonCall(planned, context), ...ports.learn(planned)];
  const by = planned.rule > 0 ? `, by rule ${planned.rule}` : '';
  const happened = `${whatHappened(planned)}${by}`;
  const alone = planned.lookups.length > 0 ? String(planned.id) : '';
  return { id: planned.id, key: [alone, happened, ...body].join('\n'), planned, body, happened };
};

const callLines = ({ id, planned, body }: Block, comment: string, stride: number): string[] => {
  if (body.length === 0) return [`${comment} (${titleOf(planned)})`];
  const result = body.some(line => /\bc\.value\b/.test(line)) ? ' as c' : '';
  return [comment, `with call(${numberIn(id, stride)})${result}:`, ...indent(body)];
};

const single = (block: Block): string[] => {
  const { planned, happened } = block;
  const comment = `# ${seconds(planned.queuedAt)} s: ${happened}${tookOf(planned)}`;
  return [...lookupLines(planned), ...callLines(block, comment, 0)];
};

const loop = ({ times, stride, first, last }: Repeat<Block>): string[] => [
  `for n in range(${times}):`,
  ...indent(
    first.flatMap((block, index) => {
      const until = seconds(last[index]!.planned.queuedAt);
      const comment = `# ${seconds(block.planned.queuedAt)} s to ${until} s: each ${block.happened}`;
      return callLines(block, comment, stride);
    }),
  ),
];

const assigned = (calls: readonly PlannedCall[]): string[] => {
  const names = calls.flatMap(({ call, outcome }) => {
    if (call.name === 'wrap') return [call.on];
    return outcome?.kind === 'made' ? [outcome.name] : [];
  });
  return [...new Set(names)].sort();
};

/** The function of a thread: its calls in order, above each when it was made and what came of it in the session. */
export const functionOf = (thread: PythonThread, context: CallContext, ports: PythonPorts): string => {
  const names = assigned(thread.calls);
  const blocks = foldRepeats(thread.calls.map(planned => blockOf(planned, context, ports)));
  const lines = [
    `"""${thread.title}"""`,
    ...(names.length > 0 ? [`global ${names.join(', ')}`] : []),
    ...blocks.flatMap(block => (isRepeat(block) ? loop(block) : single(block))),
  ];
  return `def ${thread.name}(call):\n${indent(lines).join('\n')}\n`;
};
