import { materialise } from '../bytes/bytes.ts';
import { quoteBytes } from '../bytes/payload.ts';
import { type Call, titleOf } from '../calls/call.ts';
import type { Claim, Comparison, CountProperty, CountTest, Target } from '../language/expectation.ts';
import { formatCall } from '../language/line.ts';
import { humanSize } from '../language/units.ts';
import type { FindingName } from '../model/finding.ts';
import { listed } from './listed.ts';

const compared: Readonly<Record<Comparison, string>> = {
  '==': '',
  '!=': 'other than ',
  '<': 'fewer than ',
  '<=': 'at most ',
  '>': 'more than ',
  '>=': 'at least ',
};

/** "2", "more than 3", "between 1 and 31"; with `size` of bytes. */
const amount = (test: CountTest, size: boolean): string => {
  const number = (value: number) => (size ? humanSize(value) : String(value));
  return test.kind === 'range'
    ? `between ${number(test.from)} and ${number(test.to)}`
    : `${compared[test.operator]}${number(test.value)}`;
};

const isZero = (test: CountTest): boolean =>
  test.kind === 'compare' && test.operator === '==' && test.value === 0;

const isSome = (test: CountTest): boolean =>
  test.kind === 'compare' && test.operator === '>' && test.value === 0;

/** "the send queue of c1 is not empty", "2 wait in the accept queue of s1". */
const queued = (queue: string, test: CountTest, size: boolean): string => {
  if (isZero(test)) return `${queue} is empty`;
  if (isSome(test)) return `${queue} is not empty`;
  const one = test.kind === 'compare' && test.operator === '==' && test.value === 1;
  return `${amount(test, size)} ${one ? 'waits' : 'wait'} in ${queue}`;
};

const times = (test: CountTest): string =>
  test.kind === 'compare' && test.operator === '==' && test.value === 1
    ? 'once'
    : `${amount(test, false)} times`;

const countWords: Readonly<Record<CountProperty, (socket: string, test: CountTest) => string>> = {
  'accept-q': (socket, test) => queued(`the accept queue of ${socket}`, test, false),
  'rcv-q': (socket, test) => queued(`the receive queue of ${socket}`, test, true),
  'snd-q': (socket, test) => queued(`the send queue of ${socket}`, test, true),
  sent: (socket, test) => `${socket} has sent ${amount(test, true)}`,
  received: (socket, test) => `${socket} has received ${amount(test, true)}`,
  sends: (socket, test) => `${socket} has sent ${times(test)}`,
  receives: (socket, test) => `${socket} has received ${times(test)}`,
  accepted: (socket, test) =>
    isZero(test) ? `${socket} has accepted nobody` : `${socket} has accepted ${amount(test, false)}`,
  drops: (socket, test) =>
    isZero(test) ? `${socket} has lost nothing` : `${socket} has lost ${amount(test, false)} datagrams`,
  retransmits: (socket, test) => `${socket} has sent again ${times(test)}`,
  backlog: (socket, test) => `the backlog of ${socket} is ${amount(test, false)}`,
  unflushed: (socket, test) => queued(`the file's buffer over ${socket}`, test, true),
};

const aboutWords = (about: readonly (string | Target)[]): string[] =>
  about.map(item => (typeof item === 'string' ? item : titleOf(item)));

/** What a finding says of those that it is about; `none`: that it is not there. */
const findingWords: Readonly<Record<FindingName, readonly [is: (who: string) => string, none: string]>> = {
  deadlock: [
    who => (who === '' ? 'there is a deadlock' : `deadlock: ${who} wait for each other`),
    'there is no deadlock',
  ],
  'backlog-full': [who => `the accept queue of ${who || 'a listener'} is full`, 'no accept queue is full'],
  'zero-window': [
    who => `the peer of ${who || 'a socket'} has no room left: its window is zero`,
    'no window is zero: there is room to receive',
  ],
  'datagrams-lost': [
    who => `the bench says that ${who || 'a socket'} has lost datagrams`,
    'no datagram was lost',
  ],
  'every-interface': [
    who => `${who || 'a socket'} is bound to every interface of this machine`,
    'nothing is bound to every interface',
  ],
  descriptors: [() => 'there are no descriptors left', 'there are descriptors left'],
  recording: [() => 'the recording has ended', 'the recording goes on'],
};

const callWords = ({ call, inside, absent }: Extract<Claim, { kind: 'call' }>): string => {
  const made = formatCall({ on: '', ...call } as Call);
  if (absent) return `nobody has called ${made}`;
  return inside ? `inside ${titleOf(inside)} was a call of its own: ${made}` : `somebody has called ${made}`;
};

/** THE words for what a line expects of the state, where it is so: a sentence without a full stop. */
export const claimSentence = (claim: Claim): string => {
  switch (claim.kind) {
    case 'word': {
      const what = claim.property === 'state' ? claim.socket : `the ${claim.property} of ${claim.socket}`;
      return `${what} is ${claim.negated ? 'not ' : ''}${claim.value}`;
    }
    case 'count':
      return countWords[claim.property](claim.socket, claim.test);
    case 'finding': {
      const [is, none] = findingWords[claim.name];
      return claim.absent ? none : is(listed(aboutWords(claim.about), 'and'));
    }
    case 'call':
      return callWords(claim);
    case 'blocked':
      return claim.target.on.startsWith('p')
        ? `${claim.target.on} is in ${claim.target.name}() and has not returned`
        : `${titleOf(claim.target)} has not returned yet`;
    case 'queued':
      return `${titleOf(claim.target)} has not begun: its thread is busy`;
    case 'prints':
      return `${claim.process} has printed ${quoteBytes(materialise(claim.bytes), 80)}`;
    case 'exit':
      return `${claim.process} has ended, with exit status ${amount(claim.test, false)}`;
    case 'refused':
      return `the bench refuses this line: ${claim.line}`;
  }
};

/** What such a line looks at, before it has: nothing of what it finds. */
export const claimSubject = (claim: Claim): string => {
  switch (claim.kind) {
    case 'word':
    case 'count':
      return `look at ${claim.socket}`;
    case 'blocked':
    case 'queued':
      return `look at ${titleOf(claim.target)}`;
    case 'prints':
    case 'exit':
      return `look at ${claim.process}`;
    case 'refused':
      return `try ${claim.line}`;
    case 'finding':
    case 'call':
      return 'look at the whole bench';
  }
};
