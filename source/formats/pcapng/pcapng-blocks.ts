import type { PieceWriter } from '../piece-writer.ts';
import { put32 } from './big-endian.ts';

/** Option codes and block types of draft-ietf-opsawg-pcapng; all numbers big-endian here. */
const blockTypes = { section: 0x0a0d0d0a, interface: 1, packet: 6, secrets: 10 } as const;
const byteOrderMagic = 0x1a2b3c4d;
const comment = 1;

/** LINKTYPE_RAW: a packet begins with its IP header (tcpdump.org, link-layer header types). */
const rawIp = 101;

const encoder = new TextEncoder();

const none = new Uint8Array(0);

const padded = (length: number): number => (length + 3) & ~3;

export type Option = { readonly code: number; readonly value: string | Uint8Array };

const optionBytes = (options: readonly Option[]): Uint8Array => {
  if (options.length === 0) return none;
  const values = options.map(({ code, value }) => ({
    code,
    value: typeof value === 'string' ? encoder.encode(value) : value,
  }));
  const size = values.reduce((sum, { value }) => sum + 4 + padded(value.length), 4);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const { code, value } of values) {
    view.setUint16(at, code);
    view.setUint16(at + 2, value.length);
    bytes.set(value, at + 4);
    at += 4 + padded(value.length);
  }
  return bytes;
};

/** A block: type, length, fixed part, data padded to 32 bits, options, length again. */
const block = (
  type: number,
  fixed: number,
  data: Uint8Array,
  options: readonly Option[],
  fill: (view: DataView) => void,
): Uint8Array => {
  const trailing = optionBytes(options);
  const size = 12 + fixed + padded(data.length) + trailing.length;
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, type);
  view.setUint32(4, size);
  fill(new DataView(bytes.buffer, 8, fixed));
  bytes.set(data, 8 + fixed);
  bytes.set(trailing, 8 + fixed + padded(data.length));
  view.setUint32(size - 4, size);
  return bytes;
};

export type Section = { readonly comment: string; readonly system: string; readonly application: string };

/** Section header: 1.0, of unknown length. */
export const sectionBlock = (section: Section): Uint8Array => {
  const options = [
    { code: comment, value: section.comment },
    { code: 3, value: section.system },
    { code: 4, value: section.application },
  ];
  return block(blockTypes.section, 16, none, options, view => {
    view.setUint32(0, byteOrderMagic);
    view.setUint16(4, 1);
    view.setBigInt64(8, -1n);
  });
};

/** Interface description: packets begin with IP, times are microseconds, no limit of length. */
export const interfaceBlock = (name: string, description: string): Uint8Array => {
  const options = [
    { code: 2, value: name },
    { code: 3, value: description },
    { code: 9, value: Uint8Array.of(6) },
  ];
  return block(blockTypes.interface, 8, none, options, view => view.setUint16(0, rawIp));
};

/** Secrets of this type are lines of a TLS key log: "TLSK". */
const tlsKeyLog = 0x544c534b;

/** Secrets with which the packets behind this block can be read: the lines of a key log as SSLKEYLOGFILE gets them. */
export const secretsBlock = (keys: Uint8Array): Uint8Array =>
  block(blockTypes.secrets, 8, keys, [], view => {
    view.setUint32(0, tlsKeyLog);
    view.setUint32(4, keys.length);
  });

/** Bytes in front of a block's packet. */
const packetHead = 28;

/**
 * Puts down the block of a packet of interface 0, of whose `length` bytes a capture has the first `size`; answers where these are to be
 * written. `time` in microseconds since 1970; `note` is a comment, '' for none.
 */
export const putPacketBlock = (
  out: PieceWriter,
  time: number,
  size: number,
  length: number,
  note: string,
): number => {
  const options = note === '' ? none : optionBytes([{ code: comment, value: note }]);
  const whole = packetHead + padded(size) + options.length + 4;
  const at = out.room(whole);
  const { bytes } = out;
  put32(bytes, at, blockTypes.packet);
  put32(bytes, at + 4, whole);
  put32(bytes, at + 12, Math.floor(time / 2 ** 32));
  put32(bytes, at + 16, time % 2 ** 32);
  put32(bytes, at + 20, size);
  put32(bytes, at + 24, length);
  if (note !== '') bytes.set(options, at + packetHead + padded(size));
  put32(bytes, at + whole - 4, whole);
  return at + packetHead;
};
