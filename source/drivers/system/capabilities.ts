import { marked, t } from '../../core/words/translate.ts';
import { nativeSockets } from '../native/native-socket.ts';
import { libraryEnds, privateEnds } from '../node/private-node.ts';
import { publicEnds } from '../node/public-node.ts';
import type { Ends } from '../sockets/ends.ts';
import { type Facility, isInconclusive, selfTest } from './self-test.ts';

/** Where something that the screen shows comes from on this machine. */
export type Capability = {
  readonly name: string;
  readonly source: 'kernel' | 'modelled' | 'missing';
  /** What that means here, or why it is not the kernel's. */
  readonly reason: string;
};

/** Which ends a driver stands on: private ones once the self-test has passed. */
export type EndsChoice = {
  readonly ends: () => Ends;
  readonly settled: () => boolean;
  readonly settle: () => Promise<void>;
};

let facilities: readonly Facility[] | undefined;

const runSelfTest = async (): Promise<readonly Facility[]> => {
  if (facilities) return facilities;
  const tested = await selfTest();
  if (!isInconclusive(tested)) facilities = tested;
  return tested;
};

/** The best kind of ends that a driver may stand on: `library` is without the native part, `public` without private Node. */
export type EndsKind = 'native' | 'library' | 'public';

export const chooseEnds = (best: EndsKind): EndsChoice => {
  const ends = (): Ends => {
    if (best === 'public' || facilities?.some(({ works }) => !works)) return publicEnds;
    const found = best === 'native' ? privateEnds() : libraryEnds();
    return typeof found === 'string' ? publicEnds : found;
  };
  return {
    ends,
    settled: () => best === 'public' || facilities !== undefined,
    settle: async () => {
      await runSelfTest();
    },
  };
};

const fallbacks: Readonly<Record<string, string>> = {
  [marked('accept gate')]: marked('accepted by the kernel, held in user space'),
  [marked('exact recv')]: marked('up to 64 KiB are read ahead and kept in user space'),
  [marked('exact send')]: marked('at most 64 KiB wait in user space and leave late where a call is stopped'),
  [marked('datagram by datagram')]: marked('datagrams that arrive while no call runs are kept in user space'),
};

const always: readonly Capability[] = [
  {
    name: marked('truncated datagram'),
    source: 'modelled',
    reason: marked('Node hands over whole datagrams; the rest is cut off here'),
  },
  {
    name: marked('MSG_PEEK on UDP'),
    source: 'modelled',
    reason: marked('the datagram is taken and kept for the next call'),
  },
  {
    name: marked('a send stopped while blocked'),
    source: 'modelled',
    reason: marked('Node has one byte of it in hand, which leaves when there is room: an event says so'),
  },
  {
    name: marked('a recv with MSG_WAITALL stopped while blocked'),
    source: 'modelled',
    reason: marked(
      'what it had taken from the kernel is kept for the next call; in CPython it is lost with the call',
    ),
  },
  { name: 'SHUT_RD', source: 'modelled', reason: marked('Node shuts down the sending direction only') },
];

/** What the reason is in the person's language; names are keys too, and so are said where they are shown. */
const said = (capability: Capability): Capability => ({ ...capability, reason: t(capability.reason) });

const fromNative = (): Capability[] => {
  const native = nativeSockets();
  const there = typeof native !== 'string';
  const reason = there ? '' : native;
  return [
    { name: marked('MSG_PEEK on TCP'), source: there ? 'kernel' : 'modelled', reason },
    {
      name: marked('socket() as it is called'),
      source: there ? 'kernel' : 'modelled',
      reason: there
        ? ''
        : t`the kernel's socket comes with bind, connect or the first send; Node sets SO_REUSEADDR and unsets IPV6_V6ONLY in it, and the call says so: ${native}`,
    },
    {
      name: marked('accept where no descriptor is left'),
      source: there ? 'kernel' : 'modelled',
      reason: there
        ? ''
        : t`asked for when accept begins; where they run out while it waits, Node closes the client: ${native}`,
    },
    {
      name: marked('SO_REUSEADDR off, SO_SNDBUF and SO_RCVBUF on TCP, SO_LINGER, TCP_INFO'),
      source: there ? 'kernel' : 'missing',
      reason,
    },
    {
      name: marked('sendto another address on a connected UDP socket'),
      source: there ? 'kernel' : 'missing',
      reason: there ? '' : t`libuv refuses it, Linux would send: ${native}`,
    },
  ];
};

const fromObserver = (): Capability => {
  const name = marked('queues, states, timers, retransmits, drops');
  if (process.platform !== 'linux')
    return { name, source: 'missing', reason: t('only Linux shows them in /proc') };
  const native = nativeSockets();
  const often = t('read 2 to 4 times a second');
  const slower = t`${often} from the whole of /proc/net, which takes longer than asking for each socket`;
  return { name, source: 'kernel', reason: typeof native === 'string' ? `${slower}: ${native}` : often };
};

/** What is from the kernel here and what is not; runs the self-test. For doctor. */
export const capabilities = async (): Promise<readonly Capability[]> => {
  const tested = await runSelfTest();
  const allWork = tested.every(({ works }) => works);
  const fromTest = tested.map(({ name, works, reason }): Capability => {
    if (allWork) return { name, source: 'kernel', reason: '' };
    const why = works ? t('another facility is missing') : t(reason);
    return { name, source: 'modelled', reason: `${t(fallbacks[name] ?? '')}: ${why}` };
  });
  return [...fromTest, ...always.map(said), ...fromNative(), fromObserver()];
};
