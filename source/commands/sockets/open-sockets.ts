import type { Refusal } from '../../bench/view/overlay.ts';
import { rowsIn, withRow } from '../../bench/view/view.ts';
import { type Address, formatEndpoint } from '../../core/addresses/address.ts';
import { type Endpoint, isInet, portAt } from '../../core/addresses/endpoint.ts';
import { sameEndpoint } from '../../core/addresses/twins.ts';
import type { Call } from '../../core/calls/call.ts';
import { hasIn } from '../../core/calls/calls.ts';
import { type Failure, ok } from '../../core/calls/outcome.ts';
import { type Program, type SocketLetter, serves } from '../../core/model/actors.ts';
import type { SocketType } from '../../core/model/names.ts';
import { wayTrouble } from '../../core/model/relay.ts';
import type { RelayTarget } from '../../core/model/relay-target.ts';
import type { Rule } from '../../core/model/rule.ts';
import type { TlsSettings } from '../../core/model/tls.ts';
import { t } from '../../core/words/translate.ts';
import { type ActingContext, type Context, look, type Result, refusal } from '../calling/command.ts';
import { focusPane } from '../calling/overlays.ts';
import { failureSentence, performed, refusalOf } from '../calling/performed.ts';

/** Shows what was made: its pane gets the focus, and a selection moves on to it. */
export const show = (context: Context, program: Program, name: string): void => {
  focusPane(context, program);
  look(context, view => {
    if (rowsIn(view, program).selected === '') return {};
    return { programs: withRow(view, program, name) };
  });
};

type Made = { readonly name: string } | { readonly refused: Refusal };

export const makeSocket = async (
  context: ActingContext,
  letter: SocketLetter,
  address: Address | null,
  type: SocketType,
): Promise<Made> => {
  const name = context.bench.nextName(letter);
  const family = address?.family ?? 'AF_INET';
  const call: Call = { name: 'socket', on: '', as: name, family, type };
  const outcome = await performed(context, call);
  return outcome.kind === 'error' ? { refused: refusalOf(outcome, call) } : { name };
};

/** Closes a socket again that came to nothing. */
export const closing = (context: ActingContext, name: string) => () => {
  context.bench.perform({ name: 'close', on: name });
};

const whoHas = async (context: Context, type: SocketType, address: Endpoint): Promise<string> => {
  for (const socket of context.source.state().sockets.values()) {
    if (socket.closed || socket.type !== type || !socket.local) continue;
    if (sameEndpoint(socket.local, address) && serves(socket.actor)) {
      return t`${socket.name} of this bench has it`;
    }
  }
  const port = portAt(address);
  return typeof port === 'number' && type === 'SOCK_STREAM' ? context.app.holderOf(port) : '';
};

/** A port that is taken comes with who has it and one that is free. */
const refusedBind = async (
  context: ActingContext,
  type: SocketType,
  call: Call,
  failure: Failure,
): Promise<Refusal> => {
  const base = refusalOf(failure, call, { field: 'address' });
  if (failure.code !== 'EADDRINUSE' || !hasIn(call, 'sets', 'address')) return base;
  const holder = failure.timeWait === undefined ? await whoHas(context, type, call.address) : '';
  if (!isInet(call.address)) return refusal(failureSentence(failure, call, holder), { field: 'address' });
  const port = await context.app.freePort(call.address.host);
  const offer = port === null ? '' : formatEndpoint({ ...call.address, port });
  return refusal(failureSentence(failure, call, holder), { field: 'address', offer });
};

export const bindTo = async (
  context: ActingContext,
  name: string,
  type: SocketType,
  address: Endpoint,
  relayNext = false,
): Promise<Result> => {
  const call: Call = { name: 'bind', on: name, address };
  const outcome = await performed(context, call, relayNext);
  if (outcome.kind !== 'error') return null;
  closing(context, name)();
  return refusedBind(context, type, call, outcome);
};

/** Before anybody can be there: the first client is answered too. */
const answerBy = ({ bench }: ActingContext, name: string, rules: readonly Rule[]): void => {
  for (const rule of rules) bench.addRule(name, rule);
};

/** What a listener is besides: wrapped with settings, answering by rules, a relay to a target. */
export type ListenAs = {
  readonly settings?: TlsSettings;
  readonly rules?: readonly Rule[];
  readonly relay?: RelayTarget;
};

/** Makes a relay of what is bound; or why it would be none. */
const relayFrom = (context: ActingContext, name: string, target: RelayTarget): Result => {
  context.source.flush();
  const local = context.source.state().sockets.get(name)?.local;
  const trouble = local ? wayTrouble(local, target.endpoint) : null;
  if (trouble !== null) return refusal(trouble, { field: 'target' });
  context.bench.setRelay(name, target);
  return null;
};

/** socket + setsockopt + bind + listen: as servers do, so that one can be started again at once where it ran before. */
export const listenOn = async (
  context: ActingContext,
  address: Address,
  backlog: number,
  { settings = {}, rules = [], relay }: ListenAs = {},
): Promise<Result> => {
  look(context, { lastDone: `${address.tls ? 'tls://' : ''}${formatEndpoint(address.endpoint)}` });
  const made = await makeSocket(context, 's', address, 'SOCK_STREAM');
  if ('refused' in made) return made.refused;
  if (isInet(address.endpoint))
    await performed(context, {
      name: 'setsockopt',
      on: made.name,
      level: 'SOL_SOCKET',
      option: 'SO_REUSEADDR',
      value: 1,
    });
  const refused = await bindTo(context, made.name, 'SOCK_STREAM', address.endpoint);
  if (refused) return refused;
  answerBy(context, made.name, rules);
  const misled = relay ? relayFrom(context, made.name, relay) : null;
  if (misled) {
    closing(context, made.name)();
    return misled;
  }
  const call: Call = { name: 'listen', on: made.name, backlog };
  const outcome = await performed(context, call, address.tls);
  if (outcome.kind === 'error') {
    closing(context, made.name)();
    const bind: Call = { name: 'bind', on: made.name, address: address.endpoint };
    const blamed = outcome.code === 'EADDRINUSE' ? bind : call;
    return refusedBind(context, 'SOCK_STREAM', blamed, outcome);
  }
  const wrap: Call = { name: 'wrap', on: made.name, side: 'server', settings };
  const wrapped = address.tls ? await performed(context, wrap) : ok;
  if (wrapped.kind === 'error') {
    closing(context, made.name)();
    return refusalOf(wrapped, wrap, { field: 'address' });
  }
  look(context, { reach: '' });
  show(context, 'tcp-server', made.name);
  return null;
};

/** A UDP server's socket: socket + bind. */
export const openBound = async (
  context: ActingContext,
  address: Address,
  rules: readonly Rule[] = [],
  relay?: RelayTarget,
): Promise<Result> => {
  look(context, { lastDone: formatEndpoint(address.endpoint) });
  const made = await makeSocket(context, 'u', address, 'SOCK_DGRAM');
  if ('refused' in made) return made.refused;
  answerBy(context, made.name, rules);
  const refused = await bindTo(context, made.name, 'SOCK_DGRAM', address.endpoint, relay !== undefined);
  if (refused) return refused;
  const misled = relay ? relayFrom(context, made.name, relay) : null;
  if (misled) closing(context, made.name)();
  else show(context, 'udp-server', made.name);
  return misled;
};

/** A UDP client without a peer. */
export const openFree = async (context: ActingContext): Promise<Result> => {
  const made = await makeSocket(context, 'c', null, 'SOCK_DGRAM');
  if ('refused' in made) return made.refused;
  show(context, 'client', made.name);
  return null;
};
