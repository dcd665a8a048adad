import type { Endpoint } from '../../core/addresses/endpoint.ts';
import { isWildcard } from '../../core/addresses/ip.ts';
import type { Call } from '../../core/calls/call.ts';
import type { Outcome } from '../../core/calls/outcome.ts';
import { timeSet } from '../../core/language/timeval.ts';
import type { TracedSocket } from './steps.ts';
import type { FoundSocket } from './traced-sockets.ts';

/** Whether the kernel chooses the port. */
const isAnyPort = (endpoint: Endpoint): boolean => endpoint.kind === 'inet' && endpoint.port === 0;

/** Whether it is every interface, so that a connection has another address. */
export const isEverywhere = (endpoint: Endpoint): boolean =>
  endpoint.kind === 'inet' && isWildcard(endpoint.host);

/** Of a Unix socket without a name the kernel's number is known here, which no call returns. */
const better = (told: Endpoint, known: Endpoint | null): Endpoint =>
  told.kind === 'unix' && told.path === '' ? (known ?? told) : told;

/** What a call that has ended leaves of itself on its socket. `asked` is the kernel's word, for addresses that it does not return. */
export const changeSocket = (
  socket: TracedSocket,
  call: Call,
  outcome: Outcome,
  asked: () => FoundSocket | null,
): void => {
  if (outcome.kind === 'error' || outcome.kind === 'unseen') return;
  switch (call.name) {
    case 'bind':
      socket.local = (isAnyPort(call.address) ? asked()?.local : null) ?? call.address;
      return;
    case 'listen':
      socket.listening = true;
      socket.local ??= asked()?.local ?? null;
      return;
    case 'connect':
      socket.peer = call.address;
      if (!socket.local || isEverywhere(socket.local)) socket.local = asked()?.local ?? socket.local;
      return;
    case 'getsockname':
      if (outcome.kind === 'endpoint') socket.local = better(outcome.endpoint, socket.local);
      return;
    case 'getpeername':
      if (outcome.kind === 'endpoint') socket.peer = better(outcome.endpoint, socket.peer);
      return;
    case 'setsockopt': {
      const ms = timeSet(call);
      if (ms === undefined) return;
      if (call.option === 'SO_RCVTIMEO') socket.receiveMs = ms;
      else socket.sendMs = ms;
      return;
    }
    default:
      return;
  }
};

/** The outcome with the addresses that the socket has by now: the system call does not return them. */
export const withAddresses = (call: Call, outcome: Outcome, { local, peer }: TracedSocket): Outcome => {
  if (outcome.kind !== 'none') return outcome;
  switch (call.name) {
    case 'bind':
    case 'listen':
      return local ? { ...outcome, local } : outcome;
    case 'connect':
      return { ...outcome, ...(local && { local }), ...(peer && { peer }) };
    default:
      return outcome;
  }
};
