import { t } from '../../core/words/translate.ts';
import { nativeSockets } from '../native/native-socket.ts';
import type { Ends } from '../sockets/ends.ts';
import { publicTcpEnd, publicUnixEnd } from './public-tcp.ts';
import { publicUdpEnd } from './public-udp.ts';

/** Why there are no datagrams of Unix sockets. */
export const noDatagrams = (): string => {
  const native = nativeSockets();
  const why = t('Node has no datagrams for Unix sockets');
  return typeof native === 'string' ? `${why}: ${native}` : why;
};

/** Ends on what Node documents: they work everywhere, and hold in user space what no call has asked for yet. */
export const publicEnds: Ends = {
  tcp: publicTcpEnd,
  udp: publicUdpEnd,
  unix: publicUnixEnd,
  unixgram: noDatagrams,
};
