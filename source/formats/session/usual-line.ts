import { safeJson } from '../../core/bytes/printable.ts';
import type { Call } from '../../core/calls/call.ts';
import type { Outcome } from '../../core/calls/outcome.ts';
import { parseCall } from '../../core/language/line.ts';
import { type ActorId, isActor } from '../../core/model/actors.ts';
import type { Entry } from '../../core/model/entry.ts';
import { isThreadName } from '../../core/model/threads.ts';
import { callToText } from './jsonl.ts';
import type { Linked } from './link-table.ts';

/*
 * Most lines of a session are of calls in flight, and of calls that ended with a count, with a text or with nothing, as
 * sockbench itself writes them. One expression takes such a line apart, checked, at a fifth of what its JSON costs. It takes
 * no line that the schema would refuse or read otherwise; what it does not take goes through JSON.
 */

/** A text of JSON that is written in no other way: printable ASCII, and the escapes that have a letter. */
const text = String.raw`[ !#-\[\]-~]*(?:\\["\\bfnrt][ !#-\[\]-~]*)*`;

/** Milliseconds to the microsecond, below 10^12. */
const time = String.raw`(?:0|[1-9]\d{0,11})(?:\.\d{0,2}[1-9])?`;
const ordinal = String.raw`[1-9]\d{0,14}`;
const count = String.raw`(?:0|[1-9]\d{0,8})`;
const word = String.raw`[\w.\/-]*`;

const head = `"n":(${ordinal}),"t":(${time}),"prev":(?:0|${ordinal}),"id":(${ordinal}),`;

/** As recordings have it, the actor first, or as exports do. */
const call = `(?:"actor":"(${word})",)?"call":"(${text})",(?:"actor":"(${word})",)?`;

const about = `"thread":"(${word})","queuedAt":(${time}),"inside":(${count}),"looped":(true|false),"startedAt":(${time}),`;

const running = `running",${head}${call}${about}"deadline":(null|${time})`;

const outcome = String.raw`\{"kind":"(?:none"|count","count":(${count})|data","data":\{"text":"(${text})"\})\}`;

const ended = `ended",${head}${call}${about}"outcome":${outcome},"seen":(true|false)`;

const links = `(?:,"by":${ordinal})?(?:,"wakes":${ordinal})?`;

const runningLine = new RegExp(String.raw`^\{"kind":"${running}${links}\}$`);
const endedLine = new RegExp(String.raw`^\{"kind":"${ended}${links}\}$`);

/** Characters of a line, and of a payload in it, up to which it is taken apart here: longer ones are written otherwise too. */
export const longestUsual = 8192;
const longestText = 4096;

/** What is kept of a text that comes again and again; null: it is none. */
const remembered = <T>(make: (raw: string) => T | null) => {
  const known = new Map<string, T | null>();
  return (raw: string): T | null => {
    const found = known.get(raw);
    if (found !== undefined) return found;
    const made = make(raw);
    if (raw.length > 256) return made;
    if (known.size >= 4096) known.clear();
    known.set(raw, made);
    return made;
  };
};

const plain = (raw: string): string => (raw.includes('\\') ? (JSON.parse(`"${raw}"`) as string) : raw);

/** A call by its text in JSON, and as it is written. */
const callOf = remembered((raw): { readonly call: Call; readonly written: string } | null => {
  if (raw.length > longestText) return null;
  const parsed = parseCall(plain(raw));
  return parsed.ok
    ? { call: parsed.value, written: safeJson(JSON.stringify(callToText(parsed.value))) }
    : null;
});

const actorOf = remembered((name): { readonly actor: ActorId | '' } | null =>
  name === '' || isActor(name) ? { actor: name } : null,
);

const threadOf = remembered((name): string | null => (name === '' || isThreadName(name) ? name : null));

const encoder = new TextEncoder();

/** A line that was taken apart: parts as they stand in it. */
type Parts = {
  readonly kind: 'running' | 'ended';
  readonly n: string;
  readonly t: string;
  readonly id: string;
  readonly call: Call;
  readonly written: string;
  readonly actor: ActorId | '';
  readonly thread: string;
  readonly queuedAt: string;
  readonly inside: string;
  readonly looped: string;
  readonly startedAt: string;
  /** Of `running`. */
  readonly deadline: string;
  /** Of `ended`: of these two at most one is there. */
  readonly count: string | undefined;
  readonly text: string | undefined;
  readonly seen: string;
};

const partsOf = (line: string): Parts | null => {
  if (line.length > longestUsual) return null;
  const isEnded = line.startsWith('{"kind":"ended"');
  const found = (isEnded ? endedLine : runningLine).exec(line);
  if (!found) return null;
  const [, n, t, id, before, raw, after, thread, queuedAt, inside, looped, startedAt] = found;
  // Once: JSON takes the last of several, a reader none at all for an error.
  if ((before === undefined) === (after === undefined)) return null;
  const called = callOf(raw!);
  const actor = actorOf(before ?? after!);
  const known = threadOf(thread!);
  const text = isEnded ? found[13] : undefined;
  if (!called || !actor || known === null || (text !== undefined && text.length > longestText)) return null;
  return {
    kind: isEnded ? 'ended' : 'running',
    n: n!,
    t: t!,
    id: id!,
    ...called,
    ...actor,
    thread: known,
    queuedAt: queuedAt!,
    inside: inside!,
    looped: looped!,
    startedAt: startedAt!,
    deadline: isEnded ? '' : found[12]!,
    count: isEnded ? found[12] : undefined,
    text,
    seen: isEnded ? found[14]! : '',
  };
};

const outcomeOf = ({ count, text }: Parts): Outcome => {
  if (count !== undefined) return { kind: 'count', count: Number(count) };
  return text === undefined ? { kind: 'none' } : { kind: 'data', data: encoder.encode(plain(text)) };
};

const entryOf = (parts: Parts): Entry => {
  const { n, t, id, call, actor, thread, queuedAt, inside, looped, startedAt, deadline, seen } = parts;
  const stamp = { n: Number(n), t: Number(t), prev: 0 };
  const about = {
    id: Number(id),
    call,
    actor,
    thread,
    queuedAt: Number(queuedAt),
    inside: Number(inside),
    looped: looped === 'true',
    startedAt: Number(startedAt),
  };
  if (parts.kind === 'running')
    return { kind: 'running', ...stamp, ...about, deadline: deadline === 'null' ? null : Number(deadline) };
  return { kind: 'ended', ...stamp, ...about, outcome: outcomeOf(parts), seen: seen === 'true' };
};

/** The entry of a usual line, not linked with others; null: what it is JSON must say. */
export const usualEntry = (line: string): Entry | null => {
  const parts = partsOf(line);
  return parts && entryOf(parts);
};

const endingOf = ({ count, text }: Parts): string => {
  if (count !== undefined) return `"outcome":{"kind":"count","count":${count}}`;
  return text === undefined
    ? '"outcome":{"kind":"none"}'
    : `"outcome":{"kind":"data","data":{"text":"${text}"}}`;
};

const linksText = ({ by, wakes, wakesFirst }: Linked): string => {
  const cause = by > 0 ? `,"by":${by}` : '';
  const caused = wakes > 0 ? `,"wakes":${wakes}` : '';
  return wakesFirst ? caused + cause : cause + caused;
};

/** The same line as an export has it, with what the entry is linked with; null: it is not usual. */
export const usualText = (line: string, linked: Linked): string | null => {
  const parts = partsOf(line);
  if (!parts) return null;
  const { n, t, id, written, actor, thread, queuedAt, inside, looped, startedAt, deadline, seen } = parts;
  const about = `"n":${n},"t":${t},"prev":${linked.prev},"id":${id},"call":${written},"actor":"${actor}","thread":"${thread}","queuedAt":${queuedAt},"inside":${inside},"looped":${looped},"startedAt":${startedAt}`;
  const ending = parts.kind === 'running' ? `"deadline":${deadline}` : `${endingOf(parts)},"seen":${seen}`;
  return `{"kind":"${parts.kind}",${about},${ending}${linksText(linked)}}`;
};
