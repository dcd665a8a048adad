import { isatty } from 'node:tty';
import { t } from '../../core/words/translate.ts';
import { localeOf } from '../language.ts';
import { toTerminal } from '../print.ts';

/** Leaves alternate screen, shows the cursor, ends bracketed paste and mouse reports, and resets colours (ctlseqs). */
export const leaveScreen = '\x1b[?1000l\x1b[?1002l\x1b[?1006l\x1b[?2004l\x1b[?1049l\x1b[?25h\x1b[0m';

/** Why the workbench cannot run here, or null: it needs a terminal to draw on and one to read keys from. */
export const terminalTrouble = (instead = '"sockbench run"'): string | null => {
  if (isatty(0) && isatty(1)) return null;
  return isatty(0)
    ? t`sockbench: standard output is no terminal, so there is no screen to work on; use ${instead} for lines without one`
    : t`sockbench: standard input is no terminal, so there is no screen to work on; use ${instead} for lines without one`;
};

/**
 * The last resort after a crash or a signal: modes the screen had switched on are switched off. What is no terminal is not asked
 * by process.stdin, which would open it: it may be open, as what is piped.
 */
export const restoreTerminal = (): void => {
  if (isatty(0)) process.stdin.setRawMode(false);
  if (isatty(1)) toTerminal(leaveScreen);
};

/** 128 plus the signal's number, as shells report it. */
export const signalCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** Box drawing needs UTF-8 on the other side. */
export const speaksUtf8 = (): boolean => {
  const locale = localeOf('LC_CTYPE');
  return process.platform === 'win32' || locale === undefined || /utf-?8/i.test(locale);
};
