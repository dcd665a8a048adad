import type { PeerLooker } from '../../core/model/looks.ts';
import { canLook } from './can-look.ts';

/** Looks at whoever is at the other end of a bench's sockets; loaded once one is connected to a program of this machine. */
const lookAtPeers = async (): Promise<PeerLooker> => {
  const { startPeerLooker } = await import('./look-worker.ts');
  return startPeerLooker(() => {});
};

/** For a bench on the screen, where its rows name them. */
export const benchPeers = canLook ? { peers: lookAtPeers } : {};
