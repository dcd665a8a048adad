/** Bytes in JSON: as text where they are valid UTF-8 (readable with jq), else base64. */
export type JsonBytes = { readonly text: string } | { readonly base64: string };

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export const bytesToJson = (data: Uint8Array): JsonBytes => {
  try {
    return { text: strict.decode(data) };
  } catch {
    return { base64: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64') };
  }
};

export const bytesFromJson = (value: JsonBytes): Uint8Array =>
  'text' in value
    ? new TextEncoder().encode(value.text)
    : new Uint8Array(Buffer.from(value.base64, 'base64'));
