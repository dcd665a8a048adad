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
