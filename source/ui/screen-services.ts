import { createContext, use } from 'react';
import { useStore } from 'zustand';
import type { World } from '../bench/view/store.ts';
import type { Context, KeyOf } from '../commands/calling/command.ts';
import { uncovered, wayTo } from '../commands/calling/hint-keys.ts';
import { keyWords } from '../commands/calling/keymap.ts';
import type { DeedOn, KeyWords } from '../core/words/key-words.ts';
import type { Colours } from './theme.ts';

/** What the screen needs besides the bench. */
export type ScreenOptions = {
  readonly ascii: boolean;
  /** Left out: sixteen. */
  readonly colours?: Colours;
  /** Whether a recording was begun; a finding tells when it has ended. */
  readonly recorded: boolean;
  /** What the header says instead: that this is a replay, and of what. */
  readonly heading?: string | undefined;
  /** Wall-clock ms of the moment the bench began. */
  readonly origin: number;
};

export type ScreenServices = { readonly context: Context; readonly options: ScreenOptions };

const ServicesContext = createContext<ScreenServices | null>(null);

export const ServicesProvider = ServicesContext.Provider;

export const useServices = (): ScreenServices => {
  const services = use(ServicesContext);
  if (!services) throw new Error('the screen was drawn without its services');
  return services;
};

export const useWorld = <T>(select: (world: World) => T): T => useStore(useServices().context.store, select);

/** All of it, for what shows the bench and depends on much of the view. */
export const useWholeWorld = (): World => useStore(useServices().context.store);

export const useKeyOf = (): KeyOf => useServices().context.keyOf;

/** The keys that work from where the person is, for hints. */
export const useKeysHere = (): KeyOf => useServices().context.keysFrom(useWholeWorld());

/** The same from the panes, for texts that stand there for long: what lies over them is no part of it. */
export const useKeysInPanes = (): KeyOf => useServices().context.keysFrom(uncovered(useWholeWorld()));

/** The keys that work once those of a command have been pressed. */
export const useKeysAfter = (): ((command: string, on: DeedOn) => KeyOf) => {
  const { keymap, keysFrom } = useServices().context;
  const world = useWholeWorld();
  return (command, on) => keysFrom(wayTo(keymap, world, command, on)?.world ?? uncovered(world));
};

/** The person's keys from where they are, for words about waits. */
export const useKeyWords = (): KeyWords => keyWords(useKeysHere());
