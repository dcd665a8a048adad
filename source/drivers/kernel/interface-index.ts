import { readFileSync } from 'node:fs';
import { networkInterfaces } from 'node:os';

/** Index of an interface from Linux's sysfs, which lists those without an address too; null where it does not say. */
const fromSystem = (name: string): number | null => {
  try {
    return Number(readFileSync(`/sys/class/net/${name}/ifindex`, 'utf8'));
  } catch {
    return null;
  }
};

/** Names that the kernel takes (dev_valid_name): 15 bytes at most, no slash, no blank, not . or .. */
const isName = (name: string): boolean =>
  Buffer.byteLength(name) < 16 && /^[^/\s\0]+$/.test(name) && !/^\.\.?$/.test(name);

/**
 * The index of the interface that a zone (RFC 4007) names: itself where it is a number of 32 bits, whether there is
 * such an interface or not; else if_nametoindex(3). Undefined where there is none of this name.
 */
export const interfaceIndex = (zone: string): number | undefined => {
  if (/^\d+$/.test(zone)) return Number(zone) < 2 ** 32 ? Number(zone) : undefined;
  if (!isName(zone)) return undefined;
  const addresses = networkInterfaces()[zone] ?? [];
  return fromSystem(zone) ?? addresses.find(({ family }) => family === 'IPv6')?.scopeid;
};
