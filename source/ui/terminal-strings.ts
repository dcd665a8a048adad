/*
 * Control strings, in which a terminal answers questions, often such as another program asked: OSC, DCS, APC, PM and
 * SOS, from their introducer to ST or BEL (ECMA-48, 5.6; xterm's ctlseqs). In 7 bits each introducer is also what
 * Alt with that character sends.
 */

/** Esc and the second character of an introducer. */
const introducer = /^\x1b[\]PX^_]/;

/** What ends one: ST, BEL, CAN and SUB; and any other Esc, which begins something else. */
const end = /\x1b\\|[\x07\x18\x1a]|\x1b(?=[^\\])/;

/**
 * What terminals answer with: colours and clipboards begin with a number (OSC), versions, modes and capabilities with
 * what says which (DCS), graphics with a G (APC). Nobody types so after Esc.
 */
const answer = /^\x1b(?:\]\d+;|P[\d;]*[>!$+|=]|_G)/;

/**
 * Of the string that a text begins with: `length` characters are its own; `whole`: its end is among them. `answer` says
 * that it is a terminal's answer beyond doubt, end or no end. null where the text begins with no string.
 */
export type StringFound = { readonly length: number; readonly whole: boolean; readonly answer: boolean };

export const stringAt = (text: string): StringFound | null => {
  if (!introducer.test(text)) return null;
  const found = end.exec(text.slice(2));
  return {
    length: found ? 2 + found.index + found[0].replace(/^\x1b$/, '').length : text.length,
    whole: found !== null,
    answer: answer.test(text),
  };
};

/** Whether a text continues, as a terminal's answer, an Esc that was taken for a key. */
export const isLateAnswer = (text: string): boolean => answer.test(text);
