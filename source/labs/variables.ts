import type { Values } from '../core/language/values.ts';
import { t } from '../core/words/translate.ts';

export type Resolved =
  | { readonly ok: true; readonly variables: Values }
  | { readonly ok: false; readonly name: string; readonly message: string };

/** Characters that a variable may come to: one made of many that are made of many would fill the memory. */
const longest = 64 * 1024;

const reference = /\$([a-z][a-z0-9_]*)/gi;

/**
 * The variables of a lab with those they are made of put in, and `free` replaced by what `port` gives. Refused:
 * one that goes round in a circle, that names one there is not, or that grows without measure.
 */
export const resolveVariables = async (
  written: Readonly<Record<string, string>>,
  port: () => Promise<number> | number,
): Promise<Resolved> => {
  const done: Record<string, string> = {};
  const refuse = (name: string, message: string): Resolved => ({ ok: false, name, message });

  const resolve = async (name: string, open: readonly string[]): Promise<Resolved | null> => {
    if (Object.hasOwn(done, name)) return null;
    if (open.includes(name))
      return refuse(name, t`$${name} goes round in a circle: ${[...open, name].join(' -> ')}`);
    const value = Object.hasOwn(written, name) ? written[name] : undefined;
    if (value === undefined)
      return refuse(open.at(-1) ?? name, t`$${name} is not one of this lab's variables`);
    for (const [, inner] of value.matchAll(reference)) {
      const trouble = await resolve(inner!, [...open, name]);
      if (trouble) return trouble;
    }
    const whole =
      value === 'free' ? String(await port()) : value.replace(reference, (_, inner: string) => done[inner]!);
    if (whole.length > longest)
      return refuse(name, t`$${name} comes to ${whole.length} characters: that is too long`);
    done[name] = whole;
    return null;
  };

  for (const name of Object.keys(written)) {
    const trouble = await resolve(name, []);
    if (trouble) return trouble;
  }
  return { ok: true, variables: done };
};
