import type { Ends } from './ends.ts';

export const publicEnds: Ends = {
  tcp: () => {
    throw new Error('no sockets without private access yet');
  },
  udp: () => {
    throw new Error('no sockets without private access yet');
  },
};
