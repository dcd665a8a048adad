import type { Ends } from './ends.ts';
import { publicTcpEnd } from './public-tcp.ts';
import { publicUdpEnd } from './public-udp.ts';

/** Ends on what Node documents: they work everywhere, and hold in user space what no call has asked for yet. */
export const publicEnds: Ends = { tcp: () => publicTcpEnd(), udp: publicUdpEnd };
