import { isMap, Pair, Scalar, YAMLMap } from 'yaml';
import type { SavedNames, SavedValue } from '../core/model/saved-names.ts';
import { marked, t } from '../core/words/translate.ts';
import { changeSettings, NotChanged } from './change-settings.ts';
import { savedIn } from './saved-in.ts';

export type ChangedNames =
  | { readonly ok: true; readonly saved: SavedNames }
  | { readonly ok: false; readonly message: string };

const sections = { endpoint: 'endpoints', message: 'messages', rule: 'rules' } as const;

const kinds = Object.keys(sections) as (keyof typeof sections)[];

const words = {
  endpoint: marked('an address'),
  message: marked('a message'),
  rule: marked('a rule'),
} as const;

/** As it stands in the file: text in quotes, so that no YAML reader takes it for a number or a flag. */
const written = (value: SavedValue): Scalar | YAMLMap => {
  const quoted = (text: string): Scalar => {
    const scalar = new Scalar(text);
    scalar.type = 'QUOTE_SINGLE';
    return scalar;
  };
  if (value.kind === 'endpoint') return quoted(value.address);
  if (value.kind === 'rule') return quoted(value.rule);
  const { mode, text } = value.message;
  if (mode === 'text') return quoted(text);
  const map = new YAMLMap();
  map.flow = true;
  map.items.push(new Pair(new Scalar(mode), quoted(text)));
  return map;
};

const changed = async (file: string, change: Parameters<typeof changeSettings>[1]): Promise<ChangedNames> => {
  const result = await changeSettings(file, change);
  return result.ok ? { ok: true, saved: savedIn(result.settings) } : result;
};

/** Keeps a value under a name, in place of what was there of its kind. */
export const keepNamed = (file: string, name: string, value: SavedValue): Promise<ChangedNames> =>
  changed(file, document => {
    const taken = kinds.find(kind => kind !== value.kind && document.hasIn([sections[kind], name]));
    if (taken)
      throw new NotChanged(t`${name} is the name of ${t(words[taken])} already: choose another name`);
    document.setIn([sections[value.kind], name], written(value));
  });

/** Forgets what is kept under a name. */
export const forgetNamed = (file: string, name: string): Promise<ChangedNames> =>
  changed(file, document => {
    const section = Object.values(sections).find(each => document.hasIn([each, name]));
    if (!section) throw new NotChanged(t`nothing is kept under the name ${name}`);
    document.deleteIn([section, name]);
    const left = document.get(section);
    if (isMap(left) && left.items.length === 0) document.delete(section);
  });
