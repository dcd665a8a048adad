import type { Faults } from '../model/faults.ts';
import { isOwnSocketName } from '../model/names.ts';
import { formatFaults, parseFaults } from './fault-text.ts';
import { type Parsed, parsed } from './parsed.ts';
import { endColumn, type Token } from './tokens.ts';

/** `a1.fault delay 200ms`: what goes wrong on a1 from now on, and nothing else; `a1.fault off`: nothing. */
export type FaultStatement = { readonly kind: 'fault'; readonly socket: string; readonly faults: Faults };

const suffix = '.fault';

/** Null where the tokens are no such line. */
export const parseFaultStatement = (tokens: readonly Token[]): Parsed<FaultStatement> | null => {
  const [head, ...rest] = tokens;
  const socket = head?.text.endsWith(suffix) ? head.text.slice(0, -suffix.length) : '';
  if (!isOwnSocketName(socket)) return null;
  const faults = parseFaults(rest, endColumn(tokens));
  return faults.ok ? parsed({ kind: 'fault', socket, faults: faults.value }) : faults;
};

/** As parseFaultStatement reads it back. */
export const formatFaultStatement = ({ socket, faults }: Omit<FaultStatement, 'kind'>): string =>
  `${socket}${suffix} ${formatFaults(faults)}`;
