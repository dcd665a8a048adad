import type { Aim, Result, Verdict } from './case.ts';

export const number = (value: number): string => {
  if (value >= 1000) return Math.round(value).toLocaleString('en');
  return value >= 100 ? value.toFixed(0) : value.toPrecision(3);
};

const goal = (aim: Aim): string => ('limit' in aim ? number(aim.limit) : `${aim.ratio} of ${aim.beside}`);

const verdict = ({ aim, found, held }: Verdict, unit: string): string => {
  const what = 'limit' in aim ? `${number(found)} ${unit}` : `${number(found)} of ${aim.beside}`;
  return `  ${held ? 'held    ' : 'NOT HELD'}  ${aim.of}: ${what} (aim ${goal(aim)})`;
};

/** A result as lines of text: medians with their span, then what was hoped for and whether it held. */
export const toText = ({ name, what, unit, measured, verdicts }: Result): string => {
  const width = Math.max(...measured.map(one => one.name.length));
  const rows = measured.map(one => {
    const span = `${number(Math.min(...one.runs))} to ${number(Math.max(...one.runs))}`;
    return `  ${one.name.padEnd(width)}  ${number(one.median).padStart(9)} ${unit}   (${span}, ${one.runs.length} runs)`;
  });
  return [`${name}: ${what}`, ...rows, ...verdicts.map(one => verdict(one, unit)), ''].join('\n');
};
