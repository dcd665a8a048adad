import { formatEndpoint } from '../../core/addresses/address.ts';
import { type Endpoint, inet } from '../../core/addresses/endpoint.ts';
import { isLoopback } from '../../core/addresses/ip.ts';
import { safeText } from '../../core/bytes/payload.ts';
import type { Call } from '../../core/calls/call.ts';
import { formatCall } from '../../core/language/line.ts';
import type { SocketState } from '../../core/model/state.ts';
import { clip, widthOf } from '../parts/styled-line.ts';
import type { Theme } from '../theme.ts';

/** Columns of a Unix socket's name where there is no room for the folders it is in. */
const leafColumns = 12;

/** What is left of an address in the narrowest row: the port, or the end of a path. */
const shortest = (endpoint: Endpoint): string => {
  if (endpoint.kind === 'inet') return safeText(formatEndpoint(inet('', endpoint.port)));
  const { path } = endpoint;
  if (path === '') return safeText(formatEndpoint(endpoint));
  const abstract = path.startsWith('\0');
  return safeText(
    `${abstract ? '@' : ''}${path.slice(abstract ? 1 : path.lastIndexOf('/') + 1).slice(-leafColumns)}`,
  );
};

/** An address by its port alone, which tells the connections of one host apart; on this machine nothing is missing. */
const shortPeer = (peer: Endpoint, { ellipsis }: Theme): string =>
  `${peer.kind === 'inet' && isLoopback(peer.host) ? '' : ellipsis}${shortest(peer)}`;

/** `:9000` means every interface where somebody is bound, so its host is always missed there. */
const shortOwn = (local: Endpoint, { ellipsis }: Theme): string => `${ellipsis}${shortest(local)}`;

/**
 * Where a socket stands, the longest form first: a listener's own address, a connection's peer, and before that who
 * has it (`other`). The last form has the peer's port all the same; an own address may be left out.
 */
export const placesOf = (
  { peer, local }: Pick<SocketState, 'peer' | 'local'>,
  other: string,
  theme: Theme,
): readonly string[] => {
  const { arrow } = theme;
  if (peer) {
    const short = shortPeer(peer, theme);
    const name = other === '' ? '' : `${other} `;
    const full = safeText(formatEndpoint(peer));
    const arrowed = [`${name}${full}`, `${name}${short}`, short].map(place => `${arrow} ${place}`);
    return [...arrowed, short, shortest(peer)];
  }
  return local ? [safeText(formatEndpoint(local)), shortOwn(local, theme), ''] : [''];
};

/** The same in a cell, without an arrow: who has the other end and where, or a listener's own address. */
export const cellPlaces = (
  { peer, local }: Pick<SocketState, 'peer' | 'local'>,
  other: string,
  theme: Theme,
): readonly string[] => {
  if (!peer) return local ? [safeText(formatEndpoint(local)), shortOwn(local, theme), ''] : [''];
  const full = safeText(formatEndpoint(peer));
  const name = other === '' ? '' : `${other} `;
  return [`${name}${full}`, full, `${name}${shortPeer(peer, theme)}`, shortPeer(peer, theme), shortest(peer)];
};

/** A name in so many columns; two of them it always has. */
export const fittedName = (name: string, room: number, { ellipsis }: Theme): string => {
  if (widthOf(name) <= room) return name;
  return `${clip(name, Math.max(1, room - widthOf(ellipsis)))}${ellipsis}`;
};

/** A sentence with an address in it, shorter where it is longer than so many columns. */
export const shortenedIn = (text: string, peer: Endpoint, room: number, theme: Theme): string =>
  widthOf(text) <= room ? text : text.replaceAll(formatEndpoint(peer), shortPeer(peer, theme));

/** Characters of a call's arguments in a row, from what is usual to what is left in a narrow one. */
const limits: readonly number[] = [24, 12, 6];

const written = (call: Call, limit: number): string => {
  const text = formatCall(call, limit);
  const prefix = `${call.on}.`;
  return text.startsWith(prefix) ? text.slice(prefix.length) : text;
};

/** A call's name and arguments without the socket it is made on: `recv 4096`. An address keeps its port or goes whole. */
export const callTitle = (call: Call, room: number, theme: Theme): string => {
  const full = written(call, limits[0]!);
  if (widthOf(full) <= room || !('address' in call) || !call.address) return full;
  const { address } = call;
  const forms = limits.map(limit => written(call, limit));
  const short = forms.map(form => form.replaceAll(formatEndpoint(address), shortPeer(address, theme)));
  return [...forms, ...short].find(form => widthOf(form) <= room) ?? `${call.name} ${theme.ellipsis}`;
};
