import type { ReadStream } from 'node:tty';
import { useLayoutEffect } from 'react';
import { useStore } from 'zustand';
import type { Context } from '../commands/calling/command.ts';
import { type MouseReport, point } from '../commands/looking/mouse-commands.ts';
import { createInputFilter } from './input-filter.ts';

/** The terminal's mouse: silent until somebody follows it. */
export type Mouse = {
  /** Makes the terminal report presses and the wheel. Returns how to end that. */
  readonly follow: (listener: (report: MouseReport) => void) => () => void;
  /** Ends it while another program has the terminal. Returns how to go on as before. */
  readonly rest: () => () => void;
};

/** Presses, releases and the wheel (1000), in SGR's form (1006), which has columns beyond 223 (xterm's ctlseqs). */
const on = '\x1b[?1000h\x1b[?1006h';
const off = '\x1b[?1006l\x1b[?1000l';

/**
 * The mouse of a terminal, and its input without what no key sent: Ink knows neither the mouse's reports nor the strings
 * in which a terminal answers, and would take them, or the half of one that a read cut in two, for typed text.
 */
export const createMouse = (terminal: ReadStream, write: (sequence: string) => void) => {
  const filter = createInputFilter();
  let following = false;
  let keys = '';
  let timer: NodeJS.Timeout | undefined;

  const release = () => {
    keys += filter.release();
    if (keys !== '') terminal.emit('readable');
  };

  const read = (): string | null => {
    if (keys !== '') {
      const given = keys;
      keys = '';
      return given;
    }
    const chunk: string | null = terminal.read();
    if (chunk === null) return chunk;
    clearTimeout(timer);
    const left = filter.take(String(chunk));
    const patience = filter.patience();
    if (patience > 0) timer = setTimeout(release, patience).unref();
    return left;
  };

  const stdin = new Proxy(terminal, {
    get: (target, name) => {
      if (name === 'read') return read;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });

  const mouse: Mouse = {
    follow: listener => {
      filter.follow(listener);
      following = true;
      write(on);
      return () => {
        write(off);
        release();
        filter.follow(null);
        following = false;
      };
    },
    rest: () => {
      const followed = following;
      if (followed) write(off);
      return () => {
        if (followed && following) write(on);
      };
    },
  };
  return { stdin, mouse };
};

/** Follows the mouse while the person wants it, and no longer than the screen lasts. */
export const useMouse = (context: Context, { follow }: Mouse): void => {
  const wanted = useStore(context.store, ({ view }) => view.mouse);
  useLayoutEffect(
    () => (wanted ? follow(report => point(context, report)) : undefined),
    [wanted, context, follow],
  );
};
