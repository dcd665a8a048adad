import { spawn } from 'node:child_process';
import { t } from '../../core/words/translate.ts';

/** Terminals cut OSC 52 off at some length; 74,994 base64 characters is what xterm takes (ctlseqs). */
const longestOsc52 = 74_994;

/** Programs that take the clipboard's new text on standard input, by the display they need. */
const tools = (): readonly (readonly string[])[] => {
  if (process.platform === 'darwin') return [['pbcopy']];
  if (process.platform === 'win32') return [['clip']];
  if (process.env.WAYLAND_DISPLAY) return [['wl-copy']];
  if (process.env.DISPLAY)
    return [
      ['xclip', '-selection', 'clipboard'],
      ['xsel', '--clipboard', '--input'],
    ];
  return [];
};

const pipeTo = ([command, ...args]: readonly string[], text: string): Promise<boolean> =>
  new Promise(resolve => {
    const child = spawn(command!, args, { stdio: ['pipe', 'ignore', 'ignore'] });
    child.once('error', () => resolve(false));
    child.once('exit', code => resolve(code === 0));
    child.stdin.on('error', () => resolve(false));
    child.stdin.end(text);
  });

/**
 * Copies through the terminal (OSC 52, which also works over ssh) and a native tool where there is one. Answers
 * with a sentence on what is known of it: a terminal never says whether it obeyed.
 */
export const copyText = async (text: string, write: (sequence: string) => void): Promise<string> => {
  const size = t`${Buffer.byteLength(text)} bytes`;
  for (const tool of tools()) if (await pipeTo(tool, text)) return t`copied ${size} with ${tool[0]}`;
  const encoded = Buffer.from(text).toString('base64');
  if (encoded.length > longestOsc52)
    return t`not copied: ${size} are more than a terminal takes through OSC 52`;
  write(`\x1b]52;c;${encoded}\x07`);
  return t`${size} handed to the terminal (OSC 52); if nothing can be pasted, it does not allow copying`;
};
