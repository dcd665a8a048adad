import type { ReadStream } from 'node:tty';
import { useLayoutEffect } from 'react';
import { useStore } from 'zustand';
import type { Context } from '../commands/command.ts';
import { type MouseReport, point } from '../commands/mouse.ts';
import { createReportFilter, type ReportFilter } from './mouse-reports.ts';

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

/** How long an Esc is held back before it is a key, in ms: while the mouse is on, Esc comes so much later. */
const patience = 20;

/**
 * The mouse of a terminal, and its input without the mouse's reports: Ink knows none, and would take the half of one
 * that a read cut in two for typed text.
 */
export const createMouse = (terminal: ReadStream, write: (sequence: string) => void) => {
  let filter: ReportFilter | null = null;
  let keys = '';
  let timer: NodeJS.Timeout | undefined;

  const release = () => {
    keys += filter?.release() ?? '';
    if (keys !== '') terminal.emit('readable');
  };

  const read = (): string | null => {
    if (keys !== '') {
      const given = keys;
      keys = '';
      return given;
    }
    const chunk: string | null = terminal.read();
    if (chunk === null || !filter) return chunk;
    clearTimeout(timer);
    const left = filter.take(String(chunk));
    if (filter.holdsEscape()) timer = setTimeout(release, patience);
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
      filter = createReportFilter(listener);
      write(on);
      return () => {
        write(off);
        release();
        filter = null;
      };
    },
    rest: () => {
      const followed = filter;
      if (followed) write(off);
      return () => {
        if (followed && filter === followed) write(on);
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
