import type { OverlayOf, Refusal } from '../../bench/view/overlay.ts';
import { socketsOf } from '../../bench/view/selectors-sockets.ts';
import type { World } from '../../bench/view/store.ts';
import { shownBench } from '../../bench/view/view.ts';
import type { Call } from '../../core/calls/call.ts';
import type { BenchState, SocketState } from '../../core/model/state.ts';
import { carriesDatagrams } from '../../core/model/transports.ts';
import { withoutStop } from '../../core/words/errors.ts';
import { listed } from '../../core/words/listed.ts';
import { marked, t } from '../../core/words/translate.ts';
import { type ActingContext, act, refusal } from '../calling/command.ts';
import { changeOverlay, overlayOf } from '../calling/overlays.ts';
import { refusalOf, soon } from '../calling/performed.ts';

const isOpen = ({ closed, closing, condition, peer }: SocketState): boolean =>
  !closed && !closing && condition !== 'LISTEN' && peer !== null;

/**
 * A connection and those like it: accepted from the same listener, or made by the same program. Oldest first; those that are
 * open, the socket itself among them only if it is.
 */
export const groupOf = (bench: BenchState, name: string): readonly SocketState[] => {
  const socket = bench.sockets.get(name);
  if (!socket?.peer) return [];
  return socketsOf(bench, socket.actor).filter(
    other =>
      isOpen(other) &&
      other.listener === socket.listener &&
      carriesDatagrams(other) === carriesDatagrams(socket),
  );
};

/** `all 3 accepted`, `all 2 connections`. */
export const groupTitle = (bench: BenchState, name: string): string => {
  const accepted = (bench.sockets.get(name)?.listener ?? '') !== '';
  const { length } = groupOf(bench, name);
  return accepted ? t`all ${length} accepted` : t`all ${length} connections`;
};

/** Why a line goes to one socket only; null where it may go to several. */
const aloneWords = (world: World): string | null => {
  const send = overlayOf(world, 'send');
  if (!send || send.all) return null;
  const bench = shownBench(world);
  if (send.address) return t`${send.socket} has no peer: each datagram goes to the address that stands here`;
  return groupOf(bench, send.socket).length > 1 ? null : t`${send.socket} is the only one of its kind`;
};

const sendToAll = act({
  id: 'send-to-all',
  title: marked('Send to all that were accepted, or to all connections of the client, or to one again'),
  short: world => {
    const send = overlayOf(world, 'send');
    if (!send || send.all) return t('to one');
    return t`to ${groupTitle(shownBench(world), send.socket)}`;
  },
  keys: ['ctrl-g'],
  where: ['send'],
  footer: world => (aloneWords(world) === null ? 44 : 0),
  listed: false,
  disabled: aloneWords,
  run: context => {
    const send = overlayOf(context.store.getState(), 'send');
    if (send) changeOverlay(context, 'send', { all: !send.all, refusal: null });
  },
});

const andOthers = (sentence: string, left: number): string =>
  left === 1 ? t`${sentence}. The other took it` : t`${sentence}. The other ${left} took it`;

/** Why a line was not sent, or not to all. `taken`: some took it, and it would be sent to them twice. */
export type NotSent = { readonly refusal: Refusal; readonly taken: boolean };

/**
 * A call on each, none of which waits for another: one that fails stops none. Null where each took it or goes on with it;
 * `named`: which of them failed is said.
 */
export const sendToEach = async (
  context: ActingContext,
  group: readonly SocketState[],
  callOn: (socket: SocketState) => Call,
  named = false,
): Promise<NotSent | null> => {
  const ends = await Promise.all(
    group.map(async socket => {
      const call = callOn(socket);
      const why = await soon(
        context,
        call,
        () => {},
        failure => refusalOf(failure, call),
      );
      return why && { name: socket.name, why };
    }),
  );
  const failed = ends.filter(end => end !== null);
  const [first] = failed;
  if (!first) return null;
  if (!named) return { refusal: first.why, taken: false };
  const names = listed(
    failed.map(({ name }) => name),
    'and',
    failed.length,
  );
  const left = group.length - failed.length;
  const sentence = t`${names}: ${first.why.message}`;
  return {
    refusal: refusal(left === 0 ? sentence : andOthers(withoutStop(sentence), left)),
    taken: left > 0,
  };
};

/** Where a line of the send line goes. */
export const targetsOf = (bench: BenchState, { socket, all }: OverlayOf<'send'>): readonly SocketState[] => {
  if (all) return groupOf(bench, socket);
  const one = bench.sockets.get(socket);
  return one && !one.closed ? [one] : [];
};

export const sendGroupCommands = [sendToAll];
