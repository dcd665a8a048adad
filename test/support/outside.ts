import type { Bench } from '../../source/bench/engine/bench.ts';
import { createWorldStore, type WorldStore } from '../../source/bench/view/store.ts';
import type { ActingContext } from '../../source/commands/calling/command.ts';
import { createContext } from '../../source/commands/calling/context.ts';
import { buildKeymap } from '../../source/commands/calling/keymap.ts';
import { commandTable } from '../../source/commands/calling/table.ts';
import type { OutsideServices } from '../../source/ui/app.tsx';

const built = buildKeymap(commandTable);
if (!built.ok) throw new Error(built.messages.join('\n'));

/** The keymap without a person's settings. */
export const { keymap } = built;

/** A system that has nothing to give: no clipboard, no file, no port; waiting takes no time. */
export const quietServices: OutsideServices = {
  copy: async () => '',
  readFile: async () => new Uint8Array(),
  freePort: async () => null,
  holderOf: async () => '',
  cpuTime: () => 0,
  measureSocketTurns: () => ({ ms: () => 0, stop: () => {} }),
  wait: async () => {},
};

/** Commands over a bench without a screen; `quit` hears the exit status. */
export const openCommands = (
  bench: Bench,
  quit: (code: number) => void = () => {},
): { readonly context: ActingContext; readonly store: WorldStore } => {
  const store = createWorldStore(bench);
  bench.subscribe(state => store.setState({ bench: state }));
  const app = { ...quietServices, quit, suspend: async () => {}, redraw: () => {} };
  return { context: { ...createContext(bench, store, app, keymap), bench }, store };
};
