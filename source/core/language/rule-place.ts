import { serves } from '../model/actors.ts';
import type { Act, Rule } from '../model/rule.ts';
import type { SocketState } from '../model/state.ts';
import { shakesHands } from '../model/transports.ts';
import { listed } from '../words/listed.ts';
import { t } from '../words/translate.ts';

const noSocket = (name: string, sockets: ReadonlyMap<string, SocketState>): string => {
  const open = [...sockets.values()].filter(({ closed }) => !closed).map(socket => socket.name);
  const there = open.length === 0 ? t('none is open') : t`there is ${listed(open, 'and')}`;
  return t`${name} is no open socket that could answer: ${there}`;
};

/** Acts that only a connection knows. */
const endsConnection = ({ kind }: Act): boolean => kind === 'shut' || kind === 'reset';

/** Why no socket of this kind can go by a rule, in a sentence; null where it can. */
export const kindProblem = (
  name: string,
  { on, acts }: Rule,
  socket: Pick<SocketState, 'family' | 'type'>,
  accepts: boolean,
): string | null => {
  if (on.kind === 'accept' && !accepts) return t`${name} accepts nobody: write recv in place of accept`;
  const act = acts.find(endsConnection);
  if (!act || shakesHands(socket)) return null;
  const word = act.kind === 'shut' ? 'half-close' : act.kind;
  return t`${name} has no connections to ${word}: write send, echo, discard or close`;
};

/** Why this socket cannot go by a rule, in a sentence; null where it can. */
export const placeProblem = (
  name: string,
  rule: Rule,
  sockets: ReadonlyMap<string, SocketState>,
): string | null => {
  const socket = sockets.get(name);
  if (!socket || socket.closed) return noSocket(name, sockets);
  const accepts = shakesHands(socket) && serves(socket.actor) && socket.peer === null;
  return kindProblem(name, rule, socket, accepts);
};
