import type { Header } from './jsonl.ts';
import { amount, matching, objectOf, optional, type Read, text } from './reading.ts';
import { loops, policy } from './words-schema.ts';

/** As Date.prototype.toISOString writes it (ECMA-262, 21.4.1.32), from 1970 on: packets count their times from there. */
const isMoment = (written: string): boolean =>
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/.test(written) && Date.parse(written) >= 0;

/** The first line of a session file. */
export const header: Read<Header> = objectOf<Header>({
  sockbench: amount(1, Number.MAX_SAFE_INTEGER, 'the version of this format'),
  began: matching(isMoment, 'when the session began, such as 2026-01-02T03:04:05.678Z'),
  program: text,
  platform: text,
  lab: optional(text),
  start: optional(objectOf({ policy, loops })),
});
