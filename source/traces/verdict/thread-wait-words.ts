import type { Free } from '../../core/model/need.ts';
import { listed } from '../../core/words/listed.ts';
import { doingWords } from '../../core/words/process-words.ts';
import type { Machine } from '../proc/machine.ts';
import { readyWords } from './call-words.ts';
import type { Deadline, Wait } from './thread-waits.ts';
import type { Need } from './wait-needs.ts';

/** `python3 (pid 4711)` */
export const processWords = (machine: Machine, pid: number): string =>
  `${machine.process(pid)?.name ?? 'a process'} (pid ${pid})`;

/** Functions of the kernel in which threads sleep for sockets (wchan). */
const socketWaits =
  /^(?:wait_woken|inet_csk_accept|inet_csk_wait|sk_wait|sk_stream_wait|unix_stream|unix_wait|skb_wait|__skb_wait|do_epoll_wait|ep_poll|poll_schedule_timeout|do_select|do_poll|do_sys_poll|inet_wait_for_connect|inet_stream_connect)/;

/** Where only the kernel's function is told: the sockets that it may be about. */
const hiddenWords = (machine: Machine, { thread }: Wait): string => {
  const wchan = thread.call.kind === 'hidden' ? thread.call.wchan : '';
  if (!socketWaits.test(wchan)) return `${doingWords.hidden}${wchan === '' ? '' : ` (${wchan})`}`;
  const fds = machine.descriptors(thread.pid).filter(({ kind }) => kind === 'socket');
  return `is in a socket wait (${wchan}) on one of fd ${fds.map(({ fd }) => fd).join(', ')}`;
};

const actWords: Readonly<Record<Need['act'], string>> = {
  send: 'send',
  recv: 'receive',
  accept: 'accept',
  come: 'come',
};

const remoteOf = ({ socket }: Need): string =>
  socket?.remote ? socket.remote : socket?.local ? socket.local : 'the other end';

const freeWords = (need: Need, free: Free): string => {
  const { touch } = need;
  const verb = touch.writes ? 'writes to' : 'reads';
  switch (free) {
    case 'bytes':
      return 'has bytes to read, or on their way';
    case 'ended':
      return 'has a connection that has ended';
    case 'room':
      return 'has room to write, or the kernel is making it';
    case 'handshake':
      return `waits for ${remoteOf(need)} to answer`;
    case 'client':
      return 'waits for a client to connect';
    case 'datagram':
      return 'waits for a datagram from anybody';
    case 'elsewhere':
      return `waits for ${remoteOf(need)} to ${actWords[need.act]}, which is not on this machine`;
    case 'unseen':
      return `waits for ${remoteOf(need)} to ${actWords[need.act]}, held by no process that you may look at`;
    case 'peer':
      return 'waits for a peer that the kernel does not tell';
    case 'pipe':
      return `${verb} a pipe, fd ${touch.fd}`;
    case 'terminal':
      return `${verb} its terminal, fd ${touch.fd}`;
    case 'file':
      return `${verb} ${touch.descriptor?.target ?? 'a descriptor that was closed'}, fd ${touch.fd}`;
  }
};

/** More connections than a sentence counts one by one. */
const waitingAt = ({ other }: Need): string => {
  if (other?.state !== 'LISTEN') return '';
  const count = other.rcvQ;
  return count > 0 ? `: ${count} wait${count === 1 ? 's' : ''} in the queue of ${other.local}` : '';
};

/** What would end the wait for one descriptor, to follow the thread's name. */
const needSentence = (machine: Machine, need: Need): string => {
  if (need.free !== null) return freeWords(need, need.free);
  const who = listed(
    need.by.map(pid => processWords(machine, pid)),
    'or',
  );
  return `waits for ${who} to ${actWords[need.act]}${waitingAt(need)}`;
};

export const deadlineWords = ({ by, ms }: Deadline): string => {
  const most = ms === null ? '' : `, ${ms / 1000}s at most`;
  switch (by) {
    case 'timeout':
      return `its timeout${most}`;
    case 'SYN':
      return 'its last SYN, some two minutes after the first';
    case 'SO_RCVTIMEO':
    case 'SO_SNDTIMEO':
    case 'TCP_USER_TIMEOUT':
      return `its ${by}${most}`;
  }
};

/** Why a thread does not go on, to follow its name: `waits for python3 (pid 4711) to send`. */
export const waitSentence = (machine: Machine, wait: Wait): string => {
  const { idle, lock, needs, thread } = wait;
  if (idle === 'hidden') return hiddenWords(machine, wait);
  if (idle !== null) return doingWords[idle];
  if (lock) {
    return machine.threads(thread.pid).length > 1
      ? doingWords.lock
      : 'waits for a lock, and its process has no other thread to open it';
  }
  if (thread.call.kind !== 'poll') return needs.map(need => needSentence(machine, need)).join(' or ');
  const touches = [...new Set(needs.map(({ touch }) => touch))];
  return `waits until ${readyWords(touches) || 'something happens'}`;
};
