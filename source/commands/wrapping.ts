import type { Address } from '../core/address.ts';
import type { CallOf } from '../core/call.ts';
import { hostAt } from '../core/endpoint.ts';
import type { TlsSettings } from '../core/tls.ts';
import type { ActingContext } from './command.ts';
import { begun, type Late, refusalOf } from './performed.ts';

/** How what is connected to a tls:// address is wrapped: the name asked for is the host's, where none is given. */
export const clientSettings = (address: Address, settings: TlsSettings): TlsSettings => {
  const host = hostAt(address.endpoint) || 'localhost';
  return { ...settings, serverHostname: settings.serverHostname ?? host };
};

/** The handshake on a socket that has just connected. One that fails closes it, by the bench's own call. */
export const wrapConnected = async (
  context: ActingContext,
  on: string,
  settings: TlsSettings,
): Promise<Late | null> => {
  const call: CallOf<'wrap'> = { name: 'wrap', on, side: 'client', settings };
  const { id, ended } = begun(context, call);
  const outcome = await ended;
  if (outcome.kind !== 'error') return null;
  // Refused before it began, it has left the socket as it was.
  context.bench.flush();
  if (!context.bench.state().sockets.get(on)?.closed) context.bench.perform({ name: 'close', on });
  const quiet = outcome.code === 'INTERRUPTED' || outcome.code === 'CLOSED';
  return { refusal: refusalOf(outcome, call, { field: 'address' }), id, quiet };
};
