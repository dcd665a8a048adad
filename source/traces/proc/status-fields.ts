/** A field of /proc/PID/status, '' where it is missing. */
export const statusField = (status: string, name: string): string => {
  const label = `${name}:\t`;
  const at = status.startsWith(label) ? 0 : status.indexOf(`\n${label}`) + 1;
  if (at === 0 && !status.startsWith(label)) return '';
  return status.slice(at + label.length, status.indexOf('\n', at)).trim();
};

/** A mask of 64 signals, the first one in the lowest bit; of a text that is none no signal. */
export const signalMask = (status: string, name: string): bigint => {
  const digits = statusField(status, name);
  return /^[0-9a-f]{1,16}$/.test(digits) ? BigInt(`0x${digits}`) : 0n;
};

export const maskOf = (signal: number): bigint => 1n << BigInt(signal - 1);
