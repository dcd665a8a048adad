/**
 * What SO_LINGER is set to (socket(7)), as a line writes it: whole seconds, with or without their unit (`0`, `5`,
 * `5s`, `5 s`), or `off`, which is null. With 0 close resets. Undefined for anything else.
 */
export const lingerSeconds = (value: number | string): number | null | undefined => {
  if (value === 'off') return null;
  const text = /^(-?\d+)\s?s?$/.exec(String(value))?.[1];
  return text === undefined ? undefined : Number(text);
};
