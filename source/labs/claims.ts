import { formatEndpoint } from '../core/addresses/address.ts';
import type { Claim, CountProperty, Target, WordProperty } from '../core/language/expectation.ts';
import { formatCall, parseCall } from '../core/language/line.ts';
import { type Finding, findingCalls, findingName } from '../core/model/finding.ts';
import type { Journal } from '../core/model/journal.ts';
import type { BenchState, CallState, SocketState } from '../core/model/state.ts';
import { findingSentence } from '../core/words/finding-words.ts';
import { t } from '../core/words/translate.ts';
import { holds } from './count-test.ts';
import { judgeExit, judgePrinted } from './program-claims.ts';

/** true, or what was found instead. */
export type Judgement = true | string;

/** Of a program, p1, a call on any of its sockets is meant. */
const isMeant = ({ call, actor }: CallState, { on, name }: Target): boolean =>
  call.name === name && (call.on === on || actor === on);

/** The oldest call in flight, or in its queue, that a line means by `c1.recv`. */
export const flightOf = (state: BenchState, target: Target): CallState | undefined => {
  for (const call of state.calls.values()) if (isMeant(call, target)) return call;
  return undefined;
};

/** States that only the kernel tells apart; the bench's own word for them is FIN-WAIT. */
const finerStates: ReadonlySet<string> = new Set(['FIN-WAIT-1', 'FIN-WAIT-2', 'CLOSING', 'TIME-WAIT']);

const words: Record<WordProperty, (socket: SocketState, wanted: string) => string> = {
  state: (socket, wanted) =>
    finerStates.has(wanted) ? (socket.kernel?.state ?? socket.condition) : socket.condition,
  timer: socket => socket.kernel?.timer ?? 'none',
  local: socket => (socket.local ? formatEndpoint(socket.local) : 'none'),
  peer: socket => (socket.peer ? formatEndpoint(socket.peer) : 'none'),
};

const taken = (state: BenchState, socket: SocketState): number => {
  let bytes = 0;
  for (const call of state.calls.values()) if (call.call.on === socket.name) bytes += call.taken;
  return bytes;
};

const unflushed = (state: BenchState, socket: SocketState): number => {
  let bytes = 0;
  for (const file of state.files.values()) if (file.socket === socket.name) bytes += file.unflushed;
  return bytes;
};

const counts: Record<CountProperty, (socket: SocketState, state: BenchState) => number> = {
  'accept-q': socket => socket.kernel?.rcvQ ?? 0,
  'rcv-q': socket => socket.kernel?.rcvQ ?? 0,
  'snd-q': socket => socket.kernel?.sndQ ?? 0,
  sent: (socket, state) => socket.sent + taken(state, socket),
  received: socket => socket.received,
  sends: socket => socket.sends,
  receives: socket => socket.receives,
  accepted: socket => socket.accepted,
  drops: socket => socket.kernel?.drops ?? 0,
  retransmits: socket => socket.kernel?.retransmits ?? 0,
  backlog: socket => socket.backlog ?? 0,
  unflushed: (socket, state) => unflushed(state, socket),
};

const aboutSocket = (
  state: BenchState,
  name: string,
  judge: (socket: SocketState) => Judgement,
): Judgement => {
  const socket = state.sockets.get(name);
  return socket ? judge(socket) : t`there is no socket ${name}`;
};

const names = (state: BenchState, finding: Finding, about: readonly (string | Target)[]): boolean =>
  about.every(item =>
    typeof item === 'string'
      ? finding.sockets.includes(item)
      : findingCalls(finding).some(id => {
          const call = state.calls.get(id);
          return call !== undefined && isMeant(call, item);
        }),
  );

const judgeFinding = (claim: Extract<Claim, { kind: 'finding' }>, state: BenchState): Judgement => {
  const found = [...state.findings.values()].filter(finding => findingName(finding) === claim.name);
  const hit = found.find(finding => names(state, finding, claim.about));
  if (claim.absent) return hit ? findingSentence(hit, null) : true;
  if (hit) return true;
  return found[0] ? findingSentence(found[0], null) : t`no finding ${claim.name}`;
};

const sameFields = (wanted: object, call: object): boolean =>
  Object.entries(wanted).every(
    ([key, value]) => JSON.stringify((call as Record<string, unknown>)[key]) === JSON.stringify(value),
  );

const judgeCall = (claim: Extract<Claim, { kind: 'call' }>, journal: Journal): Judgement => {
  const parents = new Set<number>();
  for (let n = journal.last(); n >= journal.first(); n--) {
    const entry = journal.at(n);
    if (entry?.kind !== 'ended') continue;
    const { inside } = claim;
    if (inside && entry.call.on === inside.on && entry.call.name === inside.name) parents.add(entry.id);
    const placed = !inside || parents.has(entry.inside);
    if (placed && sameFields(claim.call, entry.call))
      return claim.absent ? t`entry ${entry.n} is such a call` : true;
  }
  return claim.absent ? true : t('no such call in the journal');
};

const judgeFlight = (claim: Extract<Claim, { kind: 'blocked' | 'queued' }>, state: BenchState): Judgement => {
  const call = flightOf(state, claim.target);
  const title = claim.target.on === '' ? claim.target.name : `${claim.target.on}.${claim.target.name}`;
  if (!call) return t`${title} is not in flight`;
  const kind = call.startedAt === null ? 'queued' : 'blocked';
  return kind === claim.kind ? true : t`${title} is ${kind}`;
};

/** What the bench says of a line that it refuses; the line as it was read, where it does not. */
export const refusalOf = (line: string): { readonly refused: boolean; readonly text: string } => {
  const read = parseCall(line);
  return read.ok
    ? { refused: false, text: t`it reads as ${formatCall(read.value)}` }
    : { refused: true, text: read.message };
};

const judgeRefused = (line: string): Judgement => {
  const { refused, text } = refusalOf(line);
  return refused ? true : text;
};

/** Judges a claim as the bench stands now; a string says what was found instead. */
export const judge = (claim: Claim, state: BenchState, journal: Journal): Judgement => {
  switch (claim.kind) {
    case 'word':
      return aboutSocket(state, claim.socket, socket => {
        const value = words[claim.property](socket, claim.value);
        return (value === claim.value) === claim.negated
          ? t`${claim.socket}.${claim.property} is ${value}`
          : true;
      });
    case 'count':
      return aboutSocket(state, claim.socket, socket => {
        const value = counts[claim.property](socket, state);
        return holds(claim.test, value) ? true : t`${claim.socket}.${claim.property} is ${value}`;
      });
    case 'finding':
      return judgeFinding(claim, state);
    case 'call':
      return judgeCall(claim, journal);
    case 'blocked':
    case 'queued':
      return judgeFlight(claim, state);
    case 'prints':
      return judgePrinted(claim, journal);
    case 'exit':
      return judgeExit(claim, state);
    case 'refused':
      return judgeRefused(claim.line);
  }
};
