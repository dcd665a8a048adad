import { humanSize } from '../../core/language/units.ts';
import type { SocketState } from '../../core/model/state.ts';
import { t } from '../../core/words/translate.ts';
import { line, type StyledLine, span, widthOf } from '../parts/styled-line.ts';
import type { Theme } from '../theme.ts';
import { placesOf } from './short-forms.ts';

type Room = { readonly now: number; readonly width: number; readonly theme: Theme };

/** Rows of sockets that are closed and that the kernel keeps; beyond this many they are counted. */
const mostRows = 3;

/** Where the kernel stands with it: how long it waits, or how much is left to send; a FIN counts as a byte of Send-Q. */
const standing = ({ kernel, kernelAt }: SocketState, now: number): string => {
  if (!kernel) return '';
  const { state, timer, timerMs, sndQ } = kernel;
  const left = Math.ceil(Math.max(0, timerMs - (now - kernelAt)) / 1000);
  if (timer === 'time-wait') return t`${state} ${left}s left`;
  return sndQ > 1 ? t`${humanSize(sndQ - 1)} unsent, ${state}` : state;
};

const row = (socket: SocketState, { now, width, theme }: Room): StyledLine => {
  const words = [t`closed, ${standing(socket, now)}`, standing(socket, now)];
  const forms = words.flatMap(each => placesOf(socket, socket.twin, theme).map(place => `${each} ${place}`));
  const before = `  ${socket.name} `;
  const form = forms.find(each => widthOf(before + each) <= width) ?? forms.at(-1)!;
  return line(span(before + form, 'dim'));
};

/** Rows of the sockets that were closed last, and how many there are besides; null: none. */
export type Lingering = {
  readonly kept: readonly { readonly socket: string; readonly line: StyledLine }[];
  readonly rest: StyledLine | null;
};

/** What the kernel keeps of a program's closed sockets, in at most so many rows. */
export const lingeringLines = (sockets: readonly SocketState[], room: number, context: Room): Lingering => {
  const most = Math.min(room, mostRows);
  if (most <= 0) return { kept: [], rest: null };
  const shown = sockets.length <= most ? sockets : sockets.slice(sockets.length - most + 1);
  const rest = sockets.length - shown.length;
  const words =
    shown.length > 0 ? t`${rest} more closed, kept by the kernel` : t`${rest} closed, kept by the kernel`;
  return {
    kept: shown.map(socket => ({ socket: socket.name, line: row(socket, context) })),
    rest: rest === 0 ? null : line(span(`  ${words}`, 'dim')),
  };
};
