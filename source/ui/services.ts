import { createContext, use } from 'react';
import { useStore } from 'zustand';
import type { World } from '../bench/store.ts';
import type { Context } from '../commands/command.ts';
import { keyTitle } from '../commands/keys.ts';
import type { KeyOf } from './panes/first-start.ts';

/** What the screen needs besides the bench. */
export type ScreenOptions = {
  readonly ascii: boolean;
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

/** A command's first key for reading, '' where it has none. */
export const useKeyOf = (): KeyOf => {
  const { keymap } = useServices().context;
  return id => {
    const [key] = keymap.keysOf(id);
    return key === undefined ? '' : keyTitle(key);
  };
};
