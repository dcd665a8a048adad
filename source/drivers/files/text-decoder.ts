import { isUtf8 } from 'node:buffer';

/** Bytes that are no UTF-8, as UnicodeDecodeError tells them: from `start` up to `end`, and why. */
export type DecodeFault = { readonly start: number; readonly end: number; readonly reason: string };

/** What second bytes may follow a lead byte (RFC 3629, section 4); others may have 0x80 to 0xbf. */
const seconds: ReadonlyMap<number, readonly [number, number]> = new Map([
  [0xe0, [0xa0, 0xbf]],
  [0xed, [0x80, 0x9f]],
  [0xf0, [0x90, 0xbf]],
  [0xf4, [0x80, 0x8f]],
]);

const lengthOf = (lead: number): number => {
  if (lead < 0x80) return 1;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  if (lead < 0xe0) return 2;
  return lead < 0xf0 ? 3 : 4;
};

/** The first sequence that is not whole; `short`: only its end is missing. Null where all are. */
const firstBroken = (bytes: Uint8Array): (DecodeFault & { readonly short: boolean }) | null => {
  for (let at = 0; at < bytes.length; ) {
    const lead = bytes[at]!;
    const length = lengthOf(lead);
    if (length === 0) return { start: at, end: at + 1, reason: 'invalid start byte', short: false };
    for (let i = 1; i < length; i++) {
      const byte = bytes[at + i];
      if (byte === undefined)
        return { start: at, end: bytes.length, reason: 'unexpected end of data', short: true };
      const [low, high] = (i === 1 && seconds.get(lead)) || [0x80, 0xbf];
      if (byte < low || byte > high)
        return { start: at, end: at + i, reason: 'invalid continuation byte', short: false };
    }
    at += length;
  }
  return null;
};

/** How str(UnicodeDecodeError) words it. */
export const faultText = (bytes: Uint8Array, { start, end, reason }: DecodeFault): string =>
  end - start === 1
    ? `'utf-8' codec can't decode byte 0x${bytes[start]!.toString(16).padStart(2, '0')} in position ${start}: ${reason}`
    : `'utf-8' codec can't decode bytes in position ${start}-${end - 1}: ${reason}`;

/** The text of bytes that are whole; a string says why they are none. */
export const decodeWhole = (bytes: Uint8Array): { readonly text: string } | string => {
  if (isUtf8(bytes)) return { text: Buffer.from(bytes).toString('utf8') };
  const fault = firstBroken(bytes)!;
  return faultText(bytes, fault);
};

/** Bytes to text as they come; a string says why it cannot be. `final`: nothing follows. */
export type TextDecoding = {
  readonly decode: (bytes: Uint8Array, final: boolean) => { readonly text: string } | string;
  readonly reset: () => void;
};

/**
 * io.IncrementalNewlineDecoder over the incremental UTF-8 decoder, as makefile's text modes have them on Linux: CRLF and
 * CR become LF. A sequence or a CRLF that is cut waits for the rest; bytes that cannot be decoded are gone.
 */
export const createTextDecoding = (): TextDecoding => {
  let rest: Uint8Array = new Uint8Array(0);
  let carriageReturn = false;

  const utf8 = (bytes: Uint8Array, final: boolean): { readonly text: string } | string => {
    const whole = rest.length > 0 ? Buffer.concat([rest, bytes]) : bytes;
    const fault = isUtf8(whole) ? null : firstBroken(whole);
    if (fault && (final || !fault.short)) return faultText(whole, fault);
    const end = fault?.start ?? whole.length;
    rest = Uint8Array.from(whole.subarray(end));
    return { text: Buffer.from(whole.buffer, whole.byteOffset, end).toString('utf8') };
  };

  return {
    decode: (bytes, final) => {
      const decoded = utf8(bytes, final);
      if (typeof decoded === 'string') return decoded;
      let { text } = decoded;
      if (carriageReturn && (final || text !== '')) {
        text = `\r${text}`;
        carriageReturn = false;
      }
      if (!final && text.endsWith('\r')) {
        text = text.slice(0, -1);
        carriageReturn = true;
      }
      return { text: text.replace(/\r\n?/g, '\n') };
    },
    reset: () => {
      rest = new Uint8Array(0);
      carriageReturn = false;
    },
  };
};
