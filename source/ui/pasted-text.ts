/** What a terminal puts around pasted text (bracketed paste): no key is read out of what lies between. */
export type Paste = {
  readonly isOpen: () => boolean;
  /** Opens it where a text begins with its start; answers how long that is, or 0. */
  readonly begin: (text: string) => number;
  /** How much of the next text belongs to it. */
  readonly take: (text: string) => number;
};

const start = '\x1b[200~';
const end = '\x1b[201~';

/** Whether a text may be the beginning of a paste's start, which a read has cut. */
export const isPasteCut = (text: string): boolean => /^\x1b(?:\[(?:2(?:0{1,2})?)?)?$/.test(text);

export const createPaste = (): Paste => {
  let open = false;
  /** The last characters of the paste: its end may begin among them. */
  let recent = '';
  return {
    isOpen: () => open,
    begin: text => {
      open = text.startsWith(start);
      return open ? start.length : 0;
    },
    take: text => {
      const seen = recent + text;
      const at = seen.indexOf(end);
      open = at < 0;
      const length = open ? text.length : at + end.length - recent.length;
      recent = open ? seen.slice(1 - end.length) : '';
      return length;
    },
  };
};
