import { createHeard, type Heard } from './streams.ts';

/** Blocks of a pcapng file in big-endian order (draft-ietf-opsawg-pcapng), each whole. */
async function* blocksOf(pieces: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held: Buffer = Buffer.alloc(0);
  for await (const piece of pieces) {
    held = held.length > 0 ? Buffer.concat([held, piece]) : piece;
    for (;;) {
      const size = held.length < 8 ? Number.POSITIVE_INFINITY : held.readUInt32BE(4);
      if (size > held.length) break;
      yield held.subarray(0, size);
      held = held.subarray(size);
    }
  }
}

const enhancedPacket = 6;
const tcp = 6;
const syn = 2;

/** A direction of a connection by its ports: what went there, and which number its next byte has. */
type Flow = { readonly heard: Heard; next: number };

/** What went from port to port, as `FROM>TO`, in the packets of IPv4 (RFC 791) and TCP (RFC 9293) of a capture; the last connection's, where there were several. */
export const flowsIn = async (pieces: AsyncIterable<Buffer>): Promise<ReadonlyMap<string, Heard>> => {
  const flows = new Map<string, Flow>();
  const before: (readonly [string, Heard])[] = [];
  for await (const block of blocksOf(pieces)) {
    if (block.readUInt32BE(0) !== enhancedPacket) continue;
    const packet = block.subarray(28, 28 + block.readUInt32BE(20));
    if (packet[0]! >> 4 !== 4 || packet[9] !== tcp) continue;
    const segment = packet.subarray((packet[0]! & 15) * 4);
    const name = `${segment.readUInt16BE(0)}>${segment.readUInt16BE(2)}`;
    const payload = segment.subarray((segment[12]! >> 4) * 4);
    // Another connection between these ports: what one that was reset leaves is free at once.
    const old = (segment[13]! & syn) > 0 ? flows.get(name) : undefined;
    if (old) before.push([`${name} before`, old.heard]);
    if (old) flows.delete(name);
    if (payload.length === 0) continue;
    const number = segment.readUInt32BE(4);
    const flow = flows.get(name) ?? { heard: createHeard(), next: number };
    flows.set(name, flow);
    if (number !== flow.next)
      throw new Error(`${name} goes on with byte ${number} of its stream, not ${flow.next}`);
    flow.next = (number + payload.length) % 2 ** 32;
    flow.heard.push(payload);
  }
  return new Map([...before, ...[...flows].map(([name, { heard }]) => [name, heard] as const)]);
};
