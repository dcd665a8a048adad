import type { Endpoint } from '../../core/addresses/endpoint.ts';
import { byteLength } from '../../core/bytes/bytes.ts';
import type { Call } from '../../core/calls/call.ts';
import type { Failure } from '../../core/calls/outcome.ts';
import type { EndedEntry } from '../../core/model/entry.ts';
import { explain, withoutStop } from '../../core/words/errors.ts';
import { t } from '../../core/words/translate.ts';

/** A connection that was accepted, or a sender of datagrams, and what was connected for it. */
export type Pair = {
  /** '' of a sender: its datagrams come to the socket of all. */
  readonly client: string;
  readonly from: Endpoint;
  /** When it was accepted, in ms of the bench. */
  readonly since: number;
  /** Bytes that the kernel took, on the way to the target and on the way back. */
  there: number;
  back: number;
  readonly open: Set<string>;
  /** What went wrong first. */
  trouble: string;
  /** How it ends where nothing goes wrong. */
  ending: string;
};

/** `client`: '' of a sender's; `socket`: the first of it. */
export const newPair = (client: string, from: Endpoint, since: number, socket: string): Pair => ({
  client,
  from,
  since,
  there: 0,
  back: 0,
  open: new Set([socket]),
  trouble: '',
  ending: t('both sides are done'),
});

/** Of calls that a stopping relay ends by itself. */
export const isOwnDoing = ({ code }: Failure): boolean => code === 'INTERRUPTED' || code === 'CLOSED';

export const sentenceOf = (failure: Failure, call: Call): string => {
  const { sentence, code } = explain(failure, call);
  return t`${withoutStop(sentence)} (${call.name} ${code})`;
};

export const troubleOf = ({ call }: EndedEntry, failure: Failure, { client }: Pair): string =>
  call.on === client || call.name === 'sendto'
    ? t`the client: ${sentenceOf(failure, call)}`
    : t`the target: ${sentenceOf(failure, call)}`;

export const countBytes = (pair: Pair, { call, outcome }: EndedEntry): void => {
  if (!('data' in call)) return;
  const taken = outcome.kind === 'error' ? (outcome.count ?? 0) : byteLength(call.data);
  if (call.on === pair.client || call.name === 'sendto') pair.back += taken;
  else pair.there += taken;
};

/** Why listeners take nobody, told once until they take somebody again. */
export const createAcceptTrouble = () => {
  let told = false;
  return {
    over: () => {
      told = false;
    },
    tell: (failure: Failure, call: Call): string[] => {
      const isNews = !told;
      told = true;
      return isNews ? [sentenceOf(failure, call)] : [];
    },
  };
};
