import { LineCounter, parseDocument } from 'yaml';
import { z } from 'zod';

/** What a person may set for good. Keys are command ids; the rest are the flags of the same name. */
export const settingsSchema = z.strictObject({
  keys: z.record(z.string(), z.union([z.string(), z.array(z.string())])).optional(),
  ascii: z.boolean().optional(),
  color: z.boolean().optional(),
  policy: z.enum(['single', 'per-socket', 'duplex']).optional(),
  acceptLoop: z.boolean().optional(),
  receiveLoop: z.boolean().optional(),
});

export type Settings = z.infer<typeof settingsSchema>;

export type SettingsResult =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly message: string };

/** Settings from YAML text; a message names file, line and what is wrong there. */
export const parseSettings = (text: string, file: string): SettingsResult => {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const [error] = document.errors;
  if (error) {
    const { line, col } = lines.linePos(error.pos[0]);
    return { ok: false, message: `${file}:${line}:${col}: ${error.message.split('\n')[0]}` };
  }
  const result = settingsSchema.safeParse(document.toJS({ maxAliasCount: 0 }) ?? {});
  if (result.success) return { ok: true, settings: result.data };
  const issue = result.error.issues[0]!;
  return { ok: false, message: `${file}: ${issue.path.join('.') || 'settings'}: ${issue.message}` };
};
