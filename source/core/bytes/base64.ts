/**
 * RFC 4648, section 4: with its padding, and nothing else between. It is searched for what it must not hold: a pattern of the
 * whole would keep a place to come back to for each of its characters, and megabytes of these overflow the stack.
 */
export const isBase64 = (text: string): boolean => {
  const padding = text.indexOf('=');
  const isFilled = padding < 0 || (padding >= text.length - 2 && text.endsWith('='));
  return text.length % 4 === 0 && isFilled && !/[^A-Za-z0-9+/=]/.test(text);
};
