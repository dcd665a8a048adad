import { formatEndpoint } from '../addresses/address.ts';
import { quoteBytes } from '../bytes/payload.ts';
import type { Call } from '../calls/call.ts';
import type { Returned } from '../calls/call-spec.ts';
import { calls, isMaker } from '../calls/calls.ts';
import type { Outcome } from '../calls/outcome.ts';
import { innerLine, type Line, parseLine } from './line.ts';
import type { Refused } from './parsed.ts';
import { substitute } from './substitute.ts';

/** Text put in place of `$name`, outside quotes. Bytes are kept as the quotation that stands for exactly them. */
export type Values = Readonly<Record<string, string>>;

/** Bytes that a variable may hold: with every one escaped they still fit into the longest line. */
export const largestValue = 4 * 1024 * 1024;

/**
 * How a value is written in a later line: of recvfrom, the address it came from; of other calls that receive, their
 * bytes. Undefined where it cannot be.
 */
export const writtenValue = (outcome: Outcome, call: Call): string | undefined => {
  switch (outcome.kind) {
    case 'endpoint':
      return formatEndpoint(outcome.endpoint);
    case 'number':
      return outcome.number === null ? 'none' : String(outcome.number);
    case 'count':
      return String(outcome.count);
    case 'text':
      return outcome.text;
    case 'data':
      if (calls[call.name].returns === 'datagram') return outcome.from && formatEndpoint(outcome.from);
      return outcome.dropped || outcome.data.length > largestValue ? undefined : quoteBytes(outcome.data);
    default:
      return undefined;
  }
};

/** A line with its variable's name taken off, and that name: `me = c1.getsockname`. */
export const splitVariable = (line: Line): { readonly line: Line; readonly variable: string } => {
  const inner = innerLine(line);
  if (inner.kind === 'until') return { line, variable: inner.as };
  if (inner.kind !== 'call' || inner.call.as === undefined || isMaker(inner.call.name))
    return { line, variable: '' };
  const { as, ...call } = inner.call;
  const bare: Line = { ...inner, call: call as Call };
  return { line: line.kind === 'repeat' ? { ...line, line: bare } : bare, variable: as };
};

/** A line as it will run, with the variable that takes its value ('' for none). */
export const readLine = (
  text: string,
  values: Values,
): { readonly ok: true; readonly line: Line; readonly variable: string } | Refused => {
  const filled = substitute(text, values);
  if (!filled.ok) return filled;
  const parsed = parseLine(filled.value);
  return parsed.ok ? { ok: true, ...splitVariable(parsed.value) } : parsed;
};

/** A value of each kind; addresses are the likeliest where a line is not sure of one. */
const samples: Readonly<Record<Returned, string>> = {
  socket: '127.0.0.1:1',
  connection: '127.0.0.1:1',
  file: '127.0.0.1:1',
  count: '1',
  length: '1',
  bytes: '"bytes"',
  datagram: '127.0.0.1:1',
  'own address': '127.0.0.1:1',
  'peer address': '127.0.0.1:1',
  addresses: '127.0.0.1:1',
  number: '1',
  seconds: '1',
  text: 'name',
};

/** Stands for a value that is only known at run time while lines are checked: of the kind that the call returns. */
export const placeholderOf = (line: Line): string => {
  const inner = innerLine(line);
  if (inner.kind === 'until') return '"bytes"';
  if (inner.kind !== 'call') return '127.0.0.1:1';
  const { returns } = calls[inner.call.name];
  return returns === null ? '127.0.0.1:1' : samples[returns];
};
