import { formatEndpoint } from '../addresses/address.ts';
import type { CallName } from '../calls/call.ts';
import { humanSize } from '../language/units.ts';
import { type ActorId, isProgram } from '../model/actors.ts';
import type { Held } from '../model/finding.ts';
import type { Act } from '../model/need.ts';
import { type BenchState, faultsOf } from '../model/state.ts';
import { callLabel, moment, type Reason, type Unseen } from '../model/wait.ts';
import type { KeyWords } from './key-words.ts';
import { listed } from './listed.ts';
import { processWords } from './process-words.ts';

const verbs: Readonly<Record<Act, string>> = {
  send: 'send',
  recv: 'recv',
  accept: 'accept',
  flush: 'flush',
  end: 'half-close',
};

/** The call that an act is. */
const callNames: Readonly<Record<Act, CallName>> = {
  send: 'send',
  recv: 'recv',
  accept: 'accept',
  flush: 'flush',
  end: 'shutdown',
};

/** What a key that is bound to an act does with it. */
const keyDoes = (on: string, act: Act): string => {
  switch (act) {
    case 'accept':
      return 'accepts one';
    case 'send':
      return `sends on ${on}`;
    case 'recv':
      return `receives on ${on}`;
    case 'end':
      return `half-closes ${on}`;
    case 'flush':
      return `flushes ${on}`;
  }
};

const mustAct = (on: string, act: Act): string => `${on} to ${verbs[act]}`;

/** Only the person is missing: at the keys by those that do it from there, else by the call, as it is typed. */
const personWords = (state: BenchState, on: string, act: Act, keys: KeyWords): string => {
  if (!keys) return mustAct(on, act);
  if (act === 'flush')
    return `you: ${on}.flush sends the ${humanSize(state.files.get(on)?.unflushed ?? 0)} it holds`;
  const key = keys(act, on);
  return key === '' ? `you: ${keys('type', on)}${on}.${callNames[act]}` : `you: ${key} ${keyDoes(on, act)}`;
};

/** Its program would, and its fault keeps it from that. */
const isStalled = (state: BenchState, on: string, act: Act): boolean => {
  const socket = act === 'recv' ? state.sockets.get(on) : undefined;
  return socket !== undefined && faultsOf(state, socket)?.stall === true;
};

/** Who makes the call by itself, and when. */
const behaviourWords = ({ on, act, at, rule, fault }: Extract<Reason, { kind: 'behaviour' }>): string => {
  const must = mustAct(on, act);
  if (fault) return `${must} at ${moment(at)}, which a fault holds back until then`;
  if (rule !== undefined) return `${must} after ${moment(at)}, by rule ${rule}`;
  return `${must} again at ${moment(at)}`;
};

/** `a1 to send`, `p2 or p3 to send`; of a closed socket by the call that keeps it, as that is called. */
export const heldWords = (reason: Held, inside: string): string => {
  if (reason.kind === 'socket') return mustAct(reason.on, reason.act);
  if (reason.kind === 'process') return mustAct(listed(reason.actors, 'or'), reason.act);
  return `${inside === '' ? 'a call inside' : inside} to end, which keeps the closed ${reason.on}`;
};

const kernelWords = {
  bytes: 'bytes on their way',
  room: 'the kernel',
  handshake: 'the handshake',
  end: 'the end of the connection',
  work: 'the kernel',
};

const unseenWords = (why: Unseen, on: string, act: Act): string => {
  switch (why) {
    case 'elsewhere':
      return `another machine to ${verbs[act]}`;
    case 'unseen':
      return `a process that you may not look at to ${verbs[act]}`;
    case 'peer':
      return 'a peer that the kernel does not tell';
    case 'pipe':
      return `a pipe (${on})`;
    case 'terminal':
      return `its terminal (${on})`;
    case 'file':
      return `a file (${on})`;
  }
};

/** `python3 (p2) to send`. */
const actorWords = ({ processes }: BenchState, actor: ActorId): string => {
  const process = isProgram(actor) ? undefined : processes.get(actor);
  return process ? processWords(process) : actor;
};

/** More of several that would do than a row has room for. */
const fewReasons = 3;

/** THE words for a wait, to follow "waits for". */
export const waitSentence = (state: BenchState, reason: Reason, keys: KeyWords): string => {
  switch (reason.kind) {
    case 'socket':
    case 'inside': {
      const through = state.calls.get(reason.through);
      return heldWords(reason, through ? callLabel(through) : '');
    }
    case 'person':
      if (isStalled(state, reason.on, reason.act))
        return `${mustAct(reason.on, reason.act)}, which a fault stalls`;
      return personWords(state, reason.on, reason.act, keys);
    case 'process':
      return mustAct(
        listed(
          reason.actors.map(actor => actorWords(state, actor)),
          'or',
        ),
        reason.act,
      );
    case 'any-of': {
      const words = reason.reasons.map(one => waitSentence(state, one, keys));
      return listed([...new Set(words)], 'or', fewReasons);
    }
    case 'unseen':
      return unseenWords(reason.why, reason.on, reason.act);
    case 'behaviour':
      return behaviourWords(reason);
    case 'thread': {
      const busy = state.calls.get(reason.through);
      return busy ? `its thread, in ${callLabel(busy)}` : 'the disk of the recording or the spool';
    }
    case 'clock':
      return reason.at === null ? 'the clock: next SYN' : `the clock: next SYN at ${moment(reason.at)}`;
    case 'foreign':
      return `${formatEndpoint(reason.peer)} to ${reason.act} (foreign)`;
    case 'any':
      return `any ${reason.what}`;
    case 'resolver':
      return 'the resolver';
    case 'kernel':
      return kernelWords[reason.doing];
  }
};
