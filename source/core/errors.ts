import type { Call } from './call.ts';
import { type ErrorCode as Code, errorTable } from './error-table.ts';
import type { Failure } from './outcome.ts';

/** Why a call failed; the rows are in error-table.ts. */
export type ErrorCode = Code;

/** Which part of the work failed. */
export type Layer = 'resolve' | 'connect' | 'transfer' | 'timeout' | 'usage';

/** A failure for people: what Python would raise and print, one sentence, and what to try. */
export type Explanation = {
  readonly code: ErrorCode;
  readonly errno: number | null;
  /** Class name, '' where CPython raises nothing. */
  readonly python: string;
  /** str(error): "[Errno 111] Connection refused". */
  readonly pythonText: string;
  readonly layer: Layer;
  readonly sentence: string;
  readonly advice: string;
};

export const explain = (failure: Failure, _call: Call): Explanation => {
  const [errno, python, text] = errorTable[failure.code];
  const pythonText = errno === null ? text : `[Errno ${errno}] ${text}`;
  return { code: failure.code, errno, python, pythonText, layer: 'transfer', sentence: text, advice: '' };
};

/** What Node's errors have; every field may be missing. */
export type NodeError = {
  readonly code?: string;
  readonly errno?: number;
  readonly syscall?: string;
  readonly message?: string;
  readonly address?: string;
  readonly port?: number;
};

/** Node's error as one of ours; what has no row becomes `fallback` with Node's words as detail. Never throws. */
export const fromNode = (
  error: NodeError,
  fallback: ErrorCode = 'UNKNOWN',
): { readonly code: ErrorCode; readonly detail?: string } => ({ code: fallback, detail: error.message });
