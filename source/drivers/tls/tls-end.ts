import { constants } from 'node:os';
import type { Failure } from '../../core/calls/outcome.ts';
import type { TlsEnding } from '../../core/model/tls.ts';
import type { ReadableEnd, Status } from '../sockets/ends.ts';
import { notNow } from '../sockets/status.ts';
import type { TlsOutput } from './tls-output.ts';
import type { TlsSession } from './tls-session.ts';

/** The receiving half of a wrapped end: what readNow gives is decrypted. */
export type TlsEnd = ReadableEnd & {
  /** How the stream has ended, undefined while it has not. */
  readonly ending: () => TlsEnding | undefined;
  /** What stands behind an EPROTO of readNow. */
  readonly failure: () => Failure | null;
};

/** TLS itself failed; `failure` says how. */
export const tlsFailed: Status = -constants.errno.EPROTO;

export type TlsNews = {
  /** So many bytes were taken from the kernel, and nothing in them is for a receive. */
  readonly ticket: (bytes: number) => void;
};

export const createTlsEnd = (
  end: ReadableEnd,
  session: TlsSession,
  output: TlsOutput,
  { ticket }: TlsNews,
): TlsEnd => {
  let ready: (() => void) | null = null;
  let next: NodeJS.Immediate | undefined;
  let ending: TlsEnding | undefined;
  let failure: Failure | null = null;

  /** Of bytes in user space, and of an end that TLS has told, the kernel says nothing: they are told each turn, as it would. */
  const isReady = () => session.held() > 0 || ending !== undefined || session.ended();

  const arm = () => {
    if (ready && isReady()) next ??= setImmediate(tell);
  };

  const tell = () => {
    next = undefined;
    if (!ready || !isReady()) return;
    ready();
    arm();
  };

  const readNow: ReadableEnd['readNow'] = (into, offset, length) => {
    if (failure) return tlsFailed;
    if (ending) return 0;
    const before = session.taken();
    const step = session.read(into.subarray(offset, offset + length));
    // The peer may be owed an answer: an alert, or new keys.
    output.flush();
    switch (step.kind) {
      case 'bytes':
        arm();
        return step.count;
      case 'end':
        ending = step.how;
        return 0;
      case 'failed':
        failure = step.failure;
        return tlsFailed;
      case 'wants':
      case 'done':
        if (session.taken() > before) ticket(session.taken() - before);
        return notNow;
    }
  };

  return {
    exact: false,
    fd: () => end.fd(),
    readNow,
    watch: told => {
      ready = told;
      arm();
      return end.watch(told);
    },
    unwatch: () => {
      ready = null;
      clearImmediate(next);
      next = undefined;
      end.unwatch();
    },
    ending: () => ending,
    failure: () => failure,
  };
};
