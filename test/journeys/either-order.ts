/** Both waits of a knot on one row: the call that was seen first stands first, which of two that begin together is a matter of chance. */
export const inEitherOrder = (one: string, other: string): RegExp =>
  new RegExp(`(?:${one}, ${other}|${other}, ${one})`);
