import type { Language } from '../labs/lab.ts';

export type GlobalFlags = {
  readonly ascii?: boolean;
  /** --no-color makes it false. */
  readonly color?: boolean;
  readonly stage?: boolean;
  readonly screenReader?: boolean;
  readonly config?: string;
  readonly record?: string;
  readonly lang?: Language;
};
