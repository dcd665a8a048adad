/** What is shown as code: a call by its id (`title` names it), or a socket's life so far. */
export type CodeAbout =
  | { readonly kind: 'call'; readonly id: number; readonly title: string }
  | { readonly kind: 'socket'; readonly socket: string };

/** The same calls in both languages. */
export type ShownCode = { readonly python: string; readonly c: string };

export type CodeForm = keyof ShownCode;
