import type { World } from '../../bench/view/store.ts';
import { type Address, formatEndpoint } from '../../core/addresses/address.ts';
import { inet } from '../../core/addresses/endpoint.ts';
import { formatRelayTarget } from '../../core/language/relay-text.ts';
import { type Program, serves } from '../../core/model/actors.ts';
import { unlikeSides } from '../../core/model/relay.ts';
import type { RelayTarget } from '../../core/model/relay-target.ts';
import { marked, t } from '../../core/words/translate.ts';
import { type ActingContext, act, panePlaces, refusal } from '../calling/command.ts';
import { openForm } from '../calling/invoke.ts';
import {
  addressToBind,
  addressToReach,
  backlogSize,
  datagramAddress,
  relayTarget,
} from '../calling/parameters.ts';
import { programInFocus, socketInFocus } from '../calling/targets.ts';
import type { WrappedAddress } from '../calling/wrapped-address.ts';
import { closeAsking } from './closing.ts';
import { connectTo } from './connect-to.ts';
import { type ListenAs, listenOn, openBound, openFree } from './open-sockets.ts';

const settingsOf = ({ settings }: WrappedAddress): ListenAs => (settings ? { settings } : {});

const connect = act<{ address: WrappedAddress }>({
  id: 'connect',
  title: marked('Connect to a TCP server'),
  short: marked('connect'),
  keys: ['c'],
  where: panePlaces,
  ask: true,
  footer: 60,
  parameters: { address: addressToReach },
  run: (context, { address }) =>
    connectTo(context, address, address.type ?? 'SOCK_STREAM', null, address.settings),
});

/** Whose socket is opened. */
const opener = (world: World): Program => (serves(programInFocus(world)) ? 'udp-server' : 'client');

const open = act<{ address: Address | null }>({
  id: 'open',
  title: marked('Open a UDP socket: in the Client, else in the UDP server'),
  short: marked('open UDP'),
  keys: ['o'],
  where: panePlaces,
  ask: true,
  footer: 50,
  parameters: { address: datagramAddress },
  actsOn: opener,
  run: (context, { address }) => {
    if (opener(context.store.getState()) === 'udp-server') {
      return address ? openBound(context, address) : openBound(context, { endpoint: inet('', 0) });
    }
    return address ? connectTo(context, address, 'SOCK_DGRAM') : openFree(context);
  },
});

const listen = act<{ address: WrappedAddress; backlog: number }>({
  id: 'listen',
  title: marked('Listen for TCP clients'),
  short: marked('listen'),
  keys: [],
  where: panePlaces,
  parameters: { address: addressToBind, backlog: backlogSize },
  run: (context, { address, backlog }) => listenOn(context, address, backlog, settingsOf(address)),
});

/** Where it listens and where it passes on to are of one kind: connections, or datagrams. */
const openRelay = (context: ActingContext, address: WrappedAddress, target: RelayTarget) => {
  const datagrams = address.type === 'SOCK_DGRAM';
  if (datagrams !== (target.datagrams === true)) {
    const [one, other] = [formatEndpoint(address.endpoint), formatRelayTarget(target)];
    const sides = datagrams ? ([`udp://${one}`, other] as const) : ([other, one] as const);
    return refusal(unlikeSides(...sides), { field: datagrams ? 'target' : 'address' });
  }
  return datagrams
    ? openBound(context, address, [], target)
    : listenOn(context, address, 128, { ...settingsOf(address), relay: target });
};

const relay = act<{ address: WrappedAddress; target: RelayTarget }>({
  id: 'relay',
  title: marked('Relay: listen, and pass on what comes to a target and back, each connection a pair of rows'),
  short: marked('relay'),
  keys: [],
  where: panePlaces,
  ask: true,
  parameters: { address: addressToBind, target: relayTarget },
  run: (context, { address, target }) => openRelay(context, address, target),
});

/** The listener that L stops: the one in focus in the TCP server's pane. */
const stoppable = (world: World): string => {
  const socket = world.view.focus === 'tcp-server' ? socketInFocus(world) : undefined;
  return socket?.condition === 'LISTEN' ? socket.name : '';
};

const listenOrStop = act({
  id: 'listen-or-stop',
  title: marked('Listen, or stop the listener in focus'),
  short: world => (stoppable(world) === '' ? t('listen') : t('stop')),
  keys: ['L'],
  where: panePlaces,
  footer: 65,
  listed: false,
  run: context => {
    const name = stoppable(context.store.getState());
    if (name !== '') return closeAsking(context, name);
    openForm(context, listen);
    return undefined;
  },
});

/** In the order in which the bar of the first screen begins. */
export const socketCommands = [connect, listen, listenOrStop, open, relay];
