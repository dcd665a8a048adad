import { sortedBy } from '../columns.ts';
import type { EventLog } from './event-log.ts';
import { type Conversation, handshakeOf } from './tcp-conversations.ts';
import type { Connection, Datagram, TrafficEvent, TrafficEvents } from './traffic-events.ts';

/** When the first bytes or the first FIN of each conversation came. */
const firstTimes = (log: EventLog, count: number): Float64Array => {
  const first = new Float64Array(count).fill(Number.POSITIVE_INFINITY);
  for (let row = 0; row < log.size(); row++) {
    const index = log.conversationOf(row);
    if (index >= 0 && log.isProgress(row)) first[index] = Math.min(first[index]!, log.timeOf(row));
  }
  return first;
};

/** Rows of the log as their conversations have them, one conversation after the other: where each begins in them, and they. */
const byConversation = (log: EventLog, count: number) => {
  const begins = new Int32Array(count + 1);
  for (let row = 0; row < log.size(); row++) {
    const index = log.conversationOf(row);
    if (index >= 0) begins[index + 1]!++;
  }
  for (let index = 0; index < count; index++) begins[index + 1]! += begins[index]!;
  const rows = new Int32Array(begins[count]!);
  const next = begins.slice();
  for (let row = 0; row < log.size(); row++) {
    const index = log.conversationOf(row);
    if (index >= 0) rows[next[index]!++] = row;
  }
  return { begins, rows };
};

/**
 * All that was seen, in the order of time; what came at one time in that of the conversations, a handshake before what follows, and
 * datagrams last.
 */
export const inOrderOfTime = (
  log: EventLog,
  conversations: readonly Conversation[],
  datagrams: readonly Datagram[],
): TrafficEvents => {
  const count = conversations.reduce((most, { index }) => Math.max(most, index + 1), 0);
  const all = log.conversations();
  const first = firstTimes(log, Math.max(count, all));
  const { begins, rows } = byConversation(log, Math.max(count, all));
  const byIndex = new Map(conversations.map(conversation => [conversation.index, conversation]));
  /** Above 0: a row of the log and one; below: what is not in it. */
  const items = new Int32Array(rows.length + conversations.length * 2 + datagrams.length);
  const beside: TrafficEvent[] = [];
  const seen: Connection[] = [];
  let size = 0;
  const put = (event: TrafficEvent) => {
    items[size++] = -beside.push(event);
  };
  for (const conversation of conversations) {
    const { index } = conversation;
    const { events, isOnlyTried } = handshakeOf(conversation, first[index]!);
    const before = size;
    for (const event of events) put({ kind: 'tcp', event });
    if (!isOnlyTried)
      for (let at = begins[index]!; at < begins[index + 1]!; at++) items[size++] = rows[at]! + 1;
    if (size > before) seen.push(conversation);
  }
  for (const datagram of datagrams) put({ kind: 'udp', datagram });

  const eventAt = (item: number): TrafficEvent => {
    if (item < 0) return beside[-item - 1]!;
    const connection = byIndex.get(log.conversationOf(item - 1))!;
    return { kind: 'tcp', event: log.of(item - 1, connection) };
  };
  const timeOf = (item: number): number => {
    if (item > 0) return log.timeOf(item - 1);
    const event = beside[-item - 1]!;
    return event.kind === 'tcp' ? event.event.t : event.datagram.t;
  };
  const order = new Int32Array(size);
  for (let at = 0; at < size; at++) order[at] = at;
  sortedBy(order, at => timeOf(items[at]!));
  return {
    *ends() {
      for (const { client, server } of seen) yield* [client, server];
      for (const { from, to } of datagrams) yield* [from, to];
    },
    *[Symbol.iterator]() {
      for (const at of order) yield eventAt(items[at]!);
    },
  };
};
