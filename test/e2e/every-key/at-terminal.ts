import { keyBytes } from '../keys.ts';
import type { Terminal } from '../terminal.ts';
import { writeOn } from '../write-on.ts';
import { holds, type Step, said } from './scenario.ts';

/** The screen's rows, with the text cursor where it is shown. */
export const screenOf = (terminal: Terminal): string => {
  const lines = [...terminal.screen()];
  const { x, y } = terminal.cursor();
  if (terminal.modes().cursorVisible) {
    const row = (lines[y] ?? '').padEnd(x);
    lines[y] = `${row.slice(0, x)}‸${row.slice(x)}`;
  }
  return lines.join('\n');
};

/** Resolves once the screen is so; else says `what` was waited for, with the screen as it was. */
export const until = async (
  terminal: Terminal,
  isSo: (screen: string) => boolean,
  what: string,
): Promise<void> => {
  try {
    await terminal.until(() => isSo(screenOf(terminal)));
  } catch (error) {
    const [why, screen = ''] = String(error).split('The screen:\n');
    const ended = /the program ended with \d+/.exec(why ?? '')?.[0];
    throw new Error(`${what} is not to be seen${ended ? ` (${ended})` : ''}:\n${screen}`);
  }
};

/** Steps for reading. */
const words = (steps: readonly Step[]): string =>
  steps
    .map(step => {
      if (typeof step === 'string') return JSON.stringify(step);
      return 'does' in step || 'types' in step ? '...' : said(step);
    })
    .join(' ');

/** Does the steps; a sight that compares does so with the screen as it was when keys were typed last. */
export const perform = async (terminal: Terminal, steps: readonly Step[]): Promise<void> => {
  let before = screenOf(terminal);
  const type = (keys: string) => {
    before = screenOf(terminal);
    terminal.type(keys);
  };
  for (const step of steps) {
    if (typeof step === 'string') type(step);
    else if ('types' in step) type(step.types(screenOf(terminal)));
    else if ('does' in step) step.does(terminal);
    else await until(terminal, screen => holds(step, screen, before), `${words(steps)}: ${said(step)}`);
  }
};

/**
 * Without numbers, which clocks and counters change, the room they take, in a border too, the timeline's clock, and the queues, which
 * are told once the kernel was looked at, as is what lies in them unread.
 */
const still = (screen: string): string =>
  screen
    .replace(/Recv-Q .* \(kernel\)/g, '')
    .replace(/\d+ bytes unread/g, '')
    .replace(/^.*┊\d.*$/gm, '')
    .replace(/\d+/g, '0')
    .replace(/[\s─═]+/g, ' ');

/** What only a frame that is drawn whole has: the rest of the screen is erased behind it (ED, ECMA-48). */
const wholeFrame = '\x1b[J';

/** Resolves once all that was typed before has been acted upon: the redraw is seen in what the program writes. */
const processed = async (terminal: Terminal): Promise<void> => {
  const drawn = () => terminal.raw().toString('latin1').split(wholeFrame).length;
  const before = drawn();
  terminal.type(keyBytes('ctrl-l'));
  await until(terminal, () => drawn() > before, 'a redraw');
};

/** Resolves once what was typed has been acted upon, where the screen is then as it was before. */
export const expectStill = async (terminal: Terminal, before: string, typed: string): Promise<void> => {
  await processed(terminal);
  const what = `after ${typed} the screen of before, which was\n${before}\n,`;
  await until(terminal, screen => still(screen) === still(before), what);
};

/** Writes over the screen from outside, as a message of `write` or `wall` does; the cursor stays where it is. */
export const scribble: Step = {
  does: terminal => writeOn(terminal, '\x1b7\x1b[36;100Hscribbled over\x1b8'),
};
