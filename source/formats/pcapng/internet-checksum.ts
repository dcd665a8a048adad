/** Sum of the 16-bit words of the bytes, an odd last byte padded with zero; not yet folded (RFC 1071). */
export const wordSum = (bytes: Uint8Array, start = 0, end = bytes.length): number => {
  let sum = 0;
  const even = end - ((end - start) & 1);
  for (let at = start; at < even; at += 2) sum += (bytes[at]! << 8) | bytes[at + 1]!;
  return even < end ? sum + (bytes[even]! << 8) : sum;
};

/** The ones' complement of the sum with its carries added in: what stands in a checksum field. */
export const checksumOf = (sum: number): number => {
  let folded = sum;
  while (folded > 0xffff) folded = (folded % 0x10000) + Math.floor(folded / 0x10000);
  return ~folded & 0xffff;
};
