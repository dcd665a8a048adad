import type { Address } from '../../core/addresses/address.ts';
import { hostAt } from '../../core/addresses/endpoint.ts';
import type { CallOf } from '../../core/calls/call.ts';
import type { TlsSettings } from '../../core/model/tls.ts';
import type { ActingContext } from '../calling/command.ts';
import { begun, type Late, refusalOf } from '../calling/performed.ts';

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
