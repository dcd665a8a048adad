import type { Endpoint } from '../../core/addresses/endpoint.ts';
import type { Draft } from '../../core/model/entry.ts';
import type { RelayTarget } from '../../core/model/relay-target.ts';

/** Which listeners are relays, as it is between two flushes. */
export type Relays = {
  readonly set: (listener: string, target: RelayTarget | null) => void;
  /** Null where it is none. */
  readonly target: (listener: string) => RelayTarget | null;
  /** Where a socket stands; null where no bind has told. */
  readonly local: (socket: string) => Endpoint | null;
  readonly bound: (socket: string, at: Endpoint | undefined) => void;
  /** The socket is closed. */
  readonly forget: (socket: string) => void;
};

/** `changed` hears of a listener that is a relay now, or is none any more. */
export const createRelays = (
  entry: (draft: Draft) => void,
  now: () => number,
  changed: (listener: string) => void,
): Relays => {
  const targets = new Map<string, RelayTarget>();
  const places = new Map<string, Endpoint>();

  return {
    set: (listener, target) => {
      if (target) targets.set(listener, target);
      else targets.delete(listener);
      entry({ kind: 'relay', t: now(), socket: listener, target });
      changed(listener);
    },
    target: listener => targets.get(listener) ?? null,
    local: socket => places.get(socket) ?? null,
    bound: (socket, at) => {
      if (at) places.set(socket, at);
    },
    forget: socket => {
      targets.delete(socket);
      places.delete(socket);
    },
  };
};
