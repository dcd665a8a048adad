import { type Document, isMap, isScalar, LineCounter, type Node, parseDocument } from 'yaml';
import * as z from 'zod';
import { readable } from '../core/language/parsed.ts';
import { didYouMean } from '../core/language/suggest.ts';
import { policies } from '../core/model/names.ts';
import { endpointTrouble, messageTrouble, nameTrouble, ruleTrouble } from '../core/model/saved-names.ts';
import { marked, t } from '../core/words/translate.ts';
import { messageOf } from './written-message.ts';

const yesOrNo = z.boolean(marked('true or false is meant here')).optional();

const aKey = z.union(
  [z.string(), z.array(z.string())],
  marked('a key or a list of keys is meant here, as in [c, alt-c]'),
);

/** A record by names of the person's own; `trouble` says what is wrong with a value. */
const named = <T>(value: z.ZodType<T>, trouble: (value: T) => string | null, meant: string) =>
  z
    .record(z.string(), value, meant)
    .superRefine((entries, context) => {
      for (const [name, each] of Object.entries(entries)) {
        const message = nameTrouble(name) ?? trouble(each as T);
        if (message !== null) context.addIssue({ code: 'custom', path: [name], message });
      }
    })
    .optional();

const anAddress = z.string(marked('an address is meant here, as in 127.0.0.1:9000; numbers alone in quotes'));

const aMessage = z.union(
  [z.string(), z.strictObject({ hex: z.string() }), z.strictObject({ file: z.string() })],
  marked('a text is meant here, or { hex: 01 ff }, or { file: path }'),
);

/** What a person may set for good. Keys are command ids; the rest are the flags of the same name. */
export const settingsSchema = z.strictObject(
  {
    keys: z
      .record(
        z.string(),
        aKey,
        marked('commands and their keys are meant here, as in { connect: [c, alt-c] }'),
      )
      .optional(),
    ascii: yesOrNo,
    color: yesOrNo,
    policy: z.enum(policies, { error: () => t`one of ${policies.join(', ')} is meant here` }).optional(),
    acceptLoop: yesOrNo,
    receiveLoop: yesOrNo,
    closeEnded: yesOrNo,
    endpoints: named(
      anAddress,
      endpointTrouble,
      marked('names and addresses are meant here, as in { db: 10.0.0.1:5432 }'),
    ),
    messages: named(
      aMessage,
      written => messageTrouble(messageOf(written)),
      marked('names and messages are meant here, as in { hello: hello }'),
    ),
    rules: named(
      z.string(marked('a rule is meant here, as in \'recv "PING" send "PONG"\'')),
      ruleTrouble,
      marked('names and rules are meant here, as in { mirror: accept echo }'),
    ),
  },
  marked('settings are lines like ascii: true'),
);

export type Settings = z.infer<typeof settingsSchema>;

export type SettingsResult =
  | { readonly ok: true; readonly settings: Settings }
  | { readonly ok: false; readonly message: string };

/** The key itself where one is unknown, else the value that is wrong. */
const nodeOf = (document: Document, issue: z.core.$ZodIssue): Node | null => {
  const { contents } = document;
  if (issue.code !== 'unrecognized_keys')
    return (document.getIn(issue.path, true) as Node | undefined) ?? contents;
  const pair = isMap(contents)
    ? contents.items.find(({ key }) => isScalar(key) && key.value === issue.keys[0])
    : undefined;
  return (pair?.key as Node | undefined) ?? contents;
};

const sentence = (issue: z.core.$ZodIssue): string => {
  if (issue.code !== 'unrecognized_keys') return [...issue.path.map(String), t(issue.message)].join(t(': '));
  const known = Object.keys(settingsSchema.shape);
  const [key = ''] = issue.keys;
  return t`there is no setting ${JSON.stringify(key)}${didYouMean(key, known, t`: there are ${known.join(', ')}`)}`;
};

/** An alias could make much of little: toJS throws where there is one. */
const plainValue = (document: Document): unknown => {
  try {
    return document.toJS({ maxAliasCount: 0 }) ?? {};
  } catch {
    return undefined;
  }
};

/** Settings from YAML text; a message names file, line, column and what is wrong there. */
export const parseSettings = (text: string, file: string): SettingsResult => {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const refused = (offset: number, message: string): SettingsResult => {
    const { line, col } = lines.linePos(offset);
    return { ok: false, message: `${file}:${line}:${col}: ${readable(message)}` };
  };
  const [error] = document.errors;
  if (error) return refused(error.pos[0], error.message);
  const value = plainValue(document);
  if (value === undefined)
    return refused(0, t('aliases (*name) are not used in settings: write the text out'));
  const result = settingsSchema.safeParse(value);
  if (result.success) return { ok: true, settings: result.data };
  const issue = result.error.issues[0]!;
  return refused(nodeOf(document, issue)?.range?.[0] ?? 0, sentence(issue));
};
