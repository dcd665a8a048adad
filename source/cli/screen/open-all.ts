import type { Bench } from '../../bench/engine/bench.ts';
import type { Refusal } from '../../bench/view/overlay.ts';
import type { WorldStore } from '../../bench/view/store.ts';
import type { ActingContext, Keymap } from '../../commands/calling/command.ts';
import { createContext } from '../../commands/calling/context.ts';
import { connectTo } from '../../commands/sockets/connect-to.ts';
import { listenOn, openBound } from '../../commands/sockets/open-sockets.ts';
import type { SocketType } from '../../core/model/names.ts';
import type { Rule } from '../../core/model/rule.ts';
import { t } from '../../core/words/translate.ts';
import type { OutsideServices } from '../../ui/app.tsx';
import type { Opening } from '../address-words.ts';
import type { RelayWanted } from '../pipe/relay-words.ts';
import type { Verb } from '../tls-flags.ts';

/** socket(7): SOMAXCONN is 4096 on Linux; 128 is what most servers ask for. */
export const backlog = 128;

export type OpenWith = {
  readonly bench: Bench;
  readonly store: WorldStore;
  readonly keymap: Keymap;
  readonly services: OutsideServices;
};

/** The screen is not there yet: what only it can do has no place while the command line's addresses are opened. */
const contextOf = ({ bench, store, keymap, services }: OpenWith): ActingContext => {
  const app = { ...services, quit: () => {}, redraw: () => {}, suspend: async () => {} };
  return { ...createContext(bench, store, app, keymap), bench };
};

/** What waits at an address for others, by the type of socket that is to. */
const serveOn: Readonly<
  Record<
    SocketType,
    (context: ActingContext, opening: Opening, rules: readonly Rule[]) => Promise<Refusal | null>
  >
> = {
  SOCK_STREAM: (context, { address, tls }, rules) =>
    listenOn(context, address, backlog, { settings: tls ?? {}, rules }),
  SOCK_DGRAM: (context, { address }, rules) => openBound(context, address, rules),
};

const openOne = (
  context: ActingContext,
  verb: Verb,
  opening: Opening,
  rules: readonly Rule[],
): Promise<Refusal | null> => {
  const { address, type, local, tls } = opening;
  if (verb === 'connect') return connectTo(context, address, type, local, tls ?? {});
  return serveOn[type](context, opening, rules);
};

/** Where the bench is not asked what became of it, it says so itself. */
const tell = ({ bench }: OpenWith, what: string, work: Promise<Refusal | null>): void => {
  void work.then(refusal => {
    if (refusal) bench.note('warning', `${what}: ${refusal.message}`);
  });
};

/** Opens what the command line named; what listens answers by the rules. What is refused is said on the screen and stands in the log. */
export const openAll = (
  verb: Verb,
  openings: readonly Opening[],
  rules: readonly Rule[],
  open: OpenWith,
): void => {
  const context = contextOf(open);
  for (const opening of openings)
    tell(open, `${verb} ${opening.text}`, openOne(context, verb, opening, rules));
};

/** Opens the relay that the command line named. */
export const openRelay = ({ listen, target }: RelayWanted, open: OpenWith): void => {
  const { address, tls } = listen;
  const context = contextOf(open);
  const opened = target.datagrams
    ? openBound(context, address, [], target)
    : listenOn(context, address, backlog, { settings: tls ?? {}, relay: target });
  tell(open, t`relay ${listen.text}`, opened);
};
