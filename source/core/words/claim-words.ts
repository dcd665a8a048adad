import { materialise } from '../bytes/bytes.ts';
import { quoteBytes } from '../bytes/payload.ts';
import { type Call, titleOf } from '../calls/call.ts';
import type { Claim, Comparison, CountProperty, CountTest, Target } from '../language/expectation.ts';
import { formatCall } from '../language/line.ts';
import { humanSize } from '../language/units.ts';
import type { FindingName } from '../model/finding.ts';
import { listed } from './listed.ts';
import { marked, t } from './translate.ts';

const compared: Readonly<Record<Comparison, (number: string) => string>> = {
  '==': number => number,
  '!=': number => t`other than ${number}`,
  '<': number => t`fewer than ${number}`,
  '<=': number => t`at most ${number}`,
  '>': number => t`more than ${number}`,
  '>=': number => t`at least ${number}`,
};

/** "2", "more than 3", "between 1 and 31"; with `size` of bytes. */
const amount = (test: CountTest, size: boolean): string => {
  const number = (value: number) => (size ? humanSize(value) : String(value));
  return test.kind === 'range'
    ? t`between ${number(test.from)} and ${number(test.to)}`
    : compared[test.operator](number(test.value));
};

const isZero = (test: CountTest): boolean =>
  test.kind === 'compare' && test.operator === '==' && test.value === 0;

const isSome = (test: CountTest): boolean =>
  test.kind === 'compare' && test.operator === '>' && test.value === 0;

const isOne = (test: CountTest): boolean =>
  test.kind === 'compare' && test.operator === '==' && test.value === 1;

/** "the send queue of c1 is not empty", "2 wait in the accept queue of s1". */
const queued = (queue: string, test: CountTest, size: boolean): string => {
  if (isZero(test)) return t`${queue} is empty`;
  if (isSome(test)) return t`${queue} is not empty`;
  const many = amount(test, size);
  return isOne(test) ? t`${many} waits in ${queue}` : t`${many} wait in ${queue}`;
};

const times = (test: CountTest): string => (isOne(test) ? t('once') : t`${amount(test, false)} times`);

const countWords: Readonly<Record<CountProperty, (socket: string, test: CountTest) => string>> = {
  'accept-q': (socket, test) => queued(t`the accept queue of ${socket}`, test, false),
  'rcv-q': (socket, test) => queued(t`the receive queue of ${socket}`, test, true),
  'snd-q': (socket, test) => queued(t`the send queue of ${socket}`, test, true),
  sent: (socket, test) => t`${socket} has sent ${amount(test, true)}`,
  received: (socket, test) => t`${socket} has received ${amount(test, true)}`,
  sends: (socket, test) => t`${socket} has sent ${times(test)}`,
  receives: (socket, test) => t`${socket} has received ${times(test)}`,
  accepted: (socket, test) =>
    isZero(test) ? t`${socket} has accepted nobody` : t`${socket} has accepted ${amount(test, false)}`,
  drops: (socket, test) =>
    isZero(test) ? t`${socket} has lost nothing` : t`${socket} has lost ${amount(test, false)} datagrams`,
  retransmits: (socket, test) => t`${socket} has sent again ${times(test)}`,
  backlog: (socket, test) => t`the backlog of ${socket} is ${amount(test, false)}`,
  unflushed: (socket, test) => queued(t`the file's buffer over ${socket}`, test, true),
};

const aboutWords = (about: readonly (string | Target)[]): string[] =>
  about.map(item => (typeof item === 'string' ? item : titleOf(item)));

/** What a finding says of those that it is about. */
const findingWords: Readonly<Record<FindingName, (who: string) => string>> = {
  deadlock: who => (who === '' ? t('there is a deadlock') : t`deadlock: ${who} wait for each other`),
  'backlog-full': who => t`the accept queue of ${who || t('a listener')} is full`,
  'zero-window': who => t`the peer of ${who || t('a socket')} has no room left: its window is zero`,
  'datagrams-lost': who => t`the bench says that ${who || t('a socket')} has lost datagrams`,
  'every-interface': who => t`${who || t('a socket')} is bound to every interface of this machine`,
  descriptors: () => t('there are no descriptors left'),
  recording: () => t('the recording has ended'),
};

/** That it is not there. */
const noFindingWords: Readonly<Record<FindingName, string>> = {
  deadlock: marked('there is no deadlock'),
  'backlog-full': marked('no accept queue is full'),
  'zero-window': marked('no window is zero: there is room to receive'),
  'datagrams-lost': marked('no datagram was lost'),
  'every-interface': marked('nothing is bound to every interface'),
  descriptors: marked('there are descriptors left'),
  recording: marked('the recording goes on'),
};

const callWords = ({ call, inside, absent }: Extract<Claim, { kind: 'call' }>): string => {
  const made = formatCall({ on: '', ...call } as Call);
  if (absent) return t`nobody has called ${made}`;
  return inside
    ? t`inside ${titleOf(inside)} was a call of its own: ${made}`
    : t`somebody has called ${made}`;
};

const propertyWords = ({ socket, property, negated, value }: Extract<Claim, { kind: 'word' }>): string => {
  const what = property === 'state' ? socket : t`the ${property} of ${socket}`;
  return negated ? t`${what} is not ${value}` : t`${what} is ${value}`;
};

/** THE words for what a line expects of the state, where it is so: a sentence without a full stop. */
export const claimSentence = (claim: Claim): string => {
  switch (claim.kind) {
    case 'word':
      return propertyWords(claim);
    case 'count':
      return countWords[claim.property](claim.socket, claim.test);
    case 'finding':
      return claim.absent
        ? t(noFindingWords[claim.name])
        : findingWords[claim.name](listed(aboutWords(claim.about), 'and'));
    case 'call':
      return callWords(claim);
    case 'blocked':
      return claim.target.on.startsWith('p')
        ? t`${claim.target.on} is in ${claim.target.name}() and has not returned`
        : t`${titleOf(claim.target)} has not returned yet`;
    case 'queued':
      return t`${titleOf(claim.target)} has not begun: its thread is busy`;
    case 'prints':
      return t`${claim.process} has printed ${quoteBytes(materialise(claim.bytes), 80)}`;
    case 'exit':
      return t`${claim.process} has ended, with exit status ${amount(claim.test, false)}`;
    case 'refused':
      return t`the bench refuses this line: ${claim.line}`;
  }
};

/** What such a line looks at, before it has: nothing of what it finds. */
export const claimSubject = (claim: Claim): string => {
  switch (claim.kind) {
    case 'word':
    case 'count':
      return t`look at ${claim.socket}`;
    case 'blocked':
    case 'queued':
      return t`look at ${titleOf(claim.target)}`;
    case 'prints':
    case 'exit':
      return t`look at ${claim.process}`;
    case 'refused':
      return t`try ${claim.line}`;
    case 'finding':
    case 'call':
      return t('look at the whole bench');
  }
};
