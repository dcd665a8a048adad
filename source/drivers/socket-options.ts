import { failure, type Outcome } from '../core/outcome.ts';
export const setOption = (..._: unknown[]): Outcome => failure('UNSUPPORTED', 'not yet');
export const getOption = (..._: unknown[]): Outcome => failure('UNSUPPORTED', 'not yet');
