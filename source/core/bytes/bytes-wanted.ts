/** Which of a socket's bytes, seen from it. */
export const directions = ['received', 'sent'] as const;

export type Direction = (typeof directions)[number];

/** Bytes that a person asks for by name: one direction of a socket, or what calls of the log carried, in its order. */
export type BytesWanted =
  | { readonly kind: 'socket'; readonly socket: string; readonly direction: Direction }
  | { readonly kind: 'entries'; readonly entries: readonly number[] };

/** How bytes are written as text, to be pasted elsewhere. */
export const byteForms = ['text', 'hex', 'base64', 'python'] as const;

export type WrittenForm = (typeof byteForms)[number];
