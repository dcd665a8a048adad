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
import { marked, t } from './translate.ts';

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
      return t('accepts one');
    case 'send':
      return t`sends on ${on}`;
    case 'recv':
      return t`receives on ${on}`;
    case 'end':
      return t`half-closes ${on}`;
    case 'flush':
      return t`flushes ${on}`;
  }
};

const mustDo: Readonly<Record<Act, (who: string) => string>> = {
  send: who => t`${who} to send`,
  recv: who => t`${who} to recv`,
  accept: who => t`${who} to accept`,
  flush: who => t`${who} to flush`,
  end: who => t`${who} to half-close`,
};

/** `a1 to send`, to follow "waits for". */
const mustAct = (who: string, act: Act): string => mustDo[act](who);

/** What a person does at the keys that do it from there, else the call, as it is typed. */
const deedAtKeys = (state: BenchState, on: string, act: Act, keys: NonNullable<KeyWords>): string => {
  if (act === 'flush')
    return t`${on}.flush sends the ${humanSize(state.files.get(on)?.unflushed ?? 0)} it holds`;
  const key = keys(act, on);
  return key === '' ? `${keys('type', on)}${on}.${callNames[act]}` : t`${key} ${keyDoes(on, act)}`;
};

/** Its program would, and its fault keeps it from that. */
const isStalled = (state: BenchState, on: string, act: Act): boolean => {
  const socket = act === 'recv' ? state.sockets.get(on) : undefined;
  return socket !== undefined && faultsOf(state, socket)?.stall === true;
};

/** Who makes the call by itself, and when. */
const behaviourWords = ({ on, act, at, rule, fault }: Extract<Reason, { kind: 'behaviour' }>): string => {
  const must = mustAct(on, act);
  if (fault) return t`${must} at ${moment(at)}, which a fault holds back until then`;
  if (rule !== undefined) return t`${must} after ${moment(at)}, by rule ${rule}`;
  return t`${must} again at ${moment(at)}`;
};

/** `a1 to send`, `p2 or p3 to send`; of a closed socket by the call that keeps it, as that is called. */
export const heldWords = (reason: Held, inside: string): string => {
  if (reason.kind === 'socket') return mustAct(reason.on, reason.act);
  if (reason.kind === 'process') return mustAct(listed(reason.actors, 'or'), reason.act);
  return t`${inside === '' ? t('a call inside') : inside} to end, which keeps the closed ${reason.on}`;
};

const kernelWords = {
  bytes: marked('bytes on their way'),
  room: marked('the kernel'),
  handshake: marked('the handshake'),
  end: marked('the end of the connection'),
  work: marked('the kernel'),
};

const unseenWords = (why: Unseen, on: string, act: Act): string => {
  switch (why) {
    case 'elsewhere':
      return mustAct(t('another machine'), act);
    case 'unseen':
      return mustAct(t('a process that you may not look at'), act);
    case 'peer':
      return t('a peer that the kernel does not tell');
    case 'pipe':
      return t`a pipe (${on})`;
    case 'terminal':
      return t`its terminal (${on})`;
    case 'file':
      return t`a file (${on})`;
  }
};

/** `python3 (p2) to send`. */
const actorWords = ({ processes }: BenchState, actor: ActorId): string => {
  const process = isProgram(actor) ? undefined : processes.get(actor);
  return process ? processWords(process) : actor;
};

/** More of several that would do than a row has room for. */
const fewReasons = 3;

/** What only the person has to do, where that is missing. */
export const personDeed = (
  state: BenchState,
  { on, act }: Pick<Extract<Reason, { kind: 'person' }>, 'on' | 'act'>,
  keys: KeyWords,
): string => {
  if (isStalled(state, on, act)) return t`${mustAct(on, act)}, which a fault stalls`;
  return keys ? deedAtKeys(state, on, act, keys) : mustAct(on, act);
};

/** THE words for a wait, to follow "waits for". */
export const waitSentence = (state: BenchState, reason: Reason, keys: KeyWords): string => {
  switch (reason.kind) {
    case 'socket':
    case 'inside': {
      const through = state.calls.get(reason.through);
      return heldWords(reason, through ? callLabel(through) : '');
    }
    case 'person': {
      const deed = personDeed(state, reason, keys);
      return !keys || isStalled(state, reason.on, reason.act) ? deed : t`you: ${deed}`;
    }
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
      return busy ? t`its thread, in ${callLabel(busy)}` : t('the disk of the recording or the spool');
    }
    case 'clock':
      return reason.at === null ? t('the clock: next SYN') : t`the clock: next SYN at ${moment(reason.at)}`;
    case 'foreign': {
      const who = formatEndpoint(reason.peer);
      const must = reason.act === 'answer' ? t`${who} to answer` : mustAct(who, reason.act);
      return t`${must} (foreign)`;
    }
    case 'any':
      return reason.what === 'client' ? t('any client') : t('any datagram');
    case 'resolver':
      return t('the resolver');
    case 'kernel':
      return t(kernelWords[reason.doing]);
  }
};
