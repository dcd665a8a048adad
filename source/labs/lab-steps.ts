import type { LabLine } from './lab.ts';

/** What only looks, or waits for what a line above has started: by itself it changes nothing that a person sees. */
const follows = /^\s*(?:repeat\s+\d+\s+(?:every\s+\S+\s+)?)?(?:expect|wait|sleep)\b(?!\s*=)/;

const isBlank = ({ text }: LabLine): boolean => /^\s*$/.test(text);

const isComment = ({ text }: LabLine): boolean => /^\s*#/.test(text);

/** A line from the call on that it makes, or waits for: without the name that takes its value. */
const callOf = (text: string): string =>
  text.trim().replace(/^(?:repeat\s+\d+\s+(?:every\s+\S+\s+)?)?(?:wait\s+|cancel\s+|\w+\s*=\s*)?/, '');

/** What a line calls, without the socket: `recv`. */
const nameOf = (text: string): string => callOf(text).split(/\s/)[0]!.split('.').at(-1)!;

/** Whether a line of Python makes such a call. */
const calls = (python: string, name: string): boolean =>
  name !== '' && !/^\s*#/.test(python) && new RegExp(`\\b${name}\\(`).test(python);

/**
 * The lines of a stage, each call with the lines of Python up to the next one that makes it. What is only looked at stands beside
 * nothing. `rest`: the lines behind the last.
 */
export const withSource = (
  lines: readonly LabLine[],
  source: string | undefined,
): { readonly lines: readonly LabLine[]; readonly rest: readonly string[] } => {
  if (source === undefined) return { lines, rest: [] };
  let left = source.trimEnd().split('\n');
  const placed = lines.map(line => {
    const name = nameOf(line.text);
    const at =
      /^[a-z]+$/.test(name) && !follows.test(line.text) ? left.findIndex(python => calls(python, name)) : -1;
    if (at < 0) return line;
    const beside = left.slice(0, at + 1);
    left = left.slice(at + 1);
    return { ...line, beside };
  });
  return { lines: placed, rest: left };
};

/** The lines of a stage, those marked that a person is asked about; or the first name that none of the lines has, behind the ones before. */
export const withAsked = (
  lines: readonly LabLine[],
  predict: readonly string[],
):
  | { readonly ok: true; readonly lines: readonly LabLine[] }
  | { readonly ok: false; readonly name: string } => {
  const asked = new Set<LabLine>();
  let from = 0;
  for (const name of predict) {
    const at = lines.findIndex((line, index) => index >= from && callOf(line.text).split(/\s/)[0] === name);
    if (at < 0) return { ok: false, name };
    asked.add(lines[at]!);
    from = at + 1;
  }
  return { ok: true, lines: lines.map(line => (asked.has(line) ? { ...line, asked: true } : line)) };
};

/**
 * The lines of a stage, told which of them run at one press with what stands above. Usually those that only look or wait; where the stage
 * is `together`, all that no blank line parts. One that is asked about begins a step of its own.
 */
export const inSteps = (lines: readonly LabLine[], together: boolean): LabLine[] => {
  let parted = true;
  return lines.map(line => {
    if (isBlank(line)) {
      parted ||= together;
      return line;
    }
    if (isComment(line)) return line;
    const joins = !parted && !line.asked && (together || follows.test(line.text));
    parted = false;
    return joins ? { ...line, joins } : line;
  });
};
