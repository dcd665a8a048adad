import type { Endpoint } from './endpoint.ts';
import { isLoopback } from './ip.ts';

/** Whether only this machine can reach a socket that is bound there: Unix sockets have no other. */
export const isHereOnly = (local: Endpoint): boolean => local.kind === 'unix' || isLoopback(local.host);
