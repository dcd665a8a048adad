/** What a session can be exported to, and how the name of such a file ends. */
export const exportEndings = {
  python: 'py',
  lab: 'yaml',
  pcapng: 'pcapng',
  strace: 'txt',
  jsonl: 'jsonl',
} as const;

export type ExportName = keyof typeof exportEndings;

export const exportNames = Object.keys(exportEndings) as readonly ExportName[];

/** Not a session in another form, but what one of its sockets received or sent. */
export const bytesFormat = 'bytes';
