import type { Free } from '../../core/model/need.ts';
import { listed } from '../../core/words/listed.ts';
import { doingWords } from '../../core/words/process-words.ts';
import { t } from '../../core/words/translate.ts';
import type { Machine } from '../proc/machine.ts';
import { fdList, readyWords } from './call-words.ts';
import type { Deadline, Wait } from './thread-waits.ts';
import type { Need } from './wait-needs.ts';

export const processName = (machine: Machine, pid: number): string =>
  machine.process(pid)?.name ?? t('a process');

/** `python3 (pid 4711)` */
export const processWords = (machine: Machine, pid: number): string =>
  `${processName(machine, pid)} (pid ${pid})`;

/** Functions of the kernel in which threads sleep for sockets (wchan). */
const socketWaits =
  /^(?:wait_woken|inet_csk_accept|inet_csk_wait|sk_wait|sk_stream_wait|unix_stream|unix_wait|skb_wait|__skb_wait|do_epoll_wait|ep_poll|poll_schedule_timeout|do_select|do_poll|do_sys_poll|inet_wait_for_connect|inet_stream_connect)/;

/** Where only the kernel's function is told: the sockets that it may be about. */
const hiddenWords = (machine: Machine, { thread }: Wait): string => {
  const wchan = thread.call.kind === 'hidden' ? thread.call.wchan : '';
  if (!socketWaits.test(wchan)) return `${t(doingWords.hidden)}${wchan === '' ? '' : ` (${wchan})`}`;
  const sockets = machine.descriptors(thread.pid).filter(({ kind }) => kind === 'socket');
  return t`is in a socket wait (${wchan}) on one of ${fdList(sockets)}`;
};

const waitsFor = (who: string, act: Need['act']): string => {
  switch (act) {
    case 'send':
      return t`waits for ${who} to send`;
    case 'recv':
      return t`waits for ${who} to receive`;
    case 'accept':
      return t`waits for ${who} to accept`;
    case 'come':
      return t`waits for ${who} to come`;
  }
};

const remoteOf = ({ socket }: Need): string =>
  socket?.remote ? socket.remote : socket?.local ? socket.local : t('the other end');

const fileOf = ({ touch }: Need): string => touch.descriptor?.target ?? t('a descriptor that was closed');

const freeWords = (need: Need, free: Free): string => {
  const { touch } = need;
  switch (free) {
    case 'bytes':
      return t('has bytes to read, or on their way');
    case 'ended':
      return t('has a connection that has ended');
    case 'room':
      return t('has room to write, or the kernel is making it');
    case 'handshake':
      return t`waits for ${remoteOf(need)} to answer`;
    case 'client':
      return t('waits for a client to connect');
    case 'datagram':
      return t('waits for a datagram from anybody');
    case 'elsewhere':
      return t`${waitsFor(remoteOf(need), need.act)}, which is not on this machine`;
    case 'unseen':
      return t`${waitsFor(remoteOf(need), need.act)}, held by no process that you may look at`;
    case 'peer':
      return t('waits for a peer that the kernel does not tell');
    case 'pipe':
      return touch.writes ? t`writes to a pipe, fd ${touch.fd}` : t`reads a pipe, fd ${touch.fd}`;
    case 'terminal':
      return touch.writes ? t`writes to its terminal, fd ${touch.fd}` : t`reads its terminal, fd ${touch.fd}`;
    case 'file':
      return touch.writes
        ? t`writes to ${fileOf(need)}, fd ${touch.fd}`
        : t`reads ${fileOf(need)}, fd ${touch.fd}`;
  }
};

/** More connections than a sentence counts one by one. */
const waitingAt = ({ other }: Need): string => {
  if (other?.state !== 'LISTEN') return '';
  const count = other.rcvQ;
  if (count === 0) return '';
  return count === 1
    ? t`: 1 waits in the queue of ${other.local}`
    : t`: ${count} wait in the queue of ${other.local}`;
};

/** What would end the wait for one descriptor, to follow the thread's name. */
const needSentence = (machine: Machine, need: Need): string => {
  if (need.free !== null) return freeWords(need, need.free);
  const who = listed(
    need.by.map(pid => processWords(machine, pid)),
    'or',
  );
  return `${waitsFor(who, need.act)}${waitingAt(need)}`;
};

export const deadlineWords = ({ by, ms }: Deadline): string => {
  const most = ms === null ? '' : t`, ${ms / 1000}s at most`;
  switch (by) {
    case 'timeout':
      return t`its timeout${most}`;
    case 'SYN':
      return t('its last SYN, some two minutes after the first');
    case 'SO_RCVTIMEO':
    case 'SO_SNDTIMEO':
    case 'TCP_USER_TIMEOUT':
      return t`its ${by}${most}`;
  }
};

/** Why a thread does not go on, to follow its name: `waits for python3 (pid 4711) to send`. */
export const waitSentence = (machine: Machine, wait: Wait): string => {
  const { idle, lock, needs, thread } = wait;
  if (idle === 'hidden') return hiddenWords(machine, wait);
  if (idle !== null) return t(doingWords[idle]);
  if (lock) {
    return machine.threads(thread.pid).length > 1
      ? t(doingWords.lock)
      : t('waits for a lock, and its process has no other thread to open it');
  }
  if (thread.call.kind !== 'poll') return needs.map(need => needSentence(machine, need)).join(t(' or '));
  const touches = [...new Set(needs.map(({ touch }) => touch))];
  return t`waits until ${readyWords(touches) || t('something happens')}`;
};
