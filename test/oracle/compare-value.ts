import { createHash } from 'node:crypto';
import { type Endpoint, hostAt, portAt } from '../../source/core/addresses/endpoint.ts';
import type { Outcome } from '../../source/core/calls/outcome.ts';
import type { PlannedCall } from '../../source/formats/projection/call-plan.ts';
import type { PortMap } from './ports.ts';
import type { PythonBytes, PythonValue } from './python-run.ts';

export type Field = 'value' | 'size' | 'errno' | 'class' | 'blocked' | 'time' | 'order';

/** What the two say of one field where they do not say the same. */
export type Difference = { readonly field: Field; readonly bench: string; readonly python: string };

const different = (field: Field, bench: unknown, python: unknown): Difference[] => [
  {
    field,
    bench: typeof bench === 'string' ? bench : JSON.stringify(bench),
    python: typeof python === 'string' ? python : JSON.stringify(python),
  },
];

const digest = (data: Uint8Array): string => createHash('sha256').update(data).digest('hex');

const isBytes = (value: PythonValue | undefined): value is PythonBytes =>
  typeof value === 'object' && value !== null && 'size' in value;

const shownBytes = ({ size, hex, only }: PythonBytes): string => {
  if (hex !== undefined) return `${size} bytes ${JSON.stringify(Buffer.from(hex, 'hex').toString('latin1'))}`;
  return only === undefined
    ? `${size} bytes`
    : `${size} bytes of ${JSON.stringify(String.fromCharCode(only))}`;
};

/** Whether the shorter of the two is the beginning of the longer; false where that cannot be told. */
const agrees = (bench: Uint8Array, python: PythonBytes): boolean => {
  if (python.size <= bench.length) return digest(bench.subarray(0, python.size)) === python.sha256;
  if (python.hex !== undefined) return Buffer.from(python.hex, 'hex').subarray(0, bench.length).equals(bench);
  return python.only !== undefined && bench.every(byte => byte === python.only);
};

const compareBytes = (data: Uint8Array, value: PythonValue | undefined): Difference[] => {
  const python = typeof value === 'string' ? asBytes(value) : value;
  const bench: PythonBytes = {
    size: data.length,
    sha256: digest(data),
    ...(data.length <= 64 ? { hex: Buffer.from(data).toString('hex') } : {}),
  };
  if (!isBytes(python)) return different('value', shownBytes(bench), value);
  if (python.size === bench.size && python.sha256 === bench.sha256) return [];
  return different(agrees(data, python) ? 'size' : 'value', shownBytes(bench), shownBytes(python));
};

/** A file object in text mode reads str. */
const asBytes = (text: string): PythonBytes => {
  const data = Buffer.from(text);
  return { size: data.length, sha256: digest(data), hex: data.toString('hex') };
};

/** CPython has a path as text and an abstract name as bytes. */
const nameOf = (value: PythonValue | undefined): PythonValue | undefined =>
  isBytes(value) && value.hex !== undefined ? Buffer.from(value.hex, 'hex').toString() : value;

const sameEndpoint = (endpoint: Endpoint, value: PythonValue | undefined, ports: PortMap): boolean => {
  if (endpoint.kind === 'unix') return (nameOf(value) ?? '') === endpoint.path;
  const [host, port] = Array.isArray(value) ? (value as readonly PythonValue[]) : [];
  return host === hostAt(endpoint) && typeof port === 'number' && ports.same(Number(portAt(endpoint)), port);
};

const compareEndpoint = (endpoint: Endpoint, value: PythonValue | undefined, ports: PortMap): Difference[] =>
  sameEndpoint(endpoint, value, ports) ? [] : different('value', endpoint, value ?? null);

const compareReceived = (
  planned: PlannedCall,
  outcome: Extract<Outcome, { kind: 'data' }>,
  value: PythonValue | undefined,
  ports: PortMap,
): Difference[] => {
  const pair = typeof value === 'object' && value !== null && 'data' in value ? value : undefined;
  if (planned.call.name !== 'recvfrom') return compareBytes(outcome.data, value);
  const bytes = compareBytes(outcome.data, pair?.data);
  if (!outcome.from)
    return pair?.from === null ? bytes : [...bytes, ...different('value', 'no sender', value)];
  return [...bytes, ...compareEndpoint(outcome.from, pair?.from, ports)];
};

/** What two successful ends of a call say differently. */
export const compareValues = (
  planned: PlannedCall,
  value: PythonValue | undefined,
  ports: PortMap,
): Difference[] => {
  const { outcome } = planned;
  switch (outcome?.kind) {
    case 'count':
      return outcome.count === value ? [] : different('size', outcome.count, value);
    case 'data':
      return compareReceived(planned, outcome, value, ports);
    case 'made':
      return outcome.peer ? compareEndpoint(outcome.peer, value, ports) : [];
    case 'endpoint':
      return compareEndpoint(outcome.endpoint, value, ports);
    case 'endpoints': {
      const list = Array.isArray(value) ? (value as readonly PythonValue[]) : [];
      const same =
        list.length === outcome.endpoints.length &&
        outcome.endpoints.every((endpoint, index) => sameEndpoint(endpoint, list[index], ports));
      return same ? [] : different('value', outcome.endpoints, value);
    }
    case 'number':
      return outcome.number === value ? [] : different('value', outcome.number, value);
    case 'text':
      return outcome.text === value ? [] : different('value', outcome.text, value);
    default:
      return value === null ? [] : different('value', 'ok', value);
  }
};
