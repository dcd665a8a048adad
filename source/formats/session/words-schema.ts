import type { Endpoint, InetEndpoint, UnixEndpoint } from '../../core/addresses/endpoint.ts';
import { familyOf } from '../../core/addresses/ip.ts';
import type { Call } from '../../core/calls/call.ts';
import { parseFaultsText } from '../../core/language/fault-text.ts';
import { parseCall } from '../../core/language/line.ts';
import { parseRelayTarget } from '../../core/language/relay-text.ts';
import { parseRepeat } from '../../core/language/repeat-text.ts';
import { parseRuleText } from '../../core/language/rule-text.ts';
import { type ActorId, isActor, isProgram, type Program, programs } from '../../core/model/actors.ts';
import type { Faults } from '../../core/model/faults.ts';
import { isFileName, isSocketName, type Policy, policies } from '../../core/model/names.ts';
import type { Act } from '../../core/model/need.ts';
import { type ProcessId, processOfThread } from '../../core/model/process.ts';
import type { RelayTarget } from '../../core/model/relay-target.ts';
import type { Repeat } from '../../core/model/repeat-plan.ts';
import type { Rule } from '../../core/model/rule.ts';
import { isThreadName } from '../../core/model/threads.ts';
import { marked, t } from '../../core/words/translate.ts';
import {
  always,
  amount,
  matching,
  misfit,
  objectOf,
  oneOf,
  optional,
  type Read,
  shownValue,
  text,
  whole,
  yesNo,
} from './reading.ts';

/** The largest number of bytes, calls or entries: up to here numbers are whole (ECMA-262, Number.MAX_SAFE_INTEGER). */
const mostCounted = Number.MAX_SAFE_INTEGER;

/** The longest session, in ms: 300 years, so that its times are dates wherever it began. */
const longestSession = 1e13;

/**
 * The most bytes that one call moves: a line sends at most 1 GiB and a recv takes no more, and a file object's buffer
 * comes on top. Exports write a packet for so many of them.
 */
const mostMoved = 2 ** 32;

/** Bytes that one call moved. */
export const moved = whole(0, mostMoved, marked('a whole number of bytes from 0 to 2^32'));

/** Bytes of a whole session, or how many of something. */
export const count = whole(0, mostCounted, marked('a whole number from 0 to 2^53 - 1'));

/** The number of a call or an entry. */
export const ordinal = whole(1, mostCounted, marked('a whole number from 1 to 2^53 - 1'));

/** Milliseconds since the bench began. */
export const time = amount(0, longestSession, marked('a time from 0 to 10^13 ms'));

/** The same, or -1 for never. */
export const timeOrNever = amount(-1, longestSession, marked('a time from 0 to 10^13 ms, or -1'));

/** What getsockopt and its like answer. */
export const answer = amount(-mostCounted, mostCounted, marked('a number between -2^53 and 2^53'));

export const socketName = matching(isSocketName, marked("a socket's name such as c1"));

export const fileName = matching(isFileName, marked("a file object's name such as f1"));

const isEither = (name: string): boolean => isSocketName(name) || isFileName(name);

export const socketOrFile = matching(isEither, marked("a socket's or file object's name such as c1 or f1"));

/** A name, or '' for none. */
export const socketOrNone = matching(
  name => name === '' || isSocketName(name),
  marked("a socket's name, or empty"),
);

const isThread = (name: string): boolean => name === '' || isThreadName(name);

export const thread = matching(isThread, marked("a thread's name such as c1.r, or empty"));

/** Who makes calls. */
export const actor: Read<ActorId> = value => {
  const name = text(value);
  if (isActor(name)) return name;
  throw misfit(t`${shownValue(value)} is nobody who makes calls`);
};

export const actorOrNobody: Read<ActorId | ''> = value => (value === '' ? '' : actor(value));

export const processId: Read<ProcessId> = value => {
  const id = actor(value);
  if (!isProgram(id)) return id;
  throw misfit(t`${shownValue(value)} is no process`);
};

export const processOrNone: Read<ProcessId | ''> = value => (value === '' ? '' : processId(value));

/** What a process ended with: a byte (wait(2)). */
export const exitCode = whole(0, 255, marked('an exit status from 0 to 255'));

export const processThread = matching(
  name => processOfThread(name) !== '',
  marked("a process's thread such as p1/4711"),
);

/** The number of a descriptor: an int of C. */
export const descriptor = whole(0, 2 ** 31 - 1, marked('a descriptor from 0 to 2^31 - 1'));

/** A socket, or another descriptor of a process. */
export const descriptorName = matching(
  name => isSocketName(name) || /^fd(?:0|[1-9]\d{0,9})$/.test(name),
  marked("a socket's name such as p1.4, or another descriptor such as fd4"),
);

/** What somebody must do for a call to go on. */
export const act: Read<Act> = oneOf(['send', 'recv', 'accept', 'flush', 'end'], 'act');

/** A rule as it is written in a line. */
export const rule: Read<Rule> = value => {
  const read = parseRuleText(text(value));
  if (read.ok) return read.value;
  throw misfit(t`${shownValue(value)} is no rule: ${read.message}`);
};

/** Where a relay leads, as it is written in a line. */
export const relayTarget: Read<RelayTarget> = value => {
  const read = parseRelayTarget(text(value));
  if (read.ok) return read.value;
  throw misfit(t`${shownValue(value)} is no target: ${read.message}`);
};

/** What is sent again and again, as it is written in a line. */
export const repeat: Read<Repeat> = value => {
  const read = parseRepeat(text(value));
  if (read.ok) return read.value;
  throw misfit(t`${shownValue(value)} is nothing to repeat: ${read.message}`);
};

/** Faults as they are written in a line. */
export const faults: Read<Faults> = value => {
  const read = parseFaultsText(text(value));
  if (read.ok) return read.value;
  throw misfit(t`${shownValue(value)} are no faults: ${read.message}`);
};

export const program: Read<Program> = oneOf(programs, 'program');

export const policy: Read<Policy> = oneOf(policies, 'policy');

export const loops = objectOf({ accept: yesNo, receive: yesNo });

export const port = whole(0, 65_535, marked('a port from 0 to 65535'));

/** An address of the internet's families has no kind in a file: that is what none means. */
export const inet = always('inet');

const literalEndpoint = objectOf<InetEndpoint>({
  kind: inet,
  host: matching(host => familyOf(host) !== null, marked('a literal address')),
  port,
});

const unixEndpoint = objectOf<UnixEndpoint>({
  kind: always('unix'),
  path: text,
  inode: optional(whole(0, 2 ** 53, marked('the number of an inode'))),
});

type Kind = Endpoint['kind'];

type EndpointReaders = { readonly [K in Kind]: Read<Extract<Endpoint, { kind: K }>> };

const endpointBy = (readers: EndpointReaders): Read<Endpoint> => {
  const kinds = Object.keys(readers) as readonly Kind[];
  return value => {
    const said = typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined;
    return readers[kinds.find(kind => kind === said) ?? 'inet'](value);
  };
};

/** What the kernel says: a literal address and the number of a port, or the name of a Unix socket. */
export const endpoint = endpointBy({ inet: literalEndpoint, unix: unixEndpoint });

/** A number, or the name of a service. */
export const askedPort: Read<number | string> = value => (typeof value === 'string' ? value : port(value));

/** What a call was given: names of hosts and of services too. */
export const namedEndpoint = objectOf<InetEndpoint>({ kind: inet, host: text, port: askedPort });

/** The same, or the name of a Unix socket. */
export const askedEndpoint = endpointBy({ inet: namedEndpoint, unix: unixEndpoint });

/** A call, from its line in the lab language. */
export const call: Read<Call> = value => {
  const parsed = parseCall(text(value));
  if (parsed.ok) return parsed.value;
  throw misfit(t`${shownValue(value)} is no call: ${parsed.message}`);
};
